// CommonJS: Node finds no named exports in it.
import mattermost from '@mattermost/client';
import { Answered } from '../client.js';
import { catchUp } from './catch-up.js';
import { happenings, type Reaction, type Seen } from './happened.js';
import type { InboundParts } from './parts.js';
import { hush, likeABrowser, sockets } from './socket.js';

/** Up to when everything that happened there was handed inward, by the server's clock. */
const mark = 'heard-until';
/** Clocks, and what the server tells late. */
const overlapMs = 10_000;

export interface Listening {
  /** Whether events arrive; null: they do, else what is in the way. */
  trouble(): string | null;
  /** Hears nothing more; what was heard is handed on. */
  stop(): Promise<void>;
}

/**
 * Hears what happens in the channels the bot is in. What was missed, in a gap or before Muster ran, is read from the
 * channels. `lost` is told whenever there is no connection any more, `back` when there is one again.
 */
export async function listen(
  parts: InboundParts,
  bot: string,
  told: { changed(): void; lost(): void; back(): void },
): Promise<Listening> {
  const { settings, adapter, pace } = parts;
  const { stands, reacted, deleted } = happenings(parts, bot);
  let heardUntil = Number((await adapter.marks.read(mark)) ?? adapter.now());
  let notedAt = 0;
  let connected = false;
  /** What was missed is to be read from the channels before anything newer counts as heard. */
  let behind = true;
  let stopped = false;
  let again: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  const note = async (force = false): Promise<void> => {
    if (!force && adapter.now() - notedAt < pace.notedEveryMs) return;
    notedAt = adapter.now();
    await adapter.marks.write(mark, String(heardUntil));
  };

  /** One after the other, in the order they came. */
  function enqueue(what: string, act: () => Promise<number | null>): void {
    work = work.then(async () => {
      if (stopped) return;
      try {
        const until = await act();
        if (until === null || behind) return;
        heardUntil = Math.max(heardUntil, until);
        await note();
      } catch (error) {
        adapter.log.warn({ err: error }, `${what} of Mattermost was not taken; it is read again`);
        missed(Math.max(pace.againMs, error instanceof Answered ? (error.retryAfterMs ?? 0) : 0));
      }
    });
  }

  function missed(afterMs: number): void {
    behind = true;
    clearTimeout(again);
    again = setTimeout(() => enqueue('what was missed', readMissed), afterMs);
  }
  async function readMissed(): Promise<null> {
    let until = heardUntil;
    await catchUp(parts, Math.max(1, heardUntil - overlapMs), async (post) => {
      await stands(post);
      until = Math.max(until, post.update_at);
    });
    heardUntil = until;
    behind = false;
    await note(true);
    told.changed();
    return null;
  }

  likeABrowser();
  hush(adapter.log);
  const { connect, trouble, drop } = sockets({ token: settings.token, pace, log: adapter.log });
  const client = new mattermost.WebSocketClient({
    maxWebSocketFails: 3,
    minWebSocketRetryTime: pace.reconnectMs,
    maxWebSocketRetryTime: pace.reconnectAtMostMs,
    reconnectJitterRange: pace.jitterMs,
    clientPingInterval: pace.pingMs,
    newWebSocketFn: connect,
  });
  // Without it the client delivers nothing after it has connected again.
  client.addMissedMessageListener(() => missed(0));
  // A connection that goes on where the last one broke is not greeted.
  client.addReconnectListener(() => {
    connected = true;
    told.changed();
    told.back();
  });
  client.addMessageListener(({ event, data }) => {
    if (event === 'hello') {
      connected = true;
      told.changed();
      told.back();
      missed(0);
      return;
    }
    const heard = data as Record<string, string | undefined>;
    if (event === 'posted' || event === 'post_edited') {
      const post = JSON.parse(heard.post ?? '') as Seen;
      enqueue('a message', async () => {
        if (event === 'post_edited') await stands(post);
        return post.update_at;
      });
    } else if (event === 'post_deleted') {
      const post = JSON.parse(heard.post ?? '') as Seen;
      enqueue('a deletion', async () => {
        await deleted(post, adapter.now());
        return null;
      });
    } else if (event === 'reaction_added') {
      const reaction = JSON.parse(heard.reaction ?? '') as Reaction;
      enqueue('a reaction', async () => {
        await reacted(reaction);
        return null;
      });
    }
  });
  client.addCloseListener(() => {
    connected = false;
    told.changed();
    told.lost();
  });
  client.initialize(`${settings.url.replace(/^http/, 'ws')}/api/v4/websocket`, settings.token);

  return {
    trouble: () =>
      connected ? null : `Mattermost tells nothing of what happens there${trouble() ? `: ${trouble()}` : ''}.`,
    async stop() {
      stopped = true;
      clearTimeout(again);
      client.close();
      drop();
      await work;
      if (!behind) await note(true);
    },
  };
}
