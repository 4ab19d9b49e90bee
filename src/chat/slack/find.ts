import type { Answers, Message } from './answers.js';
import type { SlackApi } from './api.js';

/** What kind of metadata goes with everything Muster posts. */
export const eventType = 'muster_message';

/** What goes with one message of a post. */
export interface Tag extends Record<string, unknown> {
  key: string;
  /** Its place among the messages of the post, from 0. */
  part: number;
  parts: number;
  /** What it says, as a short hash: the same again need not be said again. */
  print: string;
  /** The post is to be pinned. */
  pin?: boolean;
}

/** One message of a post, as it stands in the channel. */
export interface Standing {
  ts: string;
  tag: Tag;
  pinned: boolean;
}

/** How far back a post is looked for, and in how many pages: what was said before is not looked at. */
const lookBackMs = 24 * 60 * 60_000;
const pagesAtMost = 10;
/** https://docs.slack.dev/reference/methods/conversations.history takes 999 and recommends no more than 200. */
const perPage = 200;

/** Between this clock and Slack's. */
const clocksDifferByMs = 60 * 60_000;

/** What a channel has of late, newest first, page by page. */
export async function* recent(api: SlackApi, channel: string, now: number): AsyncGenerator<Message[]> {
  const oldest = ((now - lookBackMs) / 1_000).toFixed(6);
  // Without an end Slack begins with what is closest to the beginning.
  const latest = ((now + clocksDifferByMs) / 1_000).toFixed(6);
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost; page++) {
    const answer = await api.call('conversations.history', {
      channel,
      oldest,
      latest,
      limit: perPage,
      include_all_metadata: true,
      ...(cursor ? { cursor } : {}),
    });
    yield answer.messages;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return;
  }
}

/** Who Muster is among those who post; any app can write what it likes beside its own messages. */
export type Me = Pick<Answers['auth.test'], 'user_id' | 'bot_id'>;

const isOurs = ({ user, bot_id }: Message, me: Me): boolean =>
  user === me.user_id || (bot_id !== undefined && bot_id === me.bot_id);

/** The messages that were posted by `me` under this key, by their part; of two with one part the older. */
export async function standingUnder(
  api: SlackApi,
  me: Me,
  { channel, key, now }: { channel: string; key: string; now: number },
): Promise<Standing[]> {
  const found = new Map<number, Standing>();
  let first = false;
  for await (const page of recent(api, channel, now)) {
    for (const message of page) {
      const tag = tagOf(message);
      if (tag?.key !== key || !isOurs(message, me)) continue;
      found.set(tag.part, { ts: message.ts, tag, pinned: message.pinned_to?.includes(channel) ?? false });
      first ||= tag.part === 0;
    }
    // The first part was posted first, so that nothing of it stands before.
    if (first) break;
  }
  return [...found.values()].sort((a, b) => a.tag.part - b.tag.part);
}

function tagOf({ metadata }: Message): Tag | null {
  const payload = metadata?.event_type === eventType ? metadata.event_payload : undefined;
  if (typeof payload?.key !== 'string' || typeof payload.part !== 'number' || typeof payload.parts !== 'number')
    return null;
  return { ...payload, print: String(payload.print) } as Tag;
}

/** Whether all of a post is there. */
export const isWhole = (standing: readonly Standing[]): boolean =>
  standing.length > 0 &&
  standing.length === standing[0]?.tag.parts &&
  standing.every(({ tag }, part) => tag.part === part && tag.parts === standing.length);
