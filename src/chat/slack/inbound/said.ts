import type { SaidMessage } from '../../platform.js';
import type { Message } from '../answers.js';
import { isFinal } from './calls.js';
import type { InboundParts } from './parts.js';
import { instantOf, plainText } from './plain-text.js';

/** As what is declared from it, or kept. */
export async function saidIn(parts: InboundParts, channel: string, said: Message): Promise<SaidMessage> {
  return {
    platform: parts.platform,
    channel,
    message: said.ts,
    text: await readable(parts, said.text ?? ''),
    personId: said.user && !said.bot_id ? (await parts.who.person(said.user)).personId : null,
    at: instantOf(said.ts),
  };
}

/** What was said, with people's names in it. */
export const readable = (parts: InboundParts, text: string): Promise<string> =>
  plainText(text, async (id) => (await parts.who.person(id)).name);

/** What was typed as a command. Somebody whose name is several words goes by their id there, which is one. */
export async function typed(parts: InboundParts, text: string): Promise<string> {
  const line = await plainText(text, async (id) => {
    const { personId, name } = await parts.who.person(id);
    return /\s/.test(name) ? personId : name;
  });
  return `/incident ${line.replace(/^\s*\/incident(?=\s|$)/i, '').trim()}`.trim();
}

/** One message, also one in a thread; null: it is gone, or Muster may not read there. @throws when Slack cannot be asked now. */
export async function messageAt({ calls }: InboundParts, channel: string, ts: string): Promise<Message | null> {
  const here = { channel, inclusive: true, limit: 1 };
  const find = ({ messages }: { messages?: Message[] }): Message | null =>
    messages?.find((message) => message.ts === ts) ?? null;
  try {
    const top = find(await calls.call('conversations.history', { ...here, oldest: ts, latest: ts }));
    return top ?? find(await calls.call('conversations.replies', { ...here, ts }));
  } catch (error) {
    if (isFinal(error)) return null;
    throw error;
  }
}
