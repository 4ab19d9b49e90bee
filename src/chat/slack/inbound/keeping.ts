import type { App } from '@slack/bolt';
import type { Message } from '../answers.js';
import { arrivalOf } from './answer.js';
import type { InboundParts } from './parts.js';
import { instantOf } from './plain-text.js';
import { messageAt, readable, saidIn } from './said.js';
import type { Self } from './self.js';

/** Messages that people mark, change and delete. Each returns when it is stored, and throws when it is not. */
export function hearMarks(app: App, parts: InboundParts): void {
  const notAfter = (context: object): number => arrivalOf(context).at + parts.pace.durableWithinMs;

  app.event('reaction_added', async ({ event, context }) => {
    if (event.item.type !== 'message' || !keeps(parts, event.reaction)) return;
    const said = await messageAt(parts, event.item.channel, event.item.ts);
    if (said) await keep(parts, event.item.channel, said, event.user, notAfter(context));
  });

  app.event('pin_added', async ({ event, context }) => {
    const { item } = event as { item: { type?: string; message?: Message } };
    if (item.type === 'message' && item.message)
      await keep(parts, event.channel_id, item.message, event.user, notAfter(context));
  });

  app.event('message', async ({ event, context }) => {
    if (event.subtype === 'message_changed') {
      const now = event.message as Message;
      const before = event.previous_message as Message | undefined;
      // Slack changes a message too when it shows what a link leads to.
      if (now.text !== before?.text || isGone(now))
        await revise(parts, event.channel, now, instantOf(event.event_ts), notAfter(context));
    }
    if (event.subtype === 'message_deleted') {
      const gone = { ...(event.previous_message as Message | undefined), ts: event.deleted_ts, subtype: 'tombstone' };
      await revise(parts, event.channel, gone, instantOf(event.event_ts), notAfter(context));
    }
  });
}

/** With or without the tone of a skin. */
export const keeps = ({ settings }: InboundParts, reaction: string): boolean =>
  settings.keepReactions.includes(reaction.split('::')[0] as string);

const isOurs = (said: Message, self: Self): boolean =>
  said.user === self.userId || (said.bot_id !== undefined && said.bot_id === self.botId);

/** What is left of a deleted message that others answered. */
export const isGone = (said: Message): boolean => said.subtype === 'tombstone';

/** Somebody marked this message. */
export async function keep(
  parts: InboundParts,
  channel: string,
  said: Message,
  userId: string,
  notAfter: number | null,
): Promise<void> {
  const self = await parts.self();
  if (isOurs(said, self) || userId === self.userId || isGone(said)) return;
  const { personId, outside } = await parts.who.person(userId);
  if (outside) return;
  const message = await saidIn(parts, channel, said);
  await parts.inbound.keep({ ...message, keptBy: personId, ...(notAfter !== null && { notAfter }) });
}

/** This message is now like this, or gone. */
export async function revise(
  parts: InboundParts,
  channel: string,
  said: Message,
  at: number,
  notAfter: number | null,
): Promise<void> {
  if (isOurs(said, await parts.self())) return;
  const text = isGone(said) ? null : await readable(parts, said.text ?? '');
  await parts.inbound.revise({
    platform: parts.platform,
    channel,
    message: said.ts,
    text,
    at,
    ...(notAfter !== null && { notAfter }),
  });
}
