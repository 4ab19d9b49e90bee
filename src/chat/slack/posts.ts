import type { AdapterParts, ChatPlatform } from '../platform.js';
import type { SlackApi } from './api.js';
import { joining, optional, turns } from './channels.js';
import { isWhole, type Me, type Standing, standingUnder } from './find.js';
import { lay, removed } from './messages.js';
import type { Pace } from './pacing.js';
import type { Knowing } from './people.js';
import { codeOf } from './refusals.js';
import { renderCard } from './render.js';

/** Posts that were begun and not finished; one that is forgotten is looked for in its channel. */
const begunAtMost = 1_000;

const refOf = (ids: readonly string[]): string => ids.join(',');

/** Posting, editing and looking for posts. A post is one message, or several when the card is long. */
export function posting(
  api: SlackApi,
  knowing: Knowing,
  { marks, now, log }: Pick<AdapterParts, 'marks' | 'now' | 'log'>,
  pace: Pick<Pace, 'now'>,
): Pick<ChatPlatform, 'post' | 'edit' | 'find'> {
  /** A look for a post waits until the post that is under way has ended, one way or the other. */
  const inTurn = turns();
  const begun = new Map<string, Map<number, Standing>>();
  const placeOf = (channel: string, key: string): string => `${channel} ${key}`;
  const partsMark = (channel: string, first: string): string => `parts/${channel}/${first}`;

  let me: Me | null = null;
  const standing = async (channel: string, key: string): Promise<Standing[]> => {
    me ??= await api.call('auth.test');
    return standingUnder(api, me, { channel, key, now: now() });
  };

  function begin(place: string, parts: Map<number, Standing>): Map<number, Standing> {
    if (begun.size >= begunAtMost) for (const [oldest] of [...begun].slice(0, begunAtMost / 10)) begun.delete(oldest);
    begun.set(place, parts);
    return parts;
  }

  const pin = (channel: string, timestamp: string): Promise<void> =>
    optional(log, channel, 'a message in Slack stands without its pin', () =>
      joining(api, channel, () => api.call('pins.add', { channel, timestamp })).catch((error: unknown) => {
        if (codeOf(error) !== 'already_pinned') throw error;
      }),
    );

  /** The first message of a post is gone: what is left of it would stand there beside the new one. */
  async function clear(channel: string, ids: readonly string[], error: unknown): Promise<never> {
    if (codeOf(error) === 'message_not_found') for (const ts of ids.slice(1)) await removed(api, channel, ts);
    throw error;
  }

  return {
    post: ({ channel, card, key, pin: pinned = false }) =>
      inTurn(placeOf(channel, key), async () => {
        const place = placeOf(channel, key);
        const parts = begun.get(place) ?? begin(place, new Map());
        const messages = renderCard(card, await knowing.knownIn(card));
        const ids = await lay(api, { channel, key, pin: pinned, messages }, new Map(parts), {
          stands: (part, standing) => parts.set(part, standing),
          now: pace.now,
        });
        if (pinned) await pin(channel, ids[0] as string);
        begun.delete(place);
        return refOf(ids);
      }),

    edit: ({ channel, message, card, key }) =>
      inTurn(placeOf(channel, key), async () => {
        const [first = message] = message.split(',');
        const current = ((await marks.read(partsMark(channel, first))) ?? message).split(',');
        const messages = renderCard(card, await knowing.knownIn(card));
        const there = new Map(current.map((ts, part) => [part, unread(ts, key, part)]));
        if (messages.length > current.length)
          for (const each of await standing(channel, key))
            if (!there.has(each.tag.part)) there.set(each.tag.part, each);
        const ids = await lay(api, { channel, key, pin: false, messages }, there, { now: pace.now }).catch((error) =>
          clear(channel, current, error),
        );
        if (refOf(ids) !== refOf(current)) await marks.write(partsMark(channel, first), refOf(ids));
      }),

    find: (channel, key) =>
      inTurn(placeOf(channel, key), async () => {
        const place = placeOf(channel, key);
        const found = await joining(api, channel, () => standing(channel, key));
        begun.delete(place);
        const [first] = found;
        if (first === undefined) return null;
        if (!isWhole(found)) {
          begin(place, new Map(found.map((each) => [each.tag.part, each])));
          return null;
        }
        if (first.tag.pin && !first.pinned) await pin(channel, first.ts);
        return refOf(found.map(({ ts }) => ts));
      }),
  };
}

/** A message of a post whose words nobody has looked at. */
const unread = (ts: string, key: string, part: number): Standing => ({
  ts,
  tag: { key, part, parts: 0, print: '' },
  pinned: false,
});
