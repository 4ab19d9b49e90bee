import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';
import { epoch } from '../times.js';

const payload = z.looseObject({
  message_type: z.string(),
  entity_id: text,
  entity_display_name: text,
  state_message: text,
  state_start_time: text,
  monitoring_tool: text,
  alert_url: text,
  service: text,
  host_name: text,
});

const words = /^(?:critical|warning|info)$/i;

/** The REST endpoint of VictorOps (Splunk On-Call), for whatever can page through it. */
export const victoropsRest = defineSource({
  kind: 'victorops-rest',
  sender: 'VictorOps REST',
  authentication: 'token in the path, before the routing key',
  episode: 'proven',
  tokenPath: true,
  payload,
  alerts(said, about) {
    const message = said.state_message ?? '';
    const labels = labelsIn(message);
    const [, source] = /^Source: (https?:\S+)/m.exec(message) ?? [];
    const { routing_key: routing } = about.query;
    return [
      makeAlert(about, {
        key: [said.entity_id ?? said.entity_display_name],
        firing: !/^(?:recovery|ok|resolved)$/i.test(said.message_type),
        startsAt: epoch(said.state_start_time),
        name: [said.entity_display_name?.replace(/^\[(?:FIRING|RESOLVED)[^\]]*\] */, ''), said.entity_id],
        summary: [said.entity_display_name, said.entity_id],
        service: [said.service, labels.service],
        host: [said.host_name, labels.instance],
        severity: words.test(said.message_type) ? said.message_type : null,
        labels: {
          ...labels,
          routing_key: routing,
          monitoring_tool: said.monitoring_tool,
          message_type: said.message_type,
        },
        annotations: { description: message },
        links: { Alert: said.alert_url, Source: source },
      }),
    ];
  },
  answer: ({ alerts }) => ({ status: 200, body: { result: 'success', entity_id: alerts[0]?.fingerprint ?? '' } }),
});

/** Those that Alertmanager's usual text says of its first alert. */
const labelsIn = (message: string): Record<string, string> =>
  Object.fromEntries(
    [...message.slice(0, 20_000).matchAll(/^ - ([A-Za-z_]\w*) = (.*)$/gm)]
      .reverse()
      .map(([, name = '', value = '']) => [name, value]),
  );
