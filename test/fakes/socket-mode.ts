import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Dispatch, Taken, Way } from './slack-dispatcher.js';
import type { SlackSide } from './slack-side.js';

type Fields = Record<string, unknown>;

/** Slack's end of Socket Mode, for Slack's own client. */
export interface SocketSide extends Way {
  /** How many connections stand, and how many there have been. */
  open(): number;
  opened(): number;
  connected(count?: number): Promise<void>;
  /** Asks for a new connection, as Slack does every few hours, and ends the old one. */
  refresh(): void;
  /** The connection is gone without a word. */
  kill(): void;
  /** Anything at all. */
  raw(message: unknown): void;
  /** The same envelope, once more. */
  again(envelopeId: string): Promise<Taken>;
  lastEnvelope: string;
  /** What is not acknowledged by then, Slack delivers again. */
  patienceMs: number;
  /** No hello is said from now on. */
  mute: boolean;
  close(): Promise<void>;
}

const types = { command: 'slash_commands', interactive: 'interactive', event: 'events_api' };

export async function startSocketSide(side: SlackSide): Promise<SocketSide> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((listening) => server.once('listening', listening));
  side.socketUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link/?ticket=1`;
  const sockets: WebSocket[] = [];
  let opened = 0;
  const sent = new Map<string, Fields>();
  const waiting = new Map<string, (answer: Fields | null) => void>();

  server.on('connection', (socket) => {
    opened += 1;
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    socket.on('message', (data) => {
      const { envelope_id: id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload?: Fields };
      waiting.get(id)?.(payload && Object.keys(payload).length > 0 ? payload : null);
      waiting.delete(id);
    });
    if (socketSide.mute) return;
    const hello = { type: 'hello', num_connections: sockets.length, debug_info: {}, connection_info: { app_id: 'A1' } };
    socket.send(JSON.stringify(hello));
  });

  const envelope = ({ kind, body }: Dispatch, retry: number): Fields => ({
    envelope_id: randomUUID(),
    type: types[kind],
    payload: body,
    accepts_response_payload: kind !== 'event',
    ...(kind === 'event' && { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' }),
  });

  function push(message: Fields): Promise<Taken> {
    const id = String(message.envelope_id);
    socketSide.lastEnvelope = id;
    sent.set(id, message);
    return new Promise((resolve, reject) => {
      const socket = sockets.at(-1);
      if (!socket) return reject(new Error('Nobody is connected.'));
      const timer = setTimeout(() => {
        waiting.delete(id);
        resolve({ ok: false, answer: null });
      }, socketSide.patienceMs);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve({ ok: true, answer });
      });
      socket.send(JSON.stringify(message));
    });
  }

  const socketSide: SocketSide = {
    send: (dispatch, { retry = 0 } = {}) => push(envelope(dispatch, retry)),
    again: (id) => push(sent.get(id) as Fields),
    lastEnvelope: '',
    patienceMs: 3_000,
    mute: false,
    open: () => sockets.length,
    opened: () => opened,
    async connected(count = 1) {
      while (opened < count || sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    refresh() {
      for (const socket of sockets)
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
    },
    kill() {
      for (const socket of [...sockets]) socket.terminate();
    },
    raw(message) {
      for (const socket of sockets) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    async close() {
      for (const socket of [...sockets]) socket.terminate();
      await new Promise((closed) => server.close(closed));
    },
  };
  return socketSide;
}
