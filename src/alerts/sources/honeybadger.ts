import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  event: z.string(),
  message: text,
  project: part({ id: text, name: text }),
  fault: part({ id: text, klass: text, message: text, environment: text, url: text }),
  notice: part({ created_at: text, url: text, environment: part({ environment_name: text, hostname: text }) }),
  site: part({ id: text, name: text, url: text, details_url: text }),
  outage: part({ down_at: text, up_at: text, reason: text }),
  check_in: part({ id: text, name: text, url: text, details_url: text, expected_at: text, reported_at: text }),
});

const begins = new Set([
  'occurred',
  'unresolved',
  'reopened',
  'rate_exceeded',
  'down',
  'check_in_missing',
  'cert_will_expire',
]);
const ends = new Set(['resolved', 'up', 'check_in_reporting']);

/** Honeybadger: errors, uptime, check-ins. */
export const honeybadger = defineSource({
  kind: 'honeybadger',
  sender: 'Honeybadger',
  authentication: 'token in the address',
  episode: 'no two bodies of one fault, site or check-in are at hand; they differ in the event',
  payload,
  alerts(said, about): Alert[] | { name: string; why: string } {
    const { event, fault, notice, site, outage, check_in: checkIn, project } = said;
    const firing = begins.has(event);
    if (!firing && !ends.has(event))
      return { name: said.message ?? `Honeybadger ${event}`, why: `${event} is no alert` };
    const what = fault
      ? ['fault', fault.id ?? fault.klass]
      : checkIn
        ? ['check-in', checkIn.id ?? checkIn.name]
        : [event === 'cert_will_expire' ? 'certificate' : 'site', site?.id ?? site?.name ?? said.message];
    return [
      makeAlert(about, {
        // Bodies of an end leave the project out.
        key: what,
        firing,
        ...(firing
          ? { startsAt: moment(notice?.created_at) ?? moment(outage?.down_at) ?? moment(checkIn?.expected_at) }
          : { startsAt: moment(outage?.down_at), endsAt: moment(outage?.up_at) }),
        name: [fault?.klass, checkIn?.name, site?.name, said.message],
        summary: said.message,
        service: [project?.name, /^\[([^\]/]+)/.exec(said.message ?? '')?.[1], site?.name],
        host: notice?.environment?.hostname,
        labels: {
          event,
          environment: fault?.environment ?? notice?.environment?.environment_name,
          reason: outage?.reason,
        },
        annotations: { message: fault?.message },
        links: {
          Honeybadger: fault?.url ?? checkIn?.details_url ?? checkIn?.url ?? site?.details_url,
          Site: site?.url,
        },
      }),
    ];
  },
});
