import { type Card, paragraph, text as words } from '../../messages/card.js';
import { type ChatPlatform, DeliveryError } from '../platform.js';
import type { ChatLocation } from './database.js';
import { webPlatform } from './name.js';
import { type Message, openStore, type WebStore } from './store.js';

/** How late a page of this process may learn what another process wrote. */
const askEveryMs = 1_000;

/** Muster's own chat: the port, and what its pages need. Reads by a person leave out private channels of others. */
export interface WebChat
  extends ChatPlatform,
    Pick<WebStore, 'channels' | 'channel' | 'messages' | 'said' | 'changes' | 'lastChange' | 'whisper'> {
  /** A person's own words; the same id from the same person again is the same message. null: no such channel. */
  say(message: { channel: string; personId: string; name: string; text: string; id: string }): Promise<Message | null>;
  keepWhisper(personId: string, id: string, card: Card): Promise<void>;
  /** Calls back soon after anything changed, perhaps once for several changes. Answers how to stop that. */
  onChange(listener: () => void): () => void;
}

export interface WebChatOptions {
  location: ChatLocation;
  /** ms since the epoch. */
  now: () => number;
  /** Whether somebody may be invited. Everybody by default: membership waits until that person comes. */
  knows?: (personId: string) => boolean | Promise<boolean>;
}

/** Opens the chat's own database, creating it when there is none. Throws when it cannot be used. */
export async function openWebChat({ location, now, knows = () => true }: WebChatOptions): Promise<WebChat> {
  const store = await openStore(location);
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const asking = store.shared ? setInterval(() => listeners.size > 0 && changed(), askEveryMs).unref() : undefined;

  return {
    name: webPlatform,
    abilities: { channels: true, threads: false, buttons: true, edits: true, whispers: true, forms: true, pins: true },

    async openChannel(request) {
      const channel = await delivered(store.openChannel({ ...request, at: now() }));
      changed();
      return channel;
    },
    async invite(channel, people) {
      const unknown: string[] = [];
      const known: string[] = [];
      for (const { personId } of people) ((await knows(personId)) ? known : unknown).push(personId);
      if (!(await delivered(store.addMembers(channel, known)))) throw noChannel(channel);
      changed();
      return { unknown };
    },
    async post({ channel, card, key, pin = false }) {
      const message = await delivered(store.post({ channel, key, card, pin, author: null, at: now() }));
      if (message === null) throw noChannel(channel);
      changed();
      return message.id;
    },
    async edit({ channel, message, card }) {
      if (!(await delivered(store.edit(channel, message, card, now())))) {
        throw new DeliveryError(`the web chat has no message ${message} in that channel`, { permanent: true });
      }
      changed();
    },
    find: (channel, key) => delivered(store.find(channel, key)),
    async directChannel({ personId, name }) {
      const channel = await delivered(
        store.openChannel({
          key: `person/${personId}`,
          name: `direct-${personId.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 64),
          title: name,
          purpose: 'Only you and Muster.',
          private: true,
          at: now(),
        }),
      );
      await delivered(store.addMembers(channel, [personId]));
      changed();
      return channel;
    },
    erasing: {
      async scrub(gone, instead, note, channel) {
        const card: Card = { tone: 'neutral', summary: note, blocks: [paragraph(words(note))] };
        await delivered(store.scrub({ ...gone, instead, note: card, channel, at: now() }));
        changed();
      },
      said: (channel, message) => delivered(store.said(channel, message)),
    },
    async close() {
      clearInterval(asking);
      listeners.clear();
      await store.close();
    },

    channels: store.channels,
    channel: store.channel,
    messages: store.messages,
    said: store.said,
    changes: store.changes,
    lastChange: store.lastChange,
    whisper: store.whisper,
    keepWhisper: (personId, id, card) => store.keepWhisper(personId, id, card, now()),
    async say({ channel, personId, name, text, id }) {
      const card: Card = {
        tone: 'neutral',
        summary: text,
        blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text }] }],
      };
      const message = await store.post({
        channel,
        key: `said/${personId}/${id}`,
        card,
        pin: false,
        author: { personId, name },
        at: now(),
      });
      changed();
      return message;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Whatever the database says (full, locked, away) may be over later: never permanent. */
async function delivered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new DeliveryError('the web chat cannot use its database', { permanent: false, cause });
  }
}

const noChannel = (channel: string): DeliveryError =>
  new DeliveryError(`the web chat has no channel ${channel}`, { permanent: true });
