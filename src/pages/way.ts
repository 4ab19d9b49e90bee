import type { Severity } from '../incident/state.js';

/** One way to call a person, as configured. Secrets are read already. */
export type Way = {
  /** Stable within a person: `chat`, `ntfy`, `ntfy-2`, `webhook-sms`. */
  id: string;
  /** null: of any. */
  severities: Severity[] | null;
  /** Only when they have not answered by then, or no earlier way took the page. */
  afterMs: number;
} & Reach;

export type Reach =
  | { via: 'chat' }
  | { via: 'mail' }
  | { via: 'push' }
  /** `token` null: the server asks for none. */
  | { via: 'ntfy'; url: string; topic: string; token: string | null }
  | { via: 'gotify'; url: string; token: string }
  | { via: 'pagerduty'; url: string; routingKey: string }
  | { via: 'webhook'; name: string };

/** What a page is to a service that has a way of its own to be asked; texts are Handlebars. */
export interface PageWebhook {
  name: string;
  url: string;
  method: 'POST' | 'PUT' | 'GET';
  headers: Record<string, string>;
  /** A text, or values by name that are written as its content type says; null: none. */
  body: string | Record<string, string> | null;
  basic: { user: string; password: string } | null;
  /** By the names the texts use. */
  secrets: Record<string, string>;
}

const everywhere = { severities: null, afterMs: 0 };
const defaults = {
  chat: { id: 'chat', via: 'chat', ...everywhere },
  mail: { id: 'mail', via: 'mail', ...everywhere },
  push: { id: 'push', via: 'push', ...everywhere },
} as const satisfies Record<string, Way>;

/**
 * The ways to use now, the first to be tried first. Somebody without any of their own for this severity is called by
 * chat, and by mail and push where there is an address.
 */
export function waysFor(
  severity: Severity | null,
  { ways, mail, push }: { ways: readonly Way[]; mail: boolean; push: boolean },
): Way[] {
  const own = ways.filter(
    ({ severities }) => severities === null || (severity !== null && severities.includes(severity)),
  );
  const used =
    own.length > 0 ? own : [defaults.chat, ...(mail ? [defaults.mail] : []), ...(push ? [defaults.push] : [])];
  return [...used].sort((a, b) => a.afterMs - b.afterMs);
}
