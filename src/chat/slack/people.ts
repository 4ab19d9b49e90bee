import type { Block, Card, Destination, Inline } from '../../messages/card.js';
import { type AdapterParts, destinationKey } from '../platform.js';
import type { SlackApi } from './api.js';
import type { Known } from './inline.js';
import { codeOf } from './refusals.js';

type Parts = Pick<AdapterParts, 'accounts' | 'marks' | 'log'>;
interface Person {
  personId: string;
  name: string;
}

/** Who people are on Slack, and which channels cards speak of. */
export interface Knowing {
  /** The Slack user of a person; null: nobody there. Throws DeliveryError where it cannot be found out now. */
  userOf(person: Person): Promise<string | null>;
  /** What a card needs to call people and to link to channels. Never throws for want of Slack: then names are shown. */
  knownIn(card: Card): Promise<Known>;
}

/** How long somebody who was not found is not looked for again. */
const notFoundForMs = 10 * 60_000;
const rememberedAtMost = 1_000;
/** A message does not wait longer for whom it calls. */
const lookUpWithinMs = 2_000;

/** Where the channel that was opened under a key is noted. */
export const channelMark = (key: string): string => `channel/${key}`;
/** Where the channel is noted that goes on for the one under this key, which was put away. */
export const laterMark = (key: string): string => `later/${key}`;

export function knowing(platform: string, api: SlackApi, { accounts, marks, log }: Parts, now: () => number): Knowing {
  const missing = new Map<string, number>();

  async function userOf({ personId }: Person): Promise<string | null> {
    const account = await accounts.accountOf(platform, personId);
    if (!account?.email) return account?.externalId ?? null;
    if (account.externalId !== null) return account.externalId;
    const until = missing.get(account.email);
    if (until !== undefined && until > now()) return null;
    const found = await lookUp(account.email);
    if (found === null) {
      if (missing.size >= rememberedAtMost) missing.clear();
      missing.set(account.email, now() + notFoundForMs);
      return null;
    }
    await accounts.identify(platform, found, account.name, account.email);
    return found;
  }

  async function lookUp(email: string): Promise<string | null> {
    try {
      const { user } = await api.call('users.lookupByEmail', { email });
      return user.deleted || user.is_bot ? null : user.id;
    } catch (error) {
      if (codeOf(error) === 'users_not_found') return null;
      throw error;
    }
  }

  async function channelOf(destination: Destination): Promise<string | null> {
    const key = destinationKey(destination);
    const later = await marks.read(laterMark(key));
    const mark = await marks.read(channelMark(later ?? key));
    return mark === null ? null : openedIn(mark).id;
  }

  return {
    userOf,
    async knownIn(card) {
      const users = new Map<string, string | null>();
      const channels = new Map<string, string | null>();
      const nodes = card.blocks.flatMap(inlines);
      for (const node of nodes)
        if (node.kind === 'channel') channels.set(destinationKey(node.channel), await channelOf(node.channel));
      const called = new Map(
        nodes.flatMap((node) => (node.kind === 'person' && node.notify ? [[node.personId, node] as const] : [])),
      );
      const looking = [...called.values()].map(async (person) => {
        try {
          users.set(person.personId, await userOf(person));
        } catch (error) {
          log.warn({ err: error, personId: person.personId }, 'somebody cannot be called by their Slack name');
        }
      });
      await inTime(Promise.all(looking));
      return {
        user: (personId) => users.get(personId) ?? null,
        channel: (destination) => channels.get(destinationKey(destination)) ?? null,
      };
    },
  };
}

/** What is found later is known the next time. */
async function inTime(looking: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lookUpWithinMs);
  });
  await Promise.race([looking, late]);
  clearTimeout(timer);
}

/** A channel that was opened, and what is still to be done for it. */
export interface Opened {
  id: string;
  todo?: ('purpose' | 'groups')[];
}

export const openedIn = (mark: string): Opened => JSON.parse(mark) as Opened;

function inlines(block: Block): Inline[] {
  if (block.kind === 'list') return block.items.flat().flatMap(within);
  if (block.kind === 'fields') return block.fields.flatMap(({ value }) => value.flatMap(within));
  return 'content' in block ? block.content.flatMap(within) : [];
}

const within = (node: Inline): Inline[] => ('children' in node ? [node, ...node.children.flatMap(within)] : [node]);
