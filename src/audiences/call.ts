import { DeliveryError } from '../chat/platform.js';
import { literal } from '../messages/literal.js';
import { waitAtMostMs } from './audience.js';

const answerAtMostBytes = 16 * 1024;
/** Asks to wait, or says that it is not the call's fault. */
const notNow = new Set([408, 409, 425, 429]);

export interface Call {
  url: string;
  method: 'POST' | 'PUT' | 'GET';
  headers: Record<string, string>;
  body: string | null;
  /** ms since the epoch. */
  now: number;
}

/** One call to an address outside. 2xx is taken and what it answers given back; a redirect is not followed. @throws DeliveryError */
export async function call({ url, method, headers, body, now }: Call, signal: AbortSignal): Promise<string> {
  // The address may hold a secret: only its host is said.
  const host = new URL(url).host;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method, redirect: 'manual', signal, headers, body });
    text = await beginning(response);
  } catch (cause) {
    throw new DeliveryError(`${host} did not answer: ${reason(cause)}`, { permanent: false, cause });
  }
  if (response.ok) return text;
  const said = literal(text, 200);
  const { status } = response;
  const redirected = status >= 300 && status < 400;
  throw new DeliveryError(
    `${host} answered ${status}${redirected ? ' (redirects are not followed)' : ''}${said && `: ${said}`}`,
    { permanent: status < 500 && !notNow.has(status), ...retryAfter(response, now) },
  );
}

/** What came before the limit; the connection is kept when that was all. */
async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > answerAtMostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, answerAtMostBytes).toString('utf8');
}

/** Seconds, or a date. */
function retryAfter(response: Response, now: number): { retryAfterMs?: number } {
  const given = response.headers.get('retry-after');
  if (given === null || (response.status !== 429 && response.status !== 503)) return {};
  const ms = /^\d{1,9}$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - now;
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.min(waitAtMostMs, Math.max(1_000, ms)) };
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
