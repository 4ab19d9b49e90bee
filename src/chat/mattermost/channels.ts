import { createHash } from 'node:crypto';
import type { Destination, Inline } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import {
  type AdapterParts,
  type ChannelHead,
  type ChatPlatform,
  DeliveryError,
  destinationKey,
  type OpenChannel,
} from '../platform.js';
import { Answered, type Client } from './client.js';
import { quiet } from './escape.js';
import { line, partsOf } from './inline.js';
import { HEADER_LIMIT, NAME_LIMIT, PURPOSE_LIMIT, TITLE_LIMIT } from './limits.js';
import type { People } from './people.js';
import type { Place } from './place.js';
import type { MattermostSettings } from './settings.js';
import { delivering } from './trouble.js';

export interface Channels
  extends Required<Pick<ChatPlatform, 'openChannel' | 'invite' | 'directChannel' | 'describe' | 'archive'>> {
  /** What `~name` is of a channel that Muster has opened; null: it has not. */
  nameOf(destination: Destination): Promise<string | null>;
}

export interface ChannelParts {
  client: Client;
  place: Place;
  people: People;
  settings: Pick<MattermostSettings, 'url' | 'team'>;
  marks: AdapterParts['marks'];
  now(): number;
}

/** More channels of one name than this is somebody's mistake. */
const NAMES_AT_MOST = 99;
const NAME_KEPT_FOR = 10 * 60_000;
/** A job has 10 s: whoever is left by then is asked in with its next try. */
const INVITE_WITHIN = 6_000;
const CROWDS_AT_MOST = 100;
const MAY_NOT = 'Is it still a member of the channel?';
const TAKEN = 'store.sql_channel.save_channel.exists.app_error';
const GONE_ALREADY = 'api.channel.delete_channel.deleted.app_error';
const NO_CHANNEL = 'app.channel.get.existing.app_error';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Where the channel that was opened under a key is noted; another server, or team, has other channels. */
export const channelMark = ({ url, team }: Pick<MattermostSettings, 'url' | 'team'>, key: string): string =>
  `channel ${hash(`${url} ${team}`).slice(0, 12)} ${key}`;

export function mattermostChannels({ client, place, people, settings, marks, now }: ChannelParts): Channels {
  const opening = new Map<string, Promise<string>>();
  const names = new Map<string, { name: string | null; until: number }>();
  /** Who was asked in by a try that did not get through all of them, by channel. */
  const inside = new Map<string, Set<string>>();

  const markOf = (key: string): string => channelMark(settings, key);

  async function open(request: OpenChannel): Promise<string> {
    const mark = markOf(request.key);
    const known = await marks.read(mark);
    if (known !== null) return known;
    const id = await made(request);
    await marks.write(mark, id);
    return id;
  }

  async function made(request: OpenChannel): Promise<string> {
    const sign = signOf(request.key);
    const purpose = quiet(literal(request.purpose, PURPOSE_LIMIT - sign.length));
    const wanted = {
      team_id: await place.teamId(),
      display_name: [...literal(request.title, TITLE_LIMIT)].slice(0, TITLE_LIMIT).join('') || request.name,
      purpose: `${cutTo(purpose, PURPOSE_LIMIT - sign.length)}${sign}`,
      type: request.private ? 'P' : 'O',
    };
    const mayNot = 'It must be a member of the team, with the right to make channels.';
    for (let n = 1; n <= NAMES_AT_MOST; n++) {
      const name = numbered(request.name, n);
      const id = await delivering({ what: `make the channel ${name}`, of: 'channel', mayNot }, async () => {
        try {
          return (await client.createChannel({ ...wanted, name } as Parameters<Client['createChannel']>[0])).id;
        } catch (error) {
          if (error instanceof Answered && error.id === TAKEN) return madeBefore(wanted.team_id, name, sign);
          throw error;
        }
      });
      if (id !== null) return id;
    }
    throw new DeliveryError(`Mattermost has ${NAMES_AT_MOST} channels named like ${request.name}.`, {
      permanent: true,
      of: 'channel',
    });
  }

  /** The channel that has this name, if it was made for this key and the note of that got lost. */
  async function madeBefore(teamId: string, name: string, sign: string): Promise<string | null> {
    try {
      const { id, creator_id, purpose } = await client.getChannelByName(teamId, name, true);
      return creator_id === (await place.botId()) && purpose.endsWith(sign) ? id : null;
    } catch (error) {
      // Somebody's private channel.
      if (error instanceof Answered && error.status === 404 && error.id !== null) return null;
      throw error;
    }
  }

  /** False: this person cannot be had there. */
  async function added(channel: string, account: string): Promise<boolean> {
    const join = () => client.addToChannel(account, channel);
    try {
      await join();
      return true;
    } catch (error) {
      if (!isOfPerson(error)) throw error;
    }
    try {
      await client.addToTeam(await place.teamId(), account);
      await join();
      return true;
    } catch (error) {
      if (isOfPerson(error) || (error instanceof Answered && error.status === 403)) return false;
      throw error;
    }
  }

  return {
    async openChannel(request) {
      const before = opening.get(request.key);
      if (before) return before;
      const now = open(request).finally(() => opening.delete(request.key));
      opening.set(request.key, now);
      return now;
    },

    async invite(channel, wanted) {
      const unknown: string[] = [];
      const until = now() + INVITE_WITHIN;
      const done = inside.get(channel) ?? new Set();
      if (inside.size >= CROWDS_AT_MOST) inside.clear();
      inside.set(channel, done);
      for (const { personId } of wanted) {
        if (done.has(personId)) continue;
        if (now() > until) throw someLeft();
        const account = await people.account(personId);
        const trying = { what: 'add somebody to the channel', of: 'channel' as const, mayNot: MAY_NOT };
        if (account === null || !(await delivering(trying, () => added(channel, account)))) unknown.push(personId);
        else done.add(personId);
      }
      inside.delete(channel);
      return { unknown };
    },

    async directChannel({ personId, name }) {
      const account = await people.account(personId);
      if (account === null)
        throw new DeliveryError(`${name} has no account on Mattermost that Muster knows of.`, {
          permanent: true,
          of: 'channel',
        });
      const trying = {
        what: `let Muster write to ${name}`,
        of: 'channel' as const,
        mayNot: 'May bots write to people?',
      };
      const bot = await place.botId();
      return (await delivering(trying, () => client.createDirectChannel([bot, account]))).id;
    },

    async describe(channel, head) {
      const trying = { what: 'take the header of the channel', of: 'channel' as const, mayNot: MAY_NOT };
      await delivering(trying, () => client.patchChannel(channel, { header: headerOf(head) }));
    },

    async archive(channel) {
      await delivering({ what: 'archive the channel', of: 'channel', mayNot: MAY_NOT }, async () => {
        try {
          await client.deleteChannel(channel);
        } catch (error) {
          if (!(error instanceof Answered && error.id === GONE_ALREADY)) throw error;
        }
      });
    },

    async nameOf(destination) {
      if (destination.to === 'person') return null;
      const id = await marks.read(markOf(destinationKey(destination)));
      if (id === null) return null;
      const kept = names.get(id);
      if (kept && kept.until > now()) return kept.name;
      const trying = { what: 'say what a channel is called', of: 'message' as const, mayNot: MAY_NOT };
      const name = await delivering(trying, () => nameThere(client, id));
      names.set(id, { name, until: now() + NAME_KEPT_FOR });
      return name;
    },
  };
}

const someLeft = (): DeliveryError =>
  new DeliveryError('Some of those to be asked into the channel are in it; the others follow.', {
    permanent: false,
    of: 'channel',
    retryAfterMs: 1_000,
  });

/** Stands at the end of the purpose, where people see it and need not care. */
const signOf = (key: string): string => ` (muster ${hash(key).slice(0, 12)})`;

const cutTo = (text: string, limit: number): string => [...text].slice(0, limit).join('');

/** `inc-1`, then `inc-1-2`, … within what a name may be. */
function numbered(name: string, n: number): string {
  const suffix = n === 1 ? '' : `-${n}`;
  const start = name.replace(/^[^a-z0-9]+/, '').slice(0, NAME_LIMIT - suffix.length);
  const whole = `${start.replace(/[^a-z0-9]+$/, '')}${suffix}`;
  return whole.length < 2 ? `inc-${whole || n}` : whole;
}

const isOfPerson = (error: unknown): boolean =>
  error instanceof Answered && error.id !== null && error.id !== NO_CHANNEL && [400, 404].includes(error.status);

async function nameThere(client: Client, id: string): Promise<string | null> {
  try {
    const { name, delete_at } = await client.getChannel(id);
    return delete_at === 0 ? name : null;
  } catch (error) {
    if (error instanceof Answered && error.id !== null && error.status < 500) return null;
    throw error;
  }
}

/** Links come after the topic and are never cut; the topic gives way. */
function headerOf({ topic, links }: ChannelHead): string {
  const written = (content: Inline[]): string =>
    line(partsOf(content, { username: () => null, channelName: () => null }));
  const all = links.map(({ label, href }) => written([{ kind: 'link', text: literal(label, 60), href }]));
  let rest = '';
  for (const link of all) if (`${rest} · ${link}`.length <= HEADER_LIMIT - 200) rest += ` · ${link}`;
  for (let limit = 500; limit > 20; limit = Math.floor(limit / 2)) {
    const header = `${written([{ kind: 'text', text: literal(topic, limit) }])}${rest}`;
    if (header.length <= HEADER_LIMIT) return header;
  }
  return rest.replace(/^ · /, '');
}
