import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import { type Card, note, paragraph, strong, text, time } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import type { KeptRoster } from '../store/oncall-port.js';
import type { Store } from '../store/port.js';
import { type DeskBasis, type OnCallDesk, openDesk } from './desk.js';
import { dueAt, refreshed } from './refresh.js';
import { dayMs } from './rotation.js';
import { type CalendarSchedule, isAddress, placeShown } from './schedule.js';
import type { Override } from './shift.js';

/** Calendars are read when they are due; what other replicas have read or set is seen within this time. */
const lookEveryMs = 20_000;
/** One failure may be a hiccup. */
const failuresTold = 2;

export interface OnCallWatch {
  desk: OnCallDesk;
  /** Reads what is due, and looks what has changed. Never throws: what goes wrong is logged. */
  look(): Promise<void>;
  /** Looks only at the overrides: one has just been written. */
  overridden(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  store: Pick<Store, 'rosters' | 'keepRoster' | 'rosterTold' | 'overrides' | 'people'>;
  /** As it is now. */
  current(): Config;
  personIds(): ReadonlyMap<string, string>;
  tell(news: SystemNews): Promise<void>;
  clock: Clock;
  log: Logger;
  /** How long a server may take. */
  withinMs?: number;
}

/** Keeps who is on call at hand. What the store has is there when this resolves, and what is in files is read. */
export async function watchOnCall(parts: Parts): Promise<OnCallWatch> {
  const { store, current, clock, log } = parts;
  let rosters: ReadonlyMap<string, KeptRoster> = new Map();
  let overrides: Override[] = [];
  let gone: ReadonlyMap<string, string> = new Map();
  let basis: (DeskBasis & { of: Config }) | null = null;

  const desk = openDesk(() => {
    const config = current();
    if (basis?.of !== config || basis.rosters !== rosters || basis.overrides !== overrides || basis.gone !== gone)
      basis = {
        of: config,
        schedules: config.onCall,
        people: config.people,
        personIds: parts.personIds(),
        rosters,
        gone,
        overrides,
      };
    return basis;
  });

  async function overridden(): Promise<void> {
    const now = await store.overrides(clock.now() - 40 * dayMs);
    if (JSON.stringify(now) !== JSON.stringify(overrides)) overrides = now;
  }

  async function known(): Promise<void> {
    const kept = await store.rosters();
    const stamp = (of: Iterable<KeptRoster>): string =>
      JSON.stringify([...of].map(({ schedule, source, triedAt, readAt }) => [schedule, source, triedAt, readAt]));
    if (stamp(kept) !== stamp(rosters.values())) rosters = new Map(kept.map((each) => [each.schedule, each]));
    const left = new Map(
      (await store.people()).flatMap(({ personId, name, goneAt }): [string, string][] =>
        goneAt === null ? [] : [[personId, name]],
      ),
    );
    if (JSON.stringify([...left]) !== JSON.stringify([...gone])) gone = left;
    await overridden();
  }

  async function read(schedule: CalendarSchedule): Promise<void> {
    const before = rosters.get(schedule.name) ?? null;
    const after = await refreshed(schedule, before, clock.now(), {
      ...(parts.withinMs !== undefined && { withinMs: parts.withinMs }),
    });
    await store.keepRoster(after);
    rosters = new Map([...rosters, [schedule.name, after]]);
    const lost = after.failures >= failuresTold || (after.failures > 0 && after.readAt === null);
    if (lost && (await store.rosterTold(schedule.name, true))) await tellLost(schedule, after);
    if (after.failures === 0 && (before?.failures ?? 0) > 0 && (await store.rosterTold(schedule.name, false)))
      await tellBack(schedule);
  }

  async function due(which: (schedule: CalendarSchedule) => boolean = () => true): Promise<void> {
    const now = clock.now();
    const calendars = current().onCall.filter((each) => each.kind === 'calendar');
    const late = calendars.filter((each) => which(each) && dueAt(each, rosters.get(each.name) ?? null) <= now);
    await Promise.all(
      late.map((schedule) =>
        read(schedule).catch((error) =>
          log.error({ err: error, schedule: schedule.name }, 'what was read of a calendar could not be kept'),
        ),
      ),
    );
  }

  async function tellLost(schedule: CalendarSchedule, { error, readAt }: KeptRoster): Promise<void> {
    log.warn({ schedule: schedule.name, error, readAt }, 'the calendar of a schedule cannot be read');
    await parts.tell({
      event: { type: 'rosterLost', body: { schedule: schedule.name, error, readAt } },
      card: lostCard(schedule, error ?? '', readAt),
      platforms: current().policy.platforms,
    });
  }

  async function tellBack(schedule: CalendarSchedule): Promise<void> {
    log.info({ schedule: schedule.name }, 'the calendar of a schedule is read again');
    const summary = `The calendar of ${schedule.name} is read again.`;
    await parts.tell({
      event: { type: 'rosterBack', body: { schedule: schedule.name } },
      card: { tone: 'good', summary, blocks: [paragraph(text(summary))] },
      platforms: current().policy.platforms,
    });
  }

  await known();
  await due(({ place }) => !isAddress(place));
  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    async look() {
      await known();
      await due();
    },
    failed: (error) => log.error({ err: error }, 'who is on call could not be looked at'),
  });
  return { desk, look: turns.look, overridden, stop: turns.stop };
}

function lostCard(schedule: CalendarSchedule, error: string, readAt: number | null): Card {
  const summary = `The calendar of ${schedule.name} cannot be read: ${literal(error, 200)}.`;
  const goesOn =
    readAt === null
      ? [text('There is no copy of it, so nobody is on call by it. ')]
      : [text('Whoever is on call by it is taken from the copy of '), time(readAt, 'date'), text('. ')];
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(
        text('The calendar of '),
        strong(schedule.name),
        text(` at ${literal(placeShown(schedule.place), 100)} cannot be read: ${literal(error, 200)}.`),
      ),
      note(...goesOn, text('It is tried again every minute; muster check reads it too.')),
    ],
  };
}
