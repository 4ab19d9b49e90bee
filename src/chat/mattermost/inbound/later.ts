import type { Reply } from '../../platform.js';
import { Answered } from '../client.js';
import type { InboundParts } from './parts.js';
import { commandAnswer, plainAnswer } from './shown.js';

/** What of a slash command's `response_url` is its own; where it leads is the server Muster knows. null: there is none. */
export const hookIn = (responseUrl: string): string | null =>
  /\/hooks\/commands\/([a-z0-9]{26})$/.exec(responseUrl)?.[1] ?? null;

/** Answers a slash command afterwards. @throws when the server does not take it. */
export async function tellHook(parts: InboundParts, hook: string, reply: Reply, account: string): Promise<void> {
  const { doFetch } = parts.client as unknown as { doFetch(url: string, options: object): Promise<unknown> };
  try {
    await doFetch(`${parts.settings.url}/hooks/commands/${hook}`, {
      // The client says that it is JSON. Said twice, the server takes it for plain text.
      method: 'post',
      body: JSON.stringify(commandAnswer(parts, reply, account)),
    });
  } catch (error) {
    // It says yes in a word, not in JSON.
    if (!(error instanceof Answered) || error.status !== 200) throw error;
  }
}

/**
 * Shows something to one person alone where no answer can carry it. Most servers let only their admins do so; then what
 * was done is seen in the channel.
 */
export async function whisper(
  parts: InboundParts,
  channel: string | null,
  account: string,
  reply: Reply,
): Promise<void> {
  if (channel === null) return;
  try {
    await parts.client.createPostEphemeral(account, { channel_id: channel, message: plainAnswer(reply) } as Parameters<
      typeof parts.client.createPostEphemeral
    >[1]);
  } catch (error) {
    if (!(error instanceof Answered) || error.status !== 403) throw error;
  }
}
