import { createHash } from 'node:crypto';
import { DeliveryError } from '../platform.js';
import type { SlackApi } from './api.js';
import type { SlackMessage } from './blocks.js';
import { joining } from './channels.js';
import { eventType, type Standing, type Tag } from './find.js';
import { codeOf } from './refusals.js';

/** A job has 10 s: what is left of a long post by then follows with its next try. */
const layWithinMs = 6_000;

/** A post as it is to stand in a channel. */
interface Laid {
  channel: string;
  key: string;
  pin: boolean;
  messages: readonly SlackMessage[];
}

/** Told of each message as soon as it stands, so that what comes after a failure begins there. */
type Stands = (part: number, standing: Standing) => void;

/**
 * Makes a post stand as it should, given what of it stands: what is missing is posted, what says something else is
 * changed, what is left over is taken away. @returns the messages in their order.
 */
export async function lay(
  api: SlackApi,
  { channel, key, pin, messages }: Laid,
  standing: ReadonlyMap<number, Standing>,
  { stands = () => {}, now }: { stands?: Stands; now: () => number },
): Promise<string[]> {
  const out: string[] = [];
  const until = now() + layWithinMs;
  for (const [part, message] of messages.entries()) {
    if (part > 0 && now() > until) throw notYet(part, messages.length);
    const tag: Tag = {
      key,
      part,
      parts: messages.length,
      print: printOf(message, messages.length),
      ...(pin ? { pin } : {}),
    };
    const body = { channel, ...message, metadata: { event_type: eventType, event_payload: tag } };
    const there = standing.get(part);
    const kept = there && (there.tag.print === tag.print || (await changed(api, body, there.ts, part)));
    const ts = kept ? there.ts : (await joining(api, channel, () => api.call('chat.postMessage', body))).ts;
    stands(part, { ts, tag, pinned: false });
    out.push(ts);
  }
  for (const [part, { ts }] of standing) if (part >= messages.length) await removed(api, channel, ts);
  return out;
}

const notYet = (part: number, parts: number): DeliveryError =>
  new DeliveryError(`${part} of ${parts} parts of a long message are in Slack; the rest follows.`, {
    permanent: false,
    of: 'channel',
    retryAfterMs: 1_000,
  });

/** False: a part after the first is gone, somebody has deleted it, and is posted again. */
async function changed(api: SlackApi, body: { channel: string }, ts: string, part: number): Promise<boolean> {
  try {
    await joining(api, body.channel, () => api.call('chat.update', { ...body, ts }));
    return true;
  } catch (error) {
    if (part > 0 && codeOf(error) === 'message_not_found') return false;
    throw error;
  }
}

export async function removed(api: SlackApi, channel: string, ts: string): Promise<void> {
  try {
    await api.call('chat.delete', { channel, ts });
  } catch (error) {
    if (codeOf(error) !== 'message_not_found') throw error;
  }
}

const printOf = (message: SlackMessage, parts: number): string =>
  createHash('sha256')
    .update(`${parts} ${JSON.stringify(message)}`)
    .digest('base64url')
    .slice(0, 16);
