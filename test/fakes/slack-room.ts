import { fastify } from 'fastify';
import { slackApi } from '../../src/chat/slack/api.js';
import { type Pace, slackPace } from '../../src/chat/slack/inbound/pace.js';
import type { SlackSettings } from '../../src/chat/slack/settings.js';
import { slackWayIn } from '../../src/chat/slack/way-in.js';
import { recordingInbound } from './recording-inbound.js';
import { adapterParts } from './slack/parts.js';
import { acts, httpDispatcher, type Way } from './slack-dispatcher.js';
import { muster, type SlackSide, startSlackSide } from './slack-side.js';
import { type SocketSide, startSocketSide } from './socket-mode.js';

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';

/** Short waits: what is waited for in a test is a condition. */
export const quickPace: Pace = {
  ...slackPace,
  againAfterMs: 10,
  againAtMostMs: 80,
  steadyAfterMs: 0,
  closeWithinMs: 200,
};

export interface RoomOptions {
  pace?: Partial<Pace>;
  side?: SlackSide;
  channels?: string[];
  marks?: Map<string, string>;
  now?: () => number;
  /** Awaited before a mark is written. */
  noting?: () => Promise<void>;
  /** false: it is not waited for until Slack is heard. */
  ready?: boolean;
}

/** People at Slack, the way they are heard, and a Muster that remembers what it was told. */
export async function slackRoom(
  how: 'http' | 'socket',
  { pace, side: given, channels = [], marks, now = Date.now, noting = async () => {}, ready = true }: RoomOptions = {},
) {
  const side = given ?? (await startSlackSide());
  const socket = how === 'socket' ? await startSocketSide(side) : null;
  const settings: SlackSettings = {
    botToken: muster.token,
    appToken: socket ? muster.appToken : null,
    signingSecret: socket ? null : signingSecret,
    apiUrl: side.apiUrl,
    inviteGroups: [],
    keepReactions: ['pushpin'],
  };
  const made = adapterParts({ now });
  for (const [name, value] of marks ?? []) made.marks.set(name, value);
  const api = slackApi(settings);
  const inbound = recordingInbound(now);
  const { read, write } = made.parts.marks;
  const noted = {
    read,
    async write(key: string, value: string) {
      await noting();
      await write(key, value);
    },
  };
  const way = slackWayIn(settings, { ...made.parts, marks: noted, channels: async () => channels }, inbound, {
    api,
    pace: { ...quickPace, ...pace },
  });
  const app = fastify();
  await way.mount?.(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await way.start();
  const dispatcher = httpDispatcher(url, signingSecret, now);
  if (ready) await until(() => way.state().ready);
  return {
    side,
    socket: socket as SocketSide,
    way,
    http: dispatcher,
    slack: (socket ?? dispatcher) as Way,
    do: acts(side),
    inbound,
    marks: made.marks,
    url,
    async close() {
      await way.stop();
      api.close();
      await app.close();
      await socket?.close();
      if (!given) await side.close();
    },
  };
}
export type SlackRoom = Awaited<ReturnType<typeof slackRoom>>;

/** Waits for a condition. @throws after 5 s. */
export async function until(holds: () => boolean): Promise<void> {
  const endsAt = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(`It never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
