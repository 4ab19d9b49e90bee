import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isMember, newId, type World } from './world.js';

interface Line {
  id: string;
  userId: string;
  socket: WebSocket | null;
  seq: number;
  /** What was said, the newest last; the server keeps 128. */
  said: { seq: number; text: string }[];
}
const KEPT = 128;

export type WebSocketFault =
  /** The upgrade is answered with this status. */
  | { kind: 'refuse'; status: number }
  /** It is never answered. */
  | { kind: 'hang' };

/** `/api/v4/websocket` as the server speaks it. */
export function webSocketOf(server: Server, world: World) {
  const lines = new Map<string, Line>();
  const wss = new WebSocketServer({ noServer: true });
  const upgrades: { authorized: boolean; connectionId: string }[] = [];
  let faults: WebSocketFault[] = [];
  let deaf = false;
  const hanging = new Set<Duplex>();

  const userOf = (request: IncomingMessage): string | undefined =>
    world.tokens.get(/^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');

  function say(line: Line, event: string, data: object, broadcast: object): void {
    const seq = line.seq++;
    const text = JSON.stringify({ event, data, broadcast, seq });
    line.said.push({ seq, text });
    if (line.said.length > KEPT) line.said.shift();
    line.socket?.send(text);
  }
  function greet(line: Line, socket: WebSocket): void {
    line.socket = socket;
    say(line, 'hello', { connection_id: line.id, server_version: '5.37.0.fake' }, { user_id: line.userId });
  }

  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://mattermost');
    const connectionId = url.searchParams.get('connection_id') ?? '';
    const from = Number(url.searchParams.get('sequence_number'));
    const userId = userOf(request);
    upgrades.push({ authorized: userId !== undefined, connectionId });
    const fault = faults.shift();
    if (url.pathname !== '/api/v4/websocket' || fault?.kind === 'refuse') {
      socket.end(`HTTP/1.1 ${fault?.kind === 'refuse' ? fault.status : 404} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    if (fault?.kind === 'hang') {
      hanging.add(socket);
      return;
    }
    wss.handleUpgrade(request, socket, head, (ws) => {
      const known = lines.get(connectionId);
      let mine: Line | null = null;
      if (userId !== undefined && known?.userId === userId) {
        mine = known;
        mine.socket = ws;
        const missed = known.said.filter(({ seq }) => seq >= from);
        if (from === known.seq || missed[0]?.seq === from) for (const { text } of missed) ws.send(text);
        else mine = null;
      }
      const begin = (user: string): void => {
        mine = { id: newId(), userId: user, socket: ws, seq: 0, said: [] };
        lines.set(mine.id, mine);
        greet(mine, ws);
      };
      if (!mine && userId !== undefined) begin(userId);
      ws.on('close', () => {
        if (mine?.socket === ws) mine.socket = null;
      });
      ws.on('message', (raw) => {
        if (deaf) return;
        const asked = JSON.parse(String(raw)) as { action: string; seq: number; data?: { token?: string } };
        if (asked.action === 'ping')
          ws.send(JSON.stringify({ status: 'OK', data: { text: 'pong' }, seq_reply: asked.seq }));
        if (asked.action !== 'authentication_challenge') return;
        const user = world.tokens.get(asked.data?.token ?? '');
        if (user === undefined) {
          ws.close();
          return;
        }
        if (!mine) begin(user);
        ws.send(JSON.stringify({ status: 'OK', seq_reply: asked.seq }));
      });
    });
  });

  return {
    upgrades,
    /** How many are listening now. */
    open: (): number => [...lines.values()].filter(({ socket }) => socket?.readyState === 1).length,
    tell(event: string, data: object, to: { channel?: string; user?: string }): void {
      for (const line of lines.values())
        if (to.user === undefined ? isMember(world, to.channel ?? '', line.userId) : to.user === line.userId)
          say(line, event, data, { channel_id: to.channel ?? '', user_id: to.user ?? '' });
    },
    /** The next upgrades go wrong. */
    fail(fault: WebSocketFault, times = 1): void {
      faults.push(...Array.from({ length: times }, () => fault));
    },
    heal(): void {
      faults = [];
      deaf = false;
    },
    /** Pings are not answered any more. */
    deafen(): void {
      deaf = true;
    },
    /** Every connection breaks. */
    cut(): void {
      for (const { socket } of lines.values()) socket?.terminate();
    },
    /** As after a restart: nobody's connection is known. */
    forget(): void {
      for (const { socket } of lines.values()) socket?.terminate();
      lines.clear();
    },
    /** Something that is no event. */
    garble(text: string): void {
      for (const { socket } of lines.values()) socket?.send(text);
    },
    close(): void {
      for (const socket of hanging) socket.destroy();
      for (const { socket } of lines.values()) socket?.terminate();
      wss.close();
    },
  };
}
