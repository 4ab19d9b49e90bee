import { call } from '../audiences/call.js';
import { idIn } from './ntfy.js';
import { type Page, pageWords } from './page.js';
import type { Way } from './way.js';

/** https://gotify.net/docs/pushmsg: from 8 on the telephone makes a noise and shows it over what is open. */
const urgent = 10;

/** https://gotify.net/docs/msgextras for where a press leads. */
export async function byGotify(way: Extract<Way, { via: 'gotify' }>, page: Page, signal: AbortSignal): Promise<string> {
  const { title, text } = pageWords(page);
  const { link } = page;
  const message = {
    title,
    message: link === null ? text : `${text}\n\n${link}`,
    priority: urgent,
    ...(link !== null && { extras: { 'client::notification': { click: { url: link } } } }),
  };
  const headers = { 'content-type': 'application/json', 'x-gotify-key': way.token };
  const url = `${way.url.replace(/\/+$/, '')}/message`;
  return idIn(await call({ url, method: 'POST', headers, body: JSON.stringify(message), now: page.now }, signal));
}
