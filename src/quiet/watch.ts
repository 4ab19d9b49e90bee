import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import { regularly } from '../engine/regularly.js';
import type { PostTo } from '../incident/jobs.js';
import { type Incident, isOpen } from '../incident/state.js';
import type { Card } from '../messages/card.js';
import { machine } from '../people/viewer.js';
import { ConflictError, type NewEvent, type Store } from '../store/port.js';
import type { SilenceWrite } from '../store/quiet-port.js';
import { type DeskBasis, openDesk, type QuietDesk } from './desk.js';
import { holderOf, type Silence } from './silence.js';
import { bodyOf, endedCard, endsSoonCard, heldShown } from './words.js';

const lookEveryMs = 10_000;
const warnBeforeMs = 10 * 60_000;
/** Shorter ones end before anybody has forgotten them. */
const warnsFromMs = 30 * 60_000;
const triesAtMost = 5;

export interface QuietWatch {
  desk: QuietDesk;
  /** Ends what is over and lets go of what nothing holds any more. Never throws: what goes wrong is logged. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  store: Pick<
    Store,
    | 'silences'
    | 'heldCounts'
    | 'heldBy'
    | 'releaseHeld'
    | 'warnedOfEnd'
    | 'systemPosition'
    | 'commit'
    | 'incident'
    | 'person'
  >;
  /** As it is now. */
  current(): Pick<Config, 'maintenance' | 'ladder' | 'services' | 'sources' | 'policy'>;
  names: ReadonlyMap<string, string>;
  clock: Clock;
  /** What is due is looked at, now. */
  heard(): Promise<void>;
  onCommit(): void;
  log: Logger;
}

/** Keeps at hand what is kept quiet, and sees to it that it ends. What people said is there when this resolves. */
export async function watchQuiet(parts: Parts): Promise<QuietWatch> {
  const { store, current, names, clock } = parts;
  let silences: readonly Silence[] = await store.silences();
  let held: ReadonlyMap<string, number> = new Map();

  const desk = openDesk((): DeskBasis => {
    const { maintenance, ladder, services, sources } = current();
    const called = services.flatMap(({ name, aliases }) => [name, ...aliases].map((each) => [each, name] as const));
    return {
      ...{ silences, windows: maintenance, held, names },
      tiers: ladder.tiers,
      services: new Map(called),
      sources: sources.map(({ name }) => name),
    };
  });

  async function look(): Promise<void> {
    const now = clock.now();
    silences = await store.silences();
    const over = silences.filter(({ untilAt }) => untilAt <= now);
    for (const each of over) await end(each, now);
    if (over.length > 0) silences = await store.silences();
    const counts = await store.heldCounts();
    held = new Map(counts.map(({ by, count }) => [by, count]));
    for (const each of silences) await warn(each, now);
    await letGo(now);
  }

  /** What is held by something that is over, or that has changed, is looked at again. */
  async function letGo(now: number): Promise<void> {
    const standing = new Set(desk.standing(now).map(({ by }) => by));
    const free = [...held.keys()].filter((by) => !standing.has(by));
    for (const by of free) await store.releaseHeld(by, now);
    if (free.length === 0) return;
    await parts.heard();
    held = new Map((await store.heldCounts()).map(({ by, count }) => [by, count]));
  }

  async function end(silence: Silence, now: number): Promise<void> {
    const [about] = (await store.heldCounts()).filter(({ by }) => by === holderOf(silence));
    const known = about ? await store.heldBy(about.by, heldShown) : [];
    const { number, untilAt } = silence;
    await write(
      { type: 'silenceEnded', body: { ...bodyOf(silence), early: false, stillFiring: about?.count ?? 0 } },
      [{ end: number, at: now }],
      silence,
      now - untilAt > 86_400_000 && !about ? null : endedCard(silence, about?.count ?? 0, known, null),
    );
  }

  async function warn(silence: Silence, now: number): Promise<void> {
    const { number, fromAt, untilAt } = silence;
    const count = held.get(holderOf(silence)) ?? 0;
    if (count === 0 || untilAt - now > warnBeforeMs || untilAt - fromAt < warnsFromMs) return;
    if (!(await store.warnedOfEnd(number, untilAt))) return;
    const known = await store.heldBy(holderOf(silence), heldShown);
    await write(null, [], { ...silence, incidentId: null }, endsSoonCard(silence, count, known, now));
  }

  /** Writes all of it in one commit. What somebody else has ended first is theirs to tell. */
  async function write(
    event: Pick<NewEvent, 'type' | 'body'> | null,
    writes: SilenceWrite[],
    about: Silence,
    card: Card | null,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const at = clock.now();
      const stream = await store.systemPosition();
      const position = stream.expectedSeq + 1;
      const place = card && (await placeOf(about));
      try {
        await store.commit([
          {
            stream: event && stream,
            events: event ? [{ ...event, at, recordedAt: at, actor: { kind: 'machine', name: 'muster' } }] : [],
            incident: null,
            silences: writes,
            jobs:
              place && card
                ? [
                    {
                      put: {
                        key: `say/system/${place.platform}/${position}/${holderOf(about)}${event ? '' : `/until/${about.untilAt}`}`,
                        lane: `system/${place.platform}`,
                        position,
                        dueAt: at,
                        platform: place.platform,
                        incidentId: 'system',
                        task: { kind: 'post', incidentId: 'system', ...place, card },
                      },
                    },
                  ]
                : [],
          },
        ]);
        parts.onCommit();
        return;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (error.streams.includes('silence')) return;
        if (tries === triesAtMost) throw error;
      }
    }
  }

  /** Where it was declared, while somebody reads there; else whoever declared it; else the operators. */
  async function placeOf({ incidentId, setBy }: Silence): Promise<{ platform: string; to: PostTo } | null> {
    const incident = incidentId === null ? null : await store.incident(machine, { id: incidentId });
    const home = incident && homeOf(incident);
    if (home) return home;
    const [platform] = current().policy.platforms;
    if (platform === undefined) return null;
    const person = await store.person(setBy);
    const to: PostTo =
      person === null || person.goneAt !== null
        ? { to: 'named', name: 'operators' }
        : { to: 'person', personId: setBy };
    return { platform, to };
  }

  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    look,
    failed: (error) => parts.log.error({ err: error }, 'what is kept quiet could not be looked at'),
  });
  return { desk, look: turns.look, stop: turns.stop };
}

function homeOf(incident: Incident): { platform: string; to: PostTo } | null {
  const platform = incident.policy.platforms.find((each) => incident.channels[each]);
  return platform !== undefined && isOpen(incident)
    ? { platform, to: { to: 'incident', incidentId: incident.id } }
    : null;
}
