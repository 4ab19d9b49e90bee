import type { Logger } from 'pino';
import { type ChatPlatform, DeliveryError } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { outageTold } from '../messages/outage-cards.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import { deadline } from './deadline.js';
import type { Engine } from './engine.js';
import type { SystemNews } from './operators.js';
import { afterCall, type CallEnd, type Health, healthy, judged, probeAfterMs } from './outage.js';
import { type OwnChannels, ownChannels } from './own-channels.js';
import { regularly } from './regularly.js';

/** Knows which chat platforms can be used, and moves incidents out of those that cannot, and back. */
export interface OutageWatch {
  /** How a call of a job ended. */
  called(platform: string, end: CallEnd): void;
  /** The platform cannot be used; null: it can, as far as is known. */
  lost(platform: string): { since: number; standIn: string; why: string } | null;
  /** Those of these that can be used, and what stands in for the others. */
  reachable(platforms: readonly string[]): string[];
  /** See `OwnChannels`. */
  gone: OwnChannels['gone'];
  /** Looks at once. Never throws. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface OutageParts {
  store: Store;
  engine: Pick<Engine, 'handle'>;
  clock: Clock;
  log: Logger;
  platforms: ReadonlyMap<string, ChatPlatform>;
  /** Always there; it stands in for the others. */
  standIn: string;
  awayAfterMs(): number;
  /** Whether people there are heard. Where they are not, it is asked how it is, also when nothing is to be said there. */
  heard(platform: string): boolean;
  tell(news: SystemNews): Promise<void>;
  /** A pause has begun or ended. */
  onChange(): void;
  situation(incident: Incident): Card;
  callsWithinMs: number;
}

export const lookEveryMs = 10_000;
const probeWhileSteadyMs = 15_000;
const markName = 'health';
const triesAtMost = 5;

interface Watched {
  /** Ends of calls since the last look. */
  ends: CallEnd[];
  health: Health;
  probeAt: number;
  failures: number;
}

/**
 * Nothing here is done by one process alone: what is known of a platform stands in the store, and every look makes
 * incidents follow it, so that a crash or another replica at any moment only repeats what has no second effect.
 */
export async function watchOutages(parts: OutageParts): Promise<OutageWatch> {
  const { store, engine, clock, log, standIn } = parts;
  const kept = async (name: string): Promise<{ mark: string | null; health: Health }> => {
    const mark = await store.mark(name, markName);
    return { mark, health: mark === null ? healthy : (JSON.parse(mark) as Health) };
  };
  const own = ownChannels(parts);
  const watched = new Map<string, Watched>();
  for (const name of parts.platforms.keys())
    if (name !== standIn) watched.set(name, { ends: [], health: (await kept(name)).health, probeAt: 0, failures: 0 });

  async function ask(incidentId: string, command: Parameters<Engine['handle']>[0]['asked']['command']): Promise<void> {
    const asked = { command, actor: { kind: 'machine' as const, name: 'muster' }, at: clock.now() };
    await engine.handle({ incidentId, asked, commandId: null, answer: null });
  }

  async function look(): Promise<void> {
    for (const [name, each] of watched) await lookAt(name, each);
  }

  async function lookAt(name: string, each: Watched): Promise<void> {
    if (!parts.heard(name) || (await kept(name)).health.lostAt !== null) await probe(name, each);
    const ends = each.ends.splice(0);
    for (let tries = 0; tries < triesAtMost; tries++) {
      const { mark, health: before } = await kept(name);
      const after = judged(ends.reduce(afterCall, before), clock.now(), parts.awayAfterMs());
      const value = JSON.stringify(after);
      // Another replica may be first: what this one has seen counts on top of that.
      if (value !== (mark ?? JSON.stringify(healthy)) && !(await store.swapMark(name, markName, mark, value))) continue;
      each.health = after;
      return followed(name, before, after);
    }
    each.ends.unshift(...ends);
  }

  async function followed(name: string, before: Health, after: Health): Promise<void> {
    if (before.lostAt === null && after.lostAt !== null) {
      log.error({ platform: name, since: iso(after.failingSince), why: after.why }, 'a chat platform is lost');
      await toldOf(name, after, 'lost');
    }
    if (before.lostAt !== null && after.lostAt === null) {
      log.warn({ platform: name }, 'a chat platform is back');
      await toldOf(name, before, 'back');
    }
    if (after.lostAt !== null) {
      const { failingSince, lostAt, why } = after;
      const since = failingSince ?? lostAt;
      await moving(await store.atHome(name), (incidentId) =>
        ask(incidentId, { type: 'losePlatform', platform: name, standIn, since, of: 'platform', why: why ?? '' }),
      );
    } else
      await moving(await store.awayFrom(name), async (incidentId) => {
        const incident = (await store.load(incidentId))?.incident;
        if (incident?.away?.of === 'platform') await ask(incidentId, { type: 'regainPlatform', platform: name });
        else if (incident && incident.status !== 'closed') await own.again(incident);
      });
  }

  /** One that cannot be moved holds up no other. After a restore nothing is moved before somebody has released what is held. */
  async function moving(ids: readonly string[], move: (incidentId: string) => Promise<void>): Promise<void> {
    if (ids.length === 0 || (await store.heldCount()) > 0) return;
    for (const incidentId of ids)
      await move(incidentId).catch((error) => log.error({ err: error, incident: incidentId }, 'an incident stays put'));
  }

  const toldOf = (name: string, health: Health, how: 'lost' | 'back'): Promise<void> => {
    const { failingSince, lostAt, why } = health;
    const since = failingSince ?? lostAt ?? clock.now();
    return parts.tell({
      event: {
        type: how === 'lost' ? 'chatLost' : 'chatBack',
        body: { platform: name, since, ...(how === 'lost' && { why }) },
      },
      card: outageTold({ platform: name, standIn, since, why, how }),
      platforms: how === 'lost' ? [standIn] : [standIn, name],
    });
  };

  /** While it is lost nothing else is sent there; a real call has to show how it is. */
  async function probe(name: string, each: Watched): Promise<void> {
    const now = clock.now();
    const paused = await store.pausedUntil(name, now);
    if (now < each.probeAt || (paused !== null && paused > now)) return;
    const platform = parts.platforms.get(name) as ChatPlatform;
    try {
      await deadline(parts.callsWithinMs)(() => proof(platform));
      each.failures = 0;
      each.probeAt = now + probeWhileSteadyMs;
      each.ends.push({ at: clock.now(), ok: true });
      parts.onChange();
    } catch (error) {
      const wait = error instanceof DeliveryError ? error.retryAfterMs : undefined;
      each.failures++;
      each.probeAt = now + (wait ?? probeAfterMs(each.failures));
      const why = error instanceof Error ? error.message : String(error);
      each.ends.push({ at: clock.now(), ok: false, why, quietUntil: wait === undefined ? null : each.probeAt });
      await store.pausePlatform(name, each.probeAt, why);
    }
  }

  const { look: now, stop } = regularly({
    clock,
    everyMs: lookEveryMs,
    look,
    failed: (error) => log.error({ err: error }, 'the chat platforms could not be looked at'),
  });

  const lost: OutageWatch['lost'] = (name) => {
    const health = watched.get(name)?.health;
    if (!health || health.lostAt === null) return null;
    return { since: health.failingSince ?? health.lostAt, standIn, why: health.why ?? '' };
  };
  return {
    called(name, end) {
      const ends = watched.get(name)?.ends;
      if (!ends) return;
      // Many that got through say no more than the last of them; of failures the first says since when.
      const last = ends.at(-1);
      if (last?.ok && end.ok) ends.pop();
      else if (ends.length > 1 && !end.ok && ends.at(-2)?.ok === false && last?.ok === false) ends.pop();
      ends.push(end);
    },
    lost,
    gone: own.gone,
    reachable: (platforms) => [...new Set(platforms.map((name) => (lost(name) ? standIn : name)))],
    look: now,
    stop,
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Where there is no call made for it, one that changes nothing: the operators' channel is opened under its key once. */
const proof = (platform: ChatPlatform): Promise<unknown> =>
  platform.probe
    ? platform.probe()
    : platform.openChannel({
        key: 'named/operators',
        name: 'operators',
        title: 'Operators of Muster',
        purpose: 'What Muster itself has trouble with.',
        private: false,
      });
