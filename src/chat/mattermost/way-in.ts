import type { AdapterParts, ChatInbound, WayIn } from '../platform.js';
import { Answered, connect } from './client.js';
import { type Listening, listen } from './inbound/listening.js';
import { type Pace, usualPace } from './inbound/pace.js';
import type { InboundParts } from './inbound/parts.js';
import { routes } from './inbound/routes.js';
import { slashCommand } from './inbound/slash-command.js';
import { whoIs } from './inbound/who.js';
import type { MattermostSettings } from './settings.js';
import { signingKey } from './signed.js';

/** Something a person must see to. */
class Missing extends Error {}

/** How people on Mattermost are heard: its WebSocket, and its calls for what they type and press. */
export function mattermostWayIn(
  settings: MattermostSettings,
  adapter: AdapterParts,
  inbound: ChatInbound,
  pace: Pace = usualPace,
): WayIn {
  const { log, now } = adapter;
  const closing = new AbortController();
  const client = connect(settings, { closing: closing.signal });
  const unfinished = new Set<Promise<unknown>>();
  const parts: InboundParts = {
    settings,
    adapter,
    inbound,
    client,
    key: signingKey(settings.token),
    who: whoIs({ client, accounts: adapter.accounts, now }),
    pace,
    later(what, work) {
      const ended = work
        .catch((error) => log.warn({ err: error }, `${what} did not reach Mattermost`))
        .finally(() => unfinished.delete(ended));
      unfinished.add(ended);
    },
  };
  const command = slashCommand(parts);
  let listening: Listening | null = null;
  let why: string | null = 'Mattermost has not been asked yet.';
  let told = { ready: false, sinceAt: now(), why: why as string | null };
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let lookedAt = 0;
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  function changed(): void {
    const missing = why ?? command.why() ?? listening?.trouble() ?? null;
    const ready = missing === null && listening !== null;
    if (ready !== told.ready) {
      log.info(
        { ready, why: missing },
        ready ? 'people on Mattermost are heard' : 'people on Mattermost are not heard',
      );
      told = { ready, sinceAt: now(), why: missing };
    } else told = { ...told, why: missing };
  }

  /** Asks what a connection would not say: it is tried for ever with a token that nobody knows. */
  async function look(): Promise<void> {
    try {
      const { id } = await client.getMe();
      const team = await client.getTeamByName(settings.team).catch((error) => {
        if (error instanceof Answered && [403, 404].includes(error.status))
          throw new Missing(
            `The bot is in no team ${settings.team} of ${settings.url}. Add it there, or name another team.`,
          );
        throw error;
      });
      await command.register(team.id);
      why = null;
      listening ??= await listen(parts, id, {
        changed,
        lost: () => lookAgain(),
        back: () => why !== null && lookAgain(0),
      });
      // Nobody else would end what began meanwhile.
      if (stopped) await listening.stop();
      if (command.why() !== null) lookAgain();
    } catch (error) {
      if (stopped) return;
      why = reasonOf(error);
      if (told.why !== why) log.warn({ err: error }, why);
      lookAgain(Math.max(pace.againMs, error instanceof Answered ? (error.retryAfterMs ?? 0) : 0));
    }
    changed();
  }
  const reasonOf = (error: unknown): string => {
    if (error instanceof Missing) return error.message;
    if (error instanceof Answered && error.status === 401)
      return 'Mattermost does not take the token of the bot. Make a new one and set MATTERMOST_TOKEN.';
    return `Mattermost cannot be used: ${(error as Error).message || (error as Error).name}`;
  };
  function lookAgain(afterMs = pace.againMs): void {
    const at = performance.now() + afterMs;
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY;
      lookedAt = performance.now();
      looking = looking.then(look);
    }, afterMs);
  }

  return {
    // Anybody can send a wrong token: the server is not asked each time.
    mount: (app) =>
      routes(app, parts, command.tokens, () => lookAgain(Math.max(0, lookedAt + pace.againMs - performance.now()))),
    async start() {
      lookAgain(0);
    },
    state: () => told,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await listening?.stop();
      await Promise.all(unfinished);
      closing.abort();
      await looking;
      changed();
    },
  };
}
