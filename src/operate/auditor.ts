import type { Logger } from 'pino';
import type { Clock } from '../engine/clock.js';
import type { Engine } from '../engine/engine.js';
import type { SystemNews } from '../engine/operators.js';
import { regularly } from '../engine/regularly.js';
import type { Incident, Status } from '../incident/state.js';
import { type Timer, timerKey, timersOf } from '../incident/timers.js';
import { type Card, paragraph, text } from '../messages/card.js';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { machine } from '../people/viewer.js';
import { everyIncident } from '../store/every-incident.js';
import type { Store } from '../store/port.js';

const everyMs = 60_000;
/** With less than three looks missed nobody is alarmed. */
const lateAfterMs = 3 * everyMs;
const toldAtMost = 10;
/** Whatever can still have a timer. */
const living: Status[] = ['triage', 'investigating', 'identified', 'monitoring', 'resolved'];

/** What one incident lacked. */
export interface Lack {
  incidentId: string;
  number: number | null;
  /** Private ones are told by their number alone. */
  title: string | null;
  timers: string[];
}

export interface Auditor {
  /** Looks now, and gives what had been lost. Never throws: what goes wrong is logged. */
  look(): Promise<Lack[]>;
  /** null: it looks as often as it should. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/**
 * Looks every minute whether each incident still has the timers its row promises: that it is escalated, that its update
 * comes, that its step is asked about. What has been lost is set again, stands on the timeline, and is told to the
 * operators: a timer is written in the commit of its row, so a lost one means that somebody or something else wrote.
 */
export function startAuditor(parts: {
  store: Pick<Store, 'incidents' | 'incident' | 'timerKeys'>;
  engine: Engine;
  tell(news: SystemNews): Promise<void>;
  platforms(): readonly string[];
  clock: Clock;
  log: Logger;
}): Auditor {
  const { store, engine, clock, log } = parts;
  let lookedAt = clock.now();
  let found: Lack[] = [];

  const missing = (incident: Incident, keys: ReadonlySet<string>): Timer[] =>
    timersOf(incident).filter((timer) => !timer.once && !keys.has(timerKey(incident, timer)));

  async function lacking(): Promise<Incident[]> {
    const all: Incident[] = [];
    for await (const incident of everyIncident(store, machine, { status: living, queue: true })) all.push(incident);
    // After the rows: a timer that is set meanwhile is no lack, and one that ends meanwhile is looked at once more.
    const keys = new Set(await store.timerKeys());
    return all.filter((incident) => missing(incident, keys).length > 0);
  }

  async function lookOnce(): Promise<void> {
    found = [];
    const suspects = await lacking();
    for (const { id } of suspects) {
      const incident = await store.incident(machine, { id });
      const lost = incident ? missing(incident, new Set(await store.timerKeys())) : [];
      if (!incident || lost.length === 0) continue;
      const timers = lost.map(({ for: what, dueAt }) => ({ for: what, dueAt }));
      const outcome = await engine.handle({
        incidentId: id,
        asked: {
          command: { type: 'restoreTimers', timers },
          actor: { kind: 'machine', name: 'auditor' },
          at: clock.now(),
        },
        commandId: null,
        answer: null,
      });
      if (outcome.refusal || outcome.events.length === 0) continue;
      const title = incident.visibility === 'public' ? incident.title : null;
      found.push({ incidentId: id, number: incident.number, title, timers: timers.map((timer) => timer.for) });
    }
    lookedAt = clock.now();
    if (found.length === 0) return;
    log.error({ found: found.map(({ incidentId, timers }) => ({ incidentId, timers })) }, 'timers had been lost');
    const body = { lost: found.slice(0, toldAtMost).map(({ incidentId, timers }) => ({ incidentId, timers })) };
    await parts.tell({ event: { type: 'timersLost', body }, card: lostCard(found), platforms: parts.platforms() });
  }

  const turns = regularly({
    clock,
    everyMs,
    look: lookOnce,
    failed: (error) => log.error({ err: error }, 'the auditor could not look'),
  });

  return {
    async look() {
      await turns.look();
      return found;
    },
    trouble: () =>
      clock.now() - lookedAt > lateAfterMs
        ? 'The auditor has not looked at the open incidents for three minutes. Look at the log.'
        : null,
    stop: turns.stop,
  };
}

function lostCard(found: readonly Lack[]): Card {
  const summary = `Muster had lost ${count(
    found.reduce((sum, { timers }) => sum + timers.length, 0),
    'timer',
  )} and has set them again.`;
  const items = found
    .slice(0, toldAtMost)
    .map(({ number, title, timers }) => [
      text(
        `${number === null ? 'In the triage queue' : `#${number}`}${title === null ? '' : ` ${literal(title, 80)}`}: ${timers.join(', ')}`,
      ),
    ]);
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(text(summary)),
      { kind: 'list', ordered: false, items },
      paragraph(text('Nothing of Muster removes one: look who else writes to its database, and at the log.')),
    ],
  };
}
