import { z } from 'zod';
import { signedBody } from '../authentic.js';
import { makeAlert } from '../make.js';
import { part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const word = z
  .unknown()
  .optional()
  .transform((value): string | null => {
    const said = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value;
    return typeof said === 'string' ? said : null;
  });
const payload = z.object({
  event: z.string().min(1),
  timestamp: text,
  model: text,
  object_type: text,
  username: text,
  data: part({
    id: text,
    name: text,
    display: text,
    display_url: text,
    url: text,
    description: text,
    status: word,
    error: text,
  }),
  snapshots: part({ prechange: part({ status: word }), postchange: part({ status: word }) }),
  /** Only for links that are whole. */
  context: record,
});

const broken = new Set(['failed', 'offline', 'errored', 'error']);

/** NetBox's webhooks tell of changes; a thing marked failed or offline, and a job that failed, are alerts. */
export const netbox = defineSource({
  kind: 'netbox',
  sender: 'NetBox',
  authentication: 'HMAC-SHA512 of the body (X-Hook-Signature), or a token',
  episode: 'only a creation was found published',
  authentic: signedBody('x-hook-signature', { hash: 'sha512' }),
  takes: { methods: ['PUT'] },
  payload,
  alerts({ event, timestamp, model, object_type, username, data, snapshots }, about) {
    const thing = data?.display ?? data?.name ?? data?.id ?? 'something';
    const kind = model ?? object_type?.split('.').at(-1) ?? 'object';
    const change = {
      name: `${kind} ${thing} ${event}`,
      why: `A change in the inventory${username ? ` by ${username}` : ''}, no failure.`,
    };
    const [, jobEvent = null] = /^job_(\w+)$/.exec(event) ?? [];
    const now =
      jobEvent === 'completed' || jobEvent === 'started' || jobEvent === 'start'
        ? jobEvent
        : (jobEvent ?? snapshots?.postchange?.status ?? data?.status ?? null);
    const was = snapshots?.prechange?.status ?? null;
    const fires = now !== null && broken.has(now) && event !== 'deleted';
    const over = jobEvent === 'completed' || (was !== null && broken.has(was) && !fires);
    if (!fires && !over) return change;
    const at = moment(timestamp);
    return [
      makeAlert(about, {
        key: [jobEvent ? 'job' : kind, jobEvent ? (data?.name ?? thing) : (data?.id ?? thing)],
        firing: fires,
        startsAt: fires ? at : null,
        endsAt: at,
        name: jobEvent ? `Job ${thing}` : `${kind} ${thing}`,
        summary: [data?.error, `${kind} ${thing} is ${now ?? event}`],
        host: kind === 'device' || kind === 'virtualmachine' ? thing : null,
        severity: fires ? 'warning' : null,
        labels: { model: kind, ...(now && { status: now }), ...(username && { username }) },
        annotations: { description: data?.description },
        links: { NetBox: data?.display_url ?? data?.url },
      }),
    ];
  },
});
