import { z } from 'zod';
import { makeAlert } from '../make.js';
import { record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    title: z.string().min(1),
    message: text,
    severity: z.string().min(1),
    timestamp: text,
    fields: record,
    url: text,
  })
  .transform((body) => ({ ...body, severity: body.severity.toLowerCase() }));

/** Jobs that tell of every run, so that the next good one is the end of a bad one. */
const jobs = new Set([
  'vzdump',
  'replication',
  'gc',
  'verification',
  'verify',
  'sync',
  'prune',
  'tape-backup',
  'tape-load',
]);

/** Proxmox VE and Backup Server, notification target "Webhook", with the body of our page. */
export const proxmox = defineSource({
  kind: 'proxmox',
  sender: 'Proxmox',
  authentication: 'token (a header with a secret of the target)',
  episode: 'the body is a template of the reader; none was recorded',
  takes: { methods: ['PUT'], bodies: ['json-text'] },
  payload,
  alerts(body, about) {
    const field = (name: string): string | null => {
      const value = body.fields[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
    };
    const type = field('type');
    const job = field('job-id') ?? field('job_id');
    const host = field('hostname');
    const calm = body.severity === 'info' || body.severity === 'notice';
    const repeats = type !== null && jobs.has(type) && job !== null;
    if (calm && !repeats) return { name: body.title, why: `It is ${body.severity}: nothing is wrong.` };
    const at = moment(body.timestamp);
    return [
      makeAlert(about, {
        key: [type, host, job ?? body.title.replaceAll(/\d+/g, '#')],
        firing: !calm,
        startsAt: calm ? null : at,
        endsAt: at,
        name: type ?? 'Proxmox',
        summary: body.title,
        service: field('service'),
        host,
        // Mails of the system that are passed on are `unknown`.
        severity: body.severity === 'unknown' ? null : body.severity,
        labels: body.fields,
        annotations: { message: body.message },
        links: { Proxmox: body.url },
        groupHint: [type, host].filter(Boolean).join(' on '),
      }),
    ];
  },
});
