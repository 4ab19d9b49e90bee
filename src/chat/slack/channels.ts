import { literal } from '../../messages/literal.js';
import { type AdapterParts, DeliveryError, type OpenChannel } from '../platform.js';
import type { Channel } from './answers.js';
import type { SlackApi } from './api.js';
import { channelMark, laterMark, type Opened, openedIn } from './people.js';
import { codeOf } from './refusals.js';

/** Longest topic and purpose: https://docs.slack.dev/reference/methods/conversations.setTopic */
const headLength = 250;
/** Longest name that others can build on; Slack takes 80. */
const nameLength = 64;
/** A name taken so often is taken on purpose. */
const suffixesAtMost = 50;
/** Pages of a thousand channels that are looked through for one that was made without our hearing of it. */
const listPagesAtMost = 10;
const clocksDifferByMs = 5 * 60_000;

/** Text at the head of a channel; Slack would read mentions and links in it. */
export const headText = (value: string): string =>
  literal(value, headLength - 10)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/@(?=\S)/g, '@\u2060')
    .slice(0, headLength);

/** Does it, and once more after joining, where Muster is not in a channel that anybody may join. */
export async function joining<T>(api: SlackApi, channel: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (codeOf(error) !== 'not_in_channel') throw error;
    try {
      await api.call('conversations.join', { channel });
    } catch (refused) {
      // A private channel refuses to be joined in several words; what a person must do is in the first error.
      if (refused instanceof DeliveryError && refused.permanent && codeOf(refused) !== 'is_archived') throw error;
      throw refused;
    }
    return act();
  }
}

/** What a channel or a message can be without: refused, it is noted, and all else goes on. */
export async function optional(
  log: AdapterParts['log'],
  channel: string,
  without: string,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DeliveryError && error.permanent && error.of === 'message')) throw error;
    log.warn({ err: error, channel }, without);
  }
}

export interface Opening {
  /** Each key once. */
  open(request: OpenChannel): Promise<string>;
  /** Calls the user groups into a channel where that has not worked yet. */
  callGroups(channel: string): Promise<void>;
}

export function opening(
  api: SlackApi,
  { marks, log, now }: Pick<AdapterParts, 'marks' | 'log' | 'now'>,
  groupsInto: (channel: string) => Promise<void>,
): Opening {
  const inTurn = turns();

  async function open(request: OpenChannel): Promise<string> {
    const mark = await marks.read(channelMark(request.key));
    const opened = mark === null ? await make(request) : openedIn(mark);
    await finish(request, opened);
    return opened.id;
  }

  async function make(request: OpenChannel): Promise<Opened> {
    const attempt = `opening/${request.key}`;
    const tried = await marks.read(attempt);
    if (tried === null) await marks.write(attempt, String(now()));
    for (let suffix = 1; suffix <= suffixesAtMost; suffix++) {
      const name = suffixed(request.name, suffix);
      const id = (await created(name, request.private)) ?? (tried && (await ours(name, request.key, Number(tried))));
      if (!id) continue;
      // Whose it is comes first: a channel made for one key is never taken for another's.
      await marks.write(`key/${id}`, request.key);
      const [, first] = /^(incident\/[^/]+)\/./.exec(request.key) ?? [];
      if (first) await marks.write(laterMark(first), request.key);
      // The channels that exist once are no incident's: nobody is called into them.
      const called = !request.private && request.key.startsWith('incident/');
      return noted(request.key, { id, todo: called ? ['purpose', 'groups'] : ['purpose'] });
    }
    throw new DeliveryError(`Slack has channels of the name ${request.name} and of ${suffixesAtMost} like it.`, {
      permanent: true,
    });
  }

  async function noted(key: string, opened: Opened): Promise<Opened> {
    await marks.write(channelMark(key), JSON.stringify(opened));
    return opened;
  }

  async function created(name: string, isPrivate: boolean): Promise<string | null> {
    try {
      return (await api.call('conversations.create', { name, is_private: isPrivate })).channel.id;
    } catch (error) {
      if (codeOf(error) === 'name_taken') return null;
      throw error;
    }
  }

  /** The channel of this name that an earlier try has made without our hearing of it. */
  async function ours(name: string, key: string, sinceAt: number): Promise<string | null> {
    const { user_id: me } = await api.call('auth.test');
    const found = await listed(name);
    if (!found || found.creator !== me || (found.created ?? 0) * 1_000 < sinceAt - clocksDifferByMs) return null;
    const owner = await marks.read(`key/${found.id}`);
    return owner === null || owner === key ? found.id : null;
  }

  async function listed(name: string): Promise<Channel | null> {
    let cursor: string | undefined;
    for (let page = 0; page < listPagesAtMost; page++) {
      const answer = await api.call('conversations.list', {
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: 999,
        ...(cursor ? { cursor } : {}),
      });
      const found = answer.channels.find((each) => each.name === name);
      if (found) return found;
      cursor = answer.response_metadata?.next_cursor;
      if (!cursor) break;
    }
    return null;
  }

  async function finish({ key, purpose, title }: OpenChannel, opened: Opened): Promise<void> {
    if (!opened.todo?.includes('purpose')) return;
    const words = headText([title, purpose].filter(Boolean).join(' · '));
    await optional(log, opened.id, 'a Slack channel is without its purpose', () =>
      joining(api, opened.id, () => api.call('conversations.setPurpose', { channel: opened.id, purpose: words })),
    );
    const todo = opened.todo.filter((each) => each !== 'purpose');
    await noted(key, { id: opened.id, todo });
    await groups(key, { id: opened.id, todo });
  }

  /** An incident goes on without them: it is tried again with the next people who are asked in. */
  async function groups(key: string, { id, todo }: Opened): Promise<void> {
    if (!todo?.includes('groups')) return;
    try {
      await groupsInto(id);
    } catch (error) {
      log.warn({ err: error, channel: id }, 'the user groups could not be called into a Slack channel');
      if (!(error instanceof DeliveryError && error.permanent)) return;
    }
    await noted(key, { id });
  }

  return {
    open: (request) => inTurn(`key/${request.key}`, () => inTurn(`name/${request.name}`, () => open(request))),
    async callGroups(channel) {
      const key = await marks.read(`key/${channel}`);
      const mark = key === null ? null : await marks.read(channelMark(key));
      if (key !== null && mark !== null) await groups(key, openedIn(mark));
    },
  };
}

/** One after the other under one name; different names at once. */
export function turns(): <T>(name: string, act: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, act) => {
    const before = last.get(name) ?? Promise.resolve();
    const mine = before.then(act, act);
    const settled = mine.catch(() => {});
    last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (last.get(name) === settled) last.delete(name);
    }
  };
}

function suffixed(name: string, n: number): string {
  if (n === 1) return name.slice(0, nameLength);
  const suffix = `-${n}`;
  return `${name.slice(0, nameLength - suffix.length)}${suffix}`;
}
