import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch, moment } from '../times.js';

const payload = z.object({
  check_id: text,
  check_name: text,
  check_type: text,
  check_params: part({ hostname: text, full_url: text, url: text }),
  current_state: z.string(),
  previous_state: text,
  importance_level: text,
  state_changed_timestamp: text,
  state_changed_utc_time: text,
  description: text,
  long_description: text,
  custom_message: text,
  tags: list(text, 64),
  first_probe: part({ location: text }),
});

/** Pingdom: uptime and transaction checks. */
export const pingdom = defineSource({
  kind: 'pingdom',
  sender: 'Pingdom',
  authentication: 'token in the address',
  episode: 'proven',
  payload,
  alerts(said, about) {
    const state = said.current_state.toUpperCase();
    if (state === 'PAUSED' || state === 'UNKNOWN')
      return { name: `${said.check_name}: ${state}`, why: 'the check is not measured' };
    const firing = state !== 'UP' && state !== 'SUCCESS';
    const at = epoch(said.state_changed_timestamp) ?? moment(said.state_changed_utc_time);
    const { check_params: of } = said;
    return [
      makeAlert(about, {
        key: [said.check_id ?? said.check_name],
        firing,
        ...(firing ? { startsAt: at } : { endsAt: at }),
        name: said.check_name,
        summary: [said.check_name, said.description ?? state].filter(Boolean).join(': '),
        service: said.check_name,
        host: of?.hostname,
        severity: said.importance_level,
        labels: { state, type: said.check_type, tags: said.tags.join(', '), probe: said.first_probe?.location },
        annotations: { description: said.long_description, message: said.custom_message },
        links: { Checked: of?.full_url ?? of?.url },
      }),
    ];
  },
});
