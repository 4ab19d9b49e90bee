import { createHash, createHmac } from 'node:crypto';
import type { NoticeKind } from '../incident/audiences.js';
import type { AudienceKind } from '../incident/state.js';
import type { Notice } from '../messages/notice.js';
import { markdown, plainText } from '../messages/plain.js';
import { publicPage, statusPage } from './audience.js';
import { call } from './call.js';
import type { WebhookBody } from './webhook-shape.js';

/** What the `type` of a call says. */
const types: Record<NoticeKind, WebhookBody['type']> = {
  declared: 'incident.declared',
  reached: 'incident.reached',
  update: 'incident.updated',
  severity: 'incident.severity_changed',
  resolved: 'incident.resolved',
  reopened: 'incident.reopened',
  closed: 'incident.closed',
  published: 'incident.published',
};

const executive = (kind: AudienceKind, { card, brief }: Notice) => (kind === 'executives' ? (brief ?? card) : card);

/** The body of a call; described in docs/webhooks.md. Times are ms since the epoch, but for `timestamp`. */
export function webhookBody(notice: Notice, publicUrl: string, kind: AudienceKind = 'stakeholders'): WebhookBody {
  const { at, kind: told, seq, number, title, status, severity, severityWas, services, automatic, update } = notice;
  const card = executive(kind, notice);
  return {
    type: types[told],
    timestamp: new Date(at).toISOString(),
    data: {
      sequence: seq,
      incident: {
        number,
        title,
        status,
        severity,
        severityWas,
        services,
        startedAt: notice.startedAt,
        declaredAt: notice.declaredAt,
        resolvedAt: notice.resolvedAt,
        url: (told === 'published' ? publicPage : statusPage)(publicUrl, number),
      },
      automatic,
      update: update && {
        number: update.number,
        text: update.text,
        impact: update.impact,
        workaround: update.workaround,
        expectedAt: update.expectedAt,
        doing: update.doing,
        nextUpdateAt: update.nextAt,
      },
      summary: card.summary,
      text: plainText(card),
      markdown: markdown(card),
    },
  };
}

/**
 * The same on every try; without a dot, which parts what is signed. `at` tells it from the event that a restored ledger
 * writes under the number of a lost one: a receiver that has seen the lost one must not take it for a repeat.
 */
export const webhookId = (jobKey: string, at: number): string =>
  `msg_${createHash('sha256').update(`${jobKey}\n${at}`).digest('base64url').slice(0, 32)}`;

const secretBytesAtLeast = 24;
const secretBytesAtMost = 64;

/** The key in `whsec_<base64>`, or null when it is none. */
export function secretKey(secret: string): Buffer | null {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (encoded === undefined) return null;
  const key = Buffer.from(encoded, 'base64');
  const fits = key.length >= secretBytesAtLeast && key.length <= secretBytesAtMost;
  return fits && key.toString('base64').replace(/=+$/, '') === encoded.replace(/=+$/, '') ? key : null;
}

/** The headers of Standard Webhooks. Every secret signs, so that one can follow another. @param at s since the epoch */
export function signedHeaders(id: string, at: number, body: string, secrets: readonly string[]) {
  const signatures = secrets.map((secret) => {
    const key = secretKey(secret);
    if (key === null) throw new Error('A webhook’s secret is not of the form whsec_<base64>.');
    return `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signatures.join(' ') };
}

export interface WebhookCall {
  url: string;
  secrets: readonly string[];
  id: string;
  body: string;
  /** ms since the epoch; receivers refuse what is far from their own clock. */
  now: number;
  version: string;
}

/** One call. 2xx is taken; a redirect is not followed. @throws DeliveryError */
export async function callWebhook(webhook: WebhookCall, signal: AbortSignal): Promise<void> {
  const { url, id, body, now, version, secrets } = webhook;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': `Muster/${version}`,
    ...signedHeaders(id, Math.floor(now / 1_000), body, secrets),
  };
  await call({ url, method: 'POST', headers, body, now }, signal);
}
