import { setTimeout as pause } from 'node:timers/promises';
import type { WayIn } from '../../platform.js';
import { type Line, openLine } from './line.js';
import type { InboundParts } from './parts.js';
import type { Take } from './receive.js';
import { type Trouble, troubleOfBot, troubleOfSocket } from './trouble.js';

/** Slack asks for minutes at most; more is a mistake on the way. */
const askedAtMostMs = 60 * 60_000;

export type State = ReturnType<WayIn['state']>;

/** Keeps Muster within hearing of Slack: who it is there first, then a connection where one is needed. */
export interface Listening {
  /** Goes on until `signal` says stop; never throws. */
  run(signal: AbortSignal): Promise<void>;
  state(): State;
}

/**
 * @param take with Socket Mode; null: Slack calls us, and it is enough that the token is good.
 * @param heard called each time everything said from now on arrives.
 */
export function listening(parts: InboundParts, take: Take | null, heard: () => void): Listening {
  const { adapter, pace } = parts;
  const { log } = adapter;
  let state: State = { ready: false, sinceAt: adapter.now(), why: 'Muster has not asked Slack yet.' };
  const set = (ready: boolean, why: string | null): void => {
    if (state.ready !== ready || state.why !== why)
      state = { ready, sinceAt: state.ready === ready ? state.sinceAt : adapter.now(), why };
  };
  let failures = 0;

  /** Waits longer each time; what only a person can mend is tried at the slowest pace. */
  async function failed(error: unknown, { why, lasting, retryAfterMs }: Trouble, signal: AbortSignal): Promise<void> {
    if (state.why !== why) log.warn({ why, err: error }, 'Slack cannot be heard');
    set(false, why);
    failures += 1;
    const backOff = Math.min(pace.againAtMostMs, pace.againAfterMs * 2 ** Math.min(failures - 1, 20));
    const waitMs = lasting ? pace.againAtMostMs : backOff * (0.75 + Math.random() / 4);
    await rest(Math.max(waitMs, Math.min(retryAfterMs ?? 0, askedAtMostMs)), signal);
  }

  const rest = (ms: number, signal: AbortSignal): Promise<void> => pause(ms, undefined, { signal }).catch(() => {});

  async function known(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      try {
        await parts.self();
        return true;
      } catch (error) {
        await failed(error, troubleOfBot(error), signal);
      }
    }
    return false;
  }

  async function connect(from: Take, signal: AbortSignal): Promise<void> {
    /** Slack has said that it ends: it goes on until its successor stands, so that nothing is missed between them. */
    let before: Line | null = null;
    const stopped = new Promise<'stopped'>((resolve) => {
      if (signal.aborted) resolve('stopped');
      else signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    while (!signal.aborted) {
      const opening = openLine(parts, from).catch((error) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      const line = await Promise.race([opening, stopped]);
      if (line === 'stopped') {
        opening.then((late) => (late instanceof Error ? undefined : late.close()));
        break;
      }
      const old = before;
      before = null;
      if (old) await old.close();
      if (line instanceof Error) {
        await failed(line, troubleOfSocket(line), signal);
        continue;
      }
      const openedAt = performance.now();
      if (!state.ready) log.info({}, 'Slack is heard');
      set(true, null);
      heard();
      const end = await Promise.race([line.ended, stopped]);
      if (end === 'refresh') before = line;
      else await line.close();
      const steady = performance.now() - openedAt >= pace.steadyAfterMs;
      if (steady) failures = 0;
      // Slack may say goodbye again and again.
      if (end === 'refresh' && !steady)
        await rest(Math.min(pace.againAtMostMs, pace.againAfterMs * 2 ** failures++), signal);
      if (end === 'lost') {
        const lost = new Error('The connection was lost.');
        if (!steady) await failed(lost, troubleOfSocket(lost), signal);
        else set(false, 'The connection to Slack was lost. Muster connects again.');
      }
    }
    await (before as Line | null)?.close();
  }

  return {
    async run(signal) {
      if (!(await known(signal))) return;
      failures = 0;
      if (take) return connect(take, signal);
      set(true, null);
      heard();
    },
    state: () => state,
  };
}
