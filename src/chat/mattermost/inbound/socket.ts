import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { Pace } from './pace.js';

/** What a client of a WebSocket uses of one. */
type Plain = Pick<
  globalThis.WebSocket,
  'readyState' | 'send' | 'close' | 'onopen' | 'onclose' | 'onerror' | 'onmessage'
>;

/** What the client looks for in a browser, and Node of version 20 does not have. */
export function likeABrowser(): void {
  const there = globalThis as { WebSocket?: unknown; CloseEvent?: unknown };
  there.WebSocket ??= WebSocket;
  there.CloseEvent ??= class extends Event {
    readonly code: number;
    readonly reason: string;
    readonly wasClean: boolean;
    constructor(type: string, { code = 0, reason = '', wasClean = false }: CloseEventInit = {}) {
      super(type);
      this.code = code;
      this.reason = reason;
      this.wasClean = wasClean;
    }
  };
}
interface CloseEventInit {
  code?: number;
  reason?: string;
  wasClean?: boolean;
}

const remark = /^(websocket |got connection id|missed websocket event|ping received no response|long timeout)/;

let log: Logger | null = null;

/** What the client writes to the console goes into the log: whoever reads standard output expects nothing else there. */
export function hush(into: Logger): void {
  const { log: print } = globalThis.console;
  if (log === null)
    globalThis.console.log = (...words: unknown[]) => {
      if (typeof words[0] === 'string' && remark.test(words[0])) log?.debug({ words }, 'the client of Mattermost says');
      else print(...words);
    };
  log = into;
}

/**
 * Connections of the server's client. Each is authorised from its first byte, since the server gives only such a one what
 * was said while there was none; gives up a handshake that is not answered; and nothing that goes wrong with what comes
 * in ends the process. `drop` ends them for good: the client's own end leaves one that is just being made.
 */
export function sockets({ token, pace, log: own }: { token: string; pace: Pace; log: Logger }) {
  const open = new Set<WebSocket>();
  let dropped = false;
  let trouble: string | null = null;

  function connect(url: string): globalThis.WebSocket {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: pace.handshakeWithinMs,
      followRedirects: false,
    });
    open.add(socket);
    const plain: Plain = {
      get readyState() {
        return socket.readyState;
      },
      send: (text) => socket.send(String(text)),
      // A peer that answers no ping answers no goodbye either.
      close: () => socket.terminate(),
      onopen: null,
      onclose: null,
      onerror: null,
      onmessage: null,
    };
    const heard = (what: string, act: () => void): void => {
      if (dropped) return;
      try {
        act();
      } catch (error) {
        own.warn({ err: error }, `${what} of Mattermost was not understood`);
      }
    };
    const call = (listener: unknown, event: object): void => {
      (listener as ((event: object) => void) | null)?.(event);
    };
    socket.on('open', () => {
      trouble = null;
      heard('a greeting', () => call(plain.onopen, { type: 'open' }));
    });
    socket.on('message', (text) => heard('a message', () => call(plain.onmessage, { data: String(text) })));
    socket.on('close', (code) => {
      open.delete(socket);
      heard('a goodbye', () => call(plain.onclose, { type: 'close', code }));
    });
    // Not for the client: it writes the whole connection to the console, with its headers.
    socket.on('error', (error) => {
      trouble = error.message;
    });
    return plain as globalThis.WebSocket;
  }
  return {
    connect,
    /** Why the last connection failed, in words; null: it did not. */
    trouble: () => trouble,
    drop(): void {
      dropped = true;
      for (const socket of open) socket.terminate();
    },
  };
}
