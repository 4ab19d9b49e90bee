import { call } from '../audiences/call.js';
import { type Page, pageWords } from './page.js';
import type { Way } from './way.js';

/** https://docs.ntfy.sh/publish/#limitations: a longer message becomes an attachment. */
const messageAtMostBytes = 4_096;
/** https://docs.ntfy.sh/publish/#message-priority: bursts of vibration, and over "do not disturb" where that is allowed. */
const urgent = 5;

/** Publishes as JSON: https://docs.ntfy.sh/publish/#publish-as-json */
export async function byNtfy(way: Extract<Way, { via: 'ntfy' }>, page: Page, signal: AbortSignal): Promise<string> {
  const { title, text } = pageWords(page);
  const { link } = page;
  const message = {
    topic: way.topic,
    title,
    message: Buffer.from(text).subarray(0, messageAtMostBytes).toString('utf8'),
    priority: urgent,
    tags: ['rotating_light'],
    ...(link !== null && { click: link, actions: [{ action: 'view', label: 'Acknowledge', url: link, clear: true }] }),
  };
  const headers = {
    'content-type': 'application/json',
    ...(way.token !== null && { authorization: `Bearer ${way.token}` }),
  };
  const answer = await call(
    { url: way.url, method: 'POST', headers, body: JSON.stringify(message), now: page.now },
    signal,
  );
  return idIn(answer);
}

/** What the server calls the message, where it says so. */
export function idIn(answer: string): string {
  try {
    const { id } = JSON.parse(answer) as { id?: unknown };
    return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 100) : '';
  } catch {
    // Taken all the same: a proxy may answer with words of its own.
    return '';
  }
}
