import type { Card, Destination, Inline } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import type { AdapterParts, ChatPlatform } from '../platform.js';
import { mattermostChannels } from './channels.js';
import { connect } from './client.js';
import { contextOf } from './context.js';
import { addressOf } from './inbound/parts.js';
import { whoIs } from './inbound/who.js';
import { line, partsOf } from './inline.js';
import { mattermostPeople } from './people.js';
import { placeOf } from './place.js';
import type { Post } from './post.js';
import { mattermostPosts } from './posts.js';
import { renderCard } from './render.js';
import { type MattermostSettings, platform } from './settings.js';
import { signingKey } from './signed.js';
import { delivering } from './trouble.js';

/** What Muster does on Mattermost. @param deadlineMs of one request. */
export function mattermostPlatform(
  settings: MattermostSettings,
  parts: AdapterParts,
  { deadlineMs }: { deadlineMs?: number } = {},
): ChatPlatform {
  const closing = new AbortController();
  const { accounts, counted, marks, now } = parts;
  const client = connect(settings, {
    closing: closing.signal,
    ...(counted && { counted }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  const key = signingKey(settings.token);
  const place = placeOf(client, settings);
  const people = mattermostPeople(client, { accounts, now, who: whoIs({ client, accounts, now }) });
  const { nameOf, ...channels } = mattermostChannels({ client, place, people, settings, marks, now });
  const posts = mattermostPosts(client, place, key);

  async function rendered(card: Card): Promise<Post[]> {
    const usernames = new Map<string, string | null>();
    const names = new Map<Destination, string | null>();
    for (const node of namedIn(card)) {
      if (node.kind === 'channel') names.set(node.channel, await nameOf(node.channel));
      else usernames.set(node.personId, await people.username(node.personId));
    }
    return renderCard(card, {
      actionUrl: addressOf({ settings, adapter: parts }, 'action'),
      context: contextOf(key),
      username: (personId) => usernames.get(personId) ?? null,
      channelName: (channel) => names.get(channel) ?? null,
    });
  }

  return {
    name: platform,
    abilities: { channels: true, threads: true, buttons: true, edits: true, whispers: true, forms: true, pins: true },
    ...channels,
    find: posts.find,
    async post({ card, ...to }) {
      return posts.put(to, await rendered(card));
    },
    async edit({ card, ...at }) {
      await posts.replace(at, await rendered(card));
    },
    async attach({ channel, key: fileKey, name, title, text }) {
      const before = await posts.find(channel, fileKey);
      if (before !== null) return before;
      const form = new FormData();
      form.append('channel_id', channel);
      form.append('files', new Blob([text], { type: 'text/plain' }), name);
      const trying = { what: 'take the file', of: 'channel' as const, mayNot: 'May it upload files to the channel?' };
      const { file_infos } = await delivering(trying, () => client.uploadFile(form));
      const nobody = { username: () => null, channelName: () => null };
      const message = line(partsOf([{ kind: 'text', text: literal(title) }], nobody));
      return posts.put({ channel, key: fileKey, files: file_infos.map(({ id }) => id) }, [{ message, props: {} }]);
    },
    async probe() {
      const trying = { what: 'say who Muster is', of: 'platform' as const, mayNot: 'Look at the bot’s token.' };
      await delivering(trying, () => client.getMe());
    },
    async close() {
      closing.abort();
    },
  };
}

type Named = Extract<Inline, { kind: 'person' | 'channel' }>;

/** Whom and what the server must be asked about before the card can be written. */
function namedIn(card: Card): Named[] {
  const named: Named[] = [];
  const look = (content: readonly Inline[]): void => {
    for (const node of content) {
      if ('children' in node) look(node.children);
      else if (node.kind === 'channel' || (node.kind === 'person' && node.notify)) named.push(node);
    }
  };
  for (const block of card.blocks) {
    if ('content' in block) look(block.content);
    else if (block.kind === 'list') block.items.forEach(look);
    else if (block.kind === 'fields') for (const { value } of block.fields) look(value);
  }
  return named;
}
