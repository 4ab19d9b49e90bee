import { Writable } from 'node:stream';
import { type FastifyInstance, fastify } from 'fastify';
import { type Pace, usualPace } from '../../src/chat/mattermost/inbound/pace.js';
import type { MattermostSettings } from '../../src/chat/mattermost/settings.js';
import { mattermostWayIn } from '../../src/chat/mattermost/way-in.js';
import type { AdapterParts, ChatInbound, Reply, WayIn } from '../../src/chat/platform.js';
import { createLog } from '../../src/http/log.js';
import type { Form } from '../../src/messages/form.js';
import type { Mattermost } from '../fakes/mattermost-server.js';

type Command = Parameters<ChatInbound['command']>[0];
type Kept = Parameters<ChatInbound['keep']>[0];
type Revised = Parameters<ChatInbound['revise']>[0];

/** Waits until something is so. */
export async function until(so: () => boolean | Promise<boolean>, what = 'it', withinMs = 15_000): Promise<void> {
  const givenUpAt = Date.now() + withinMs;
  while (!(await so())) {
    if (Date.now() > givenUpAt) throw new Error(`Still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const quickPace: Pace = {
  ...usualPace,
  durableWithinMs: 30_000,
  againMs: 50,
  reconnectMs: 20,
  reconnectAtMostMs: 100,
  jitterMs: 1,
  handshakeWithinMs: 300,
  pingMs: 10_000,
  notedEveryMs: 0,
};

/** A way in on a server, with an inside that only remembers what it was handed. */
export async function startWayIn(
  server: Pick<Mattermost, 'url' | 'team' | 'bot'>,
  given: {
    settings?: Partial<MattermostSettings>;
    pace?: Partial<Pace>;
    marks?: Map<string, string>;
    channels?: string[];
    /** What is answered to a command. */
    answer?: (input: Command) => Reply | Promise<Reply>;
    form?: (text: string) => Form | null;
    keep?: (said: Kept) => void;
    now?: () => number;
  } = {},
) {
  const commands: Command[] = [];
  const kept: Kept[] = [];
  const revised: Revised[] = [];
  const logged: string[] = [];
  const identified: { externalId: string; name: string; email: string | null }[] = [];
  const marks = given.marks ?? new Map<string, string>();
  const channels = given.channels ?? [];
  const inbound: ChatInbound = {
    async command(input) {
      commands.push(input);
      return (await given.answer?.(input)) ?? { text: 'Done.' };
    },
    form: async ({ text }) => given.form?.(text) ?? null,
    home: async () => ({ tone: 'neutral', summary: '', blocks: [] }),
    async keep(said) {
      given.keep?.(said);
      kept.push(said);
      return true;
    },
    async revise(change) {
      revised.push(change);
    },
  };
  const app: FastifyInstance = fastify();
  let publicUrl = '';
  const parts: AdapterParts = {
    accounts: {
      accountOf: async () => null,
      async identify(_, externalId, name, email = null) {
        identified.push({ externalId, name, email });
        return { personId: `p-${name}`, name };
      },
    },
    publicUrl: () => publicUrl,
    now: given.now ?? Date.now,
    log: createLog(
      'debug',
      new Writable({
        write(chunk, _, done) {
          logged.push(String(chunk));
          done();
        },
      }),
    ),
    channels: async () => channels,
    marks: {
      read: async (key) => marks.get(key) ?? null,
      write: async (key, value) => void marks.set(key, value),
    },
  };
  const settings: MattermostSettings = {
    url: server.url,
    token: server.bot.token,
    team: server.team.name,
    callbackUrl: null,
    commandToken: null,
    keepReactions: ['pushpin', 'memo'],
    ...given.settings,
  };
  const way: WayIn = mattermostWayIn(settings, parts, inbound, { ...quickPace, ...given.pace });
  await way.mount?.(app);
  publicUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  await way.start();
  return {
    way,
    settings,
    commands,
    kept,
    revised,
    logged,
    identified,
    marks,
    channels,
    url: publicUrl,
    ready: () => until(() => way.state().ready, `ready: ${way.state().why}`),
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${publicUrl}/chat/mattermost/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async close() {
      await way.stop();
      await app.close();
    },
  };
}
