import { createHash } from 'node:crypto';
import type { App } from '@slack/bolt';
import { arrivalOf, shownReply, unrecorded } from './answer.js';
import { ask } from './ask.js';
import type { Arrival, InboundParts } from './parts.js';
import { typed } from './said.js';

/** Slack delivers an event so often again. */
const lastRetry = 3;

interface Said {
  user: string;
  channel: string;
  ts: string;
  text: string;
  thread_ts?: string;
}

/** A line said to Muster: in a channel by its name, or in a direct message. A thread is answered in the thread. */
export function hearMentions(app: App, parts: InboundParts): void {
  app.event('app_mention', async ({ event, context }) => {
    // A line counts as it was first said.
    if (!event.user || event.bot_id || event.edited) return;
    const { user, channel, ts, text, thread_ts } = event;
    await heard(
      parts,
      { user, channel, ts, text, ...(thread_ts && { thread_ts }) },
      arrivalOf(context),
      context.retryNum ?? 0,
      'whisper',
    );
  });

  app.message(async ({ message, context }) => {
    if (message.channel_type !== 'im' || (message.subtype !== undefined && message.subtype !== 'file_share')) return;
    const { user, channel, ts, text = '', thread_ts } = message;
    if (!user || ('bot_id' in message && message.bot_id)) return;
    await heard(
      parts,
      { user, channel, ts, text, ...(thread_ts && { thread_ts }) },
      arrivalOf(context),
      context.retryNum ?? 0,
      'message',
    );
  });
}

/** @throws when it is not recorded: Slack delivers it again, and whoever said it is told when it does no longer. */
async function heard(
  parts: InboundParts,
  said: Said,
  arrival: Arrival,
  retry: number,
  how: 'whisper' | 'message',
): Promise<void> {
  const { userId: bot } = await parts.self();
  const outcome = await ask(
    parts,
    {
      id: `said-${said.channel}-${said.ts}-${createHash('sha256').update(said.text).digest('base64url').slice(0, 16)}`,
      userId: said.user,
      channel: said.channel,
      incidentId: null,
      spoken: true,
      line: () => typed(parts, said.text.replace(new RegExp(`<@${bot}(\\|[^>]*)?>`, 'g'), ' ')),
      arrival,
    },
    null,
  );
  const answer = async (reply: Parameters<typeof shownReply>[1]): Promise<void> => {
    const where = { channel: said.channel, ...(said.thread_ts && { thread_ts: said.thread_ts }) };
    for (const message of await shownReply(parts, reply))
      await (how === 'whisper'
        ? parts.calls.call('chat.postEphemeral', { ...where, user: said.user, ...message }, 10_000)
        : parts.calls.call('chat.postMessage', { ...where, ...message }, 10_000));
  };
  if (outcome.kind === 'reply') return parts.later('the answer to a mention', answer(outcome.reply));
  if (retry >= lastRetry) parts.later('the answer to a mention', answer(unrecorded));
  throw outcome.kind === 'notRecorded' ? outcome.error : new Error('What was said to Muster is not stored yet.');
}
