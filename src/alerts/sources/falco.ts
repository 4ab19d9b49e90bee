import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { instant } from '../times.js';

const payload = z.object({
  rule: z.string().min(1),
  output: text,
  priority: text,
  time: text,
  source: text,
  hostname: text,
  tags: list(z.string(), 50),
  output_fields: record,
});

/** Falcosidekick's output "Webhook", and Falco's own `http_output`. It tells no end. */
export const falco = defineSource({
  kind: 'falco',
  sender: 'Falco',
  authentication: 'token (custom header of Falcosidekick)',
  episode: 'it tells no end: a person resolves',
  takes: { bodies: ['any'] },
  payload,
  alerts(body, about) {
    const field = (...names: string[]): string | null => {
      const value = names
        .map((name) => body.output_fields[name])
        .find((one) => typeof one === 'string' && one !== '' && one !== '<NA>');
      return typeof value === 'string' ? value : null;
    };
    const pod = field('k8s.pod.name', 'k8s_pod_name', 'ka.target.name');
    const container = field('container.name', 'container_name');
    return [
      makeAlert(about, {
        // Where it happened, and no times or process numbers: those differ with every event.
        key: [
          body.rule,
          body.hostname,
          field('k8s.ns.name', 'k8s_ns_name', 'ka.target.namespace'),
          pod ?? field('container.id', 'container_id'),
          field('proc.name', 'proc_name'),
        ],
        firing: true,
        startsAt: instant(body.time),
        name: body.rule,
        summary: body.output,
        service: [field('k8s.deployment.name', 'k8s.sts.name', 'k8s.ds.name'), container === 'host' ? null : container],
        host: [body.hostname, field('evt.hostname')],
        severity: body.priority,
        labels: {
          ...(body.source && { source: body.source }),
          ...(body.tags.length > 0 && { tags: body.tags.join(', ') }),
          ...body.output_fields,
        },
        annotations: { output: body.output },
      }),
    ];
  },
});
