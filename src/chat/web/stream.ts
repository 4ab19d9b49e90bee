import type { FastifyReply } from 'fastify';
import { type AwayFromHome, awayBanner } from './away.js';
import type { Person } from './name.js';
import { overview, places } from './page.js';
import type { WebChat } from './platform.js';
import { type Reading, renderMessage, renderPinned } from './render.js';
import type { Message } from './store.js';

const batch = 100;
/** A browser that does not read is dropped beyond this; it comes back and catches up. */
const mostBufferedBytes = 1_000_000;
const reconnectAfterMs = 1_000;
const placesEveryMs = 1_000;
/** How long somebody may read on whose session has ended. */
const presenceEveryMs = 3_000;

export interface Following {
  chat: WebChat;
  person: Person;
  /** null: no channel is open, only the list of them. */
  channel: string | null;
  /** The last change the browser has. */
  after: number;
  heartbeatEveryMs: number;
  /** Whether the browser may still read. */
  stillThere: () => Promise<boolean>;
  reading: () => Reading;
  away: () => Promise<AwayFromHome | null>;
  failed: (error: unknown) => void;
}

/**
 * Server-sent events on a hijacked reply. `message`: one message as it is now, its id the number of its last change, so
 * that `Last-Event-ID` is where to go on. `places`: the channel list. `reload`: what the browser has is not from this
 * database. Answers how to end it.
 */
export function follow(
  reply: FastifyReply,
  { chat, person, channel, after, heartbeatEveryMs, stillThere, reading, away, failed }: Following,
) {
  const { raw } = reply;
  let ended = false;
  let running = false;
  let again = false;
  let placesAt = after;
  let placesTimer: NodeJS.Timeout | undefined;

  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${reconnectAfterMs}\n\n`);

  const send = (event: string, data: object | null, id?: number) => {
    raw.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
    if (raw.writableLength > mostBufferedBytes) raw.destroy();
  };

  async function sendChanges(): Promise<void> {
    while (channel !== null && !ended) {
      const messages = await chat.changes(channel, after, batch);
      for (const message of messages) {
        send('message', fragmentOf(message, reading()), message.sequence);
        after = message.sequence;
      }
      if (messages.length < batch) return;
    }
  }

  async function sendPlaces(): Promise<void> {
    const [channels, home] = await Promise.all([chat.channels(person.personId), away()]);
    const now = reading();
    send('places', {
      places: places(channels, now).toString(),
      overview: channel === null ? overview(channels, now).toString() : null,
      away: home === null ? '' : awayBanner(home, now.now).toString(),
    });
  }

  async function catchUp(): Promise<void> {
    const last = await chat.lastChange();
    if (last < after) return send('reload', null);
    if (ended || last === placesAt) return;
    placesAt = last;
    await sendChanges();
    placesTimer ??= setTimeout(() => {
      placesTimer = undefined;
      sendPlaces().catch(fail);
    }, placesEveryMs);
  }

  function wake(): void {
    again = true;
    if (running || ended) return;
    running = true;
    (async () => {
      while (again && !ended) {
        again = false;
        await catchUp();
      }
    })()
      .catch(fail)
      .finally(() => {
        running = false;
      });
  }

  function fail(error: unknown): void {
    if (ended) return;
    failed(error);
    end();
  }

  const forget = chat.onChange(wake);
  const presence = setInterval(() => {
    stillThere()
      .then((there) => {
        if (there || ended) return;
        // The page loads again, and is led to where one signs in.
        send('reload', null);
        end();
      })
      .catch(fail);
  }, presenceEveryMs);
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatEveryMs);
  function end(): void {
    if (ended) return;
    ended = true;
    forget();
    clearInterval(heartbeat);
    clearInterval(presence);
    clearTimeout(placesTimer);
    raw.end();
  }
  raw.on('close', end);
  wake();
  return end;
}

/** What the page needs to put a message where it belongs. */
export const fragmentOf = (message: Message, reading: Reading) => ({
  position: message.position,
  pinned: message.pinned,
  html: (message.pinned ? renderPinned(message, reading) : renderMessage(message, reading)).toString(),
});
