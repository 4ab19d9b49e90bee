import { z } from 'zod';
import { makeAlert } from '../make.js';
import { text } from '../shapes.js';
import { defineSource } from '../source.js';

const payload = z.object({
  summary: z.string().min(1),
  details: text,
  action: text,
  dedup: text,
  severity: text,
  service: text,
});

/** What is sent to GoAlert's generic API: only the address and the token change. */
export const goalertGeneric = defineSource({
  kind: 'goalert-generic',
  sender: "Senders to GoAlert's generic API",
  authentication: 'token (?token=)',
  episode: 'proven',
  takes: { bodies: ['form', 'multipart'] },
  payload,
  alerts(body, about) {
    // Uptime Kuma's "[name] [🔴 Down] …" carries no `dedup`, and another summary at the end.
    const [, monitor = null] = /^\[([^\]]+)\] \[[^\]]+\]/.exec(body.summary) ?? [];
    return [
      makeAlert(about, {
        key: body.dedup ? ['dedup', body.dedup] : [monitor ?? body.summary],
        firing: body.action?.trim().toLowerCase() !== 'close',
        name: [monitor, body.summary],
        summary: body.summary,
        service: [body.service, monitor],
        severity: body.severity,
        annotations: { details: body.details },
        links: { Source: /https?:\/\/\S+/.exec(body.details ?? '')?.[0] },
      }),
    ];
  },
  answer: () => ({ status: 204 }),
});
