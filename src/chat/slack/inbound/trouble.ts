import { webApi } from '@slack/bolt';
import { DeliveryError } from '../../platform.js';
import { codeOf, isRefused } from '../refusals.js';

/** Slack's words for a token that no waiting mends. */
const badTokens = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
]);

export interface Trouble {
  /** What is wrong and what to do about it. */
  why: string;
  /** A person must do something: it is tried again, but seldom. */
  lasting: boolean;
  retryAfterMs: number | null;
}

/** What keeps Muster from finding out who it is at Slack. */
export function troubleOfBot(error: unknown): Trouble {
  const lasting = badTokens.has(codeOf(error) ?? '');
  const retryAfterMs = (error instanceof DeliveryError && error.retryAfterMs) || null;
  return { why: error instanceof Error ? error.message : String(error), lasting, retryAfterMs };
}

/** What keeps Muster from connecting. */
export function troubleOfSocket(error: unknown): Trouble {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return {
      why: 'Slack asks to wait before connecting again.',
      lasting: false,
      retryAfterMs: error.retryAfter * 1_000,
    };
  const code = isRefused(error) ? error.data.error : null;
  if (code !== null && badTokens.has(code))
    return {
      why: `Slack does not take the app-level token (${code}). Make one with connections:write on the app’s page and set SLACK_APP_TOKEN to it.`,
      lasting: true,
      retryAfterMs: null,
    };
  const said = code ?? (error instanceof Error ? error.message : String(error));
  return { why: `Slack cannot be connected to: ${said}`, lasting: false, retryAfterMs: null };
}
