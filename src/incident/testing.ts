import { expect } from 'vitest';
import type { AttachedAlerts, Command } from './commands.js';
import { type Context, event, type WalkablePlaybook } from './context.js';
import { decide } from './decide.js';
import type { EventBodies, EventType, IncidentEvent, TimelineEvent } from './events.js';
import { evolve } from './evolve.js';
import type { JobDraft, Saying } from './jobs.js';
import { react } from './react.js';
import { mergeEvidence, noEvidence } from './severity.js';
import { type Actor, type Evidence, type Incident, isRefusal, type Policy, type Refusal } from './state.js';

export const minutes = (n: number): number => n * 60_000;
export const days = (n: number): number => n * 86_400_000;
/** When every story begins. Times of a story are given as ms after it. */
export const start = Date.UTC(2030, 0, 15, 2, 0);

export const policy: Policy = {
  severities: {
    sev1: { updateEveryMs: minutes(30), acknowledgeWithinMs: minutes(5), postmortem: true },
    sev2: { updateEveryMs: minutes(60), acknowledgeWithinMs: minutes(15), postmortem: true },
    sev3: { updateEveryMs: null, acknowledgeWithinMs: null, postmortem: false },
  },
  longAfterMs: minutes(120),
  reopenForMs: minutes(30),
  warnBeforeMs: minutes(5),
  automaticUpdates: 2,
  platforms: ['home', 'away'],
  zones: ['Europe/Berlin'],
  invite: ['olga'],
};

export const evidence = (given: Partial<Evidence> = {}): Evidence => ({
  ...noEvidence,
  alerts: 1,
  services: ['registry'],
  worst: 'warning',
  ...given,
});

export const alerts = (given: Partial<AttachedAlerts> = {}): AttachedAlerts => ({
  count: 1,
  firing: given.count ?? 1,
  names: ['PushFails'],
  evidence: evidence({ alerts: given.count ?? 1 }),
  startedAt: start,
  receipts: ['r1'],
  ...given,
});

export const step = (title: string, more: Partial<WalkablePlaybook['steps'][number]> = {}) => ({
  title,
  phase: 'Contain',
  role: null,
  goto: null,
  thenTo: null,
  ask: [],
  approve: null,
  withinMs: null,
  substeps: [],
  ...more,
});
/** Step 2 branches to step 4, step 3 asks for one thing, step 4 for two. */
export const playbook: WalkablePlaybook = {
  playbookId: 'registry-outage',
  title: 'Registry outage',
  steps: [
    step('Confirm'),
    step('Freeze the jobs', { goto: 3, role: 'operations' }),
    step('Look at one client', { ask: ['client'] }),
    step('Fail over', { ask: ['host', 'user'] }),
    step('Unfreeze the jobs'),
  ],
};
/** Two checks, the recovery each leads to when it fails, and what comes after either. */
export const forked: WalkablePlaybook = {
  playbookId: 'forked',
  title: 'Forked',
  steps: [
    step('Check the disk', { goto: 2 }),
    step('Check the name', { goto: 3, thenTo: 4 }),
    step('Make room', { thenTo: 4, goto: 0 }),
    step('Renew the name', { thenTo: 4 }),
    step('Prove it', { goto: 0 }),
  ],
};
/** What needs an agreement first, takes time, and has parts. */
export const watched: WalkablePlaybook = {
  playbookId: 'watched',
  title: 'Watched',
  steps: [
    step('Look', { withinMs: minutes(10), role: 'operations' }),
    step('Cut it off', { approve: 'commander', withinMs: minutes(20), goto: 3 }),
    step('Tell them', { substeps: ['by mail', 'by phone'] }),
    step('Put it back', { approve: 'operations' }),
  ],
};
export const alternatives = { hash: 'forked', reason: 'the service is forked' };
export const chosen = { hash: 'book', reason: 'the service is registry' };

export const context = (given: Partial<Context> = {}): Context => ({
  number: 42,
  rival: null,
  playbook: (hash) => (hash === 'book' ? playbook : hash === 'forked' ? forked : hash === 'watched' ? watched : null),
  onCall: () => ({ people: [], why: 'nobody is planned' }),
  may: () => null,
  ...given,
});

export const opening = (given: Partial<EventBodies['triaged']> = {}): EventBodies['triaged'] => ({
  incidentId: 'i1',
  title: 'Registry: pushes fail',
  severity: 'sev3',
  severityReason: 'the worst label is warning',
  severitySetBy: 'machine',
  visibility: 'public',
  drill: false,
  services: ['registry'],
  groupKey: 'service:registry',
  policy,
  ...given,
});

export const open = (given: Partial<Extract<Command, { type: 'open' }>> = {}): Command => ({
  type: 'open',
  incidentId: 'i1',
  title: 'Registry: pushes fail',
  services: ['registry'],
  groupKey: 'service:registry',
  alerts: alerts(),
  policy,
  drill: false,
  playbook: null,
  judged: { severity: 'sev2', reason: 'registry is tier 1' },
  ...given,
});

export const attach = (severity: 'sev1' | 'sev2' | 'sev3', given: Partial<AttachedAlerts> = {}): Command => ({
  type: 'attachAlerts',
  alerts: alerts(given),
  judged: { severity, reason: `judged ${severity}` },
});
export const clear = (count = 1): Command => ({ type: 'resolveAlerts', count, names: ['PushFails'], receipts: ['r2'] });

export const declare = (given: Partial<Extract<Command, { type: 'declare' }>> = {}): Command => ({
  type: 'declare',
  incidentId: 'i1',
  title: 'Pushes fail',
  severity: null,
  reason: null,
  services: [],
  visibility: 'public',
  drill: false,
  policy,
  playbook: null,
  ...given,
});

export const triaged = (given: Partial<EventBodies['triaged']> = {}): IncidentEvent[] => [
  event('triaged', opening(given)),
  event('alertsAttached', { ...alerts(), acknowledgeDueAt: null }),
];

/** Declared by alerts at the start of the story, with one alert firing and nobody there yet. */
export const declared = (given: Partial<EventBodies['triaged']> = {}): IncidentEvent[] => {
  const by = opening({ severity: 'sev2', ...given });
  const rules = by.policy.severities[by.severity];
  const due = (every: number | null) => (every === null ? null : start + every);
  return [
    event('declared', {
      number: 42,
      opening: by,
      severity: by.severity,
      severityReason: by.severityReason,
      severitySetBy: by.severitySetBy,
      acknowledgeDueAt: due(rules.acknowledgeWithinMs),
      updateDueAt: due(rules.updateEveryMs),
    }),
    event('alertsAttached', { ...alerts(), evidence: mergeEvidence(noEvidence, evidence()), acknowledgeDueAt: null }),
  ];
};
export const attachedPlaybook = event('playbookAttached', {
  ...chosen,
  playbookId: playbook.playbookId,
  title: playbook.title,
  steps: playbook.steps.map(({ title, phase, role, thenTo }) => ({
    ...{ title, phase, role, thenTo, approve: null },
    ...{ withinMs: null, substeps: 0 },
  })),
  later: false,
  others: [],
});

type Expected = { [T in EventType]: { [K in T]: Partial<EventBodies[T]> } }[EventType];
export const machine: Actor = { kind: 'machine', name: 'muster' };
export const person = (personId: string): Actor => ({ kind: 'person', personId });

/** A stream as the engine holds it: the row, the timeline it came from, and the jobs that wait. */
export class Story {
  constructor(
    readonly row: Incident | null = null,
    readonly timeline: readonly TimelineEvent[] = [],
    readonly jobs: ReadonlyMap<string, JobDraft> = new Map(),
    /** Of the latest command: its events or why there are none, and the jobs put and dropped. */
    readonly refusal: Refusal | null = null,
    readonly fresh: readonly TimelineEvent[] = [],
    readonly put: readonly JobDraft[] = [],
  ) {}

  get incident(): Incident {
    if (!this.row) throw new Error('nothing has been opened');
    return this.row;
  }

  /** Writes events after what is there, as the engine does. */
  write(events: readonly IncidentEvent[], at: number, actor: Actor): Story {
    let row = this.row;
    const timeline = [...this.timeline];
    const jobs = new Map(this.jobs);
    const put: JobDraft[] = [];
    for (const each of events) {
      const entry: TimelineEvent = { ...each, seq: timeline.length + 1, at, recordedAt: at, actor };
      const before = row;
      row = evolve(before, entry);
      timeline.push(entry);
      for (const change of react(before, row, entry)) {
        if ('drop' in change) jobs.delete(change.drop);
        else if ('clear' in change) {
          for (const { key, task } of [...jobs.values()])
            if ('platform' in task && task.platform === change.clear.platform) jobs.delete(key);
        } else {
          jobs.set(change.put.key, change.put);
          put.push(change.put);
        }
      }
    }
    return new Story(row, timeline, jobs, null, timeline.slice(this.timeline.length), put);
  }

  /** @param after ms since the start of the story */
  when(command: Command, { after = minutes(10), by = person('ada'), given = context() } = {}): Story {
    const at = start + after;
    const decision = decide(this.row, { command, actor: by, at }, given);
    return isRefusal(decision)
      ? new Story(this.row, this.timeline, this.jobs, decision, [], [])
      : this.write(decision, at, by);
  }

  /** Expects exactly these events, in order; of a body what is given. */
  gives(...expected: Expected[]): Story {
    expect(this.refusal).toBeNull();
    expect(this.fresh.map(({ type }) => type)).toEqual(expected.flatMap((each) => Object.keys(each)));
    this.fresh.forEach((each, index) => {
      expect(each.body).toMatchObject(Object.values(expected[index] ?? {})[0] as object);
    });
    return this;
  }

  refuses(code: string, saying: RegExp): Story {
    expect(this.fresh).toEqual([]);
    expect(this.refusal).toMatchObject({ refused: true, code });
    expect(this.refusal?.message).toMatch(saying);
    return this;
  }

  /** Expects of the row what is given. */
  leaves(expected: { [K in keyof Incident]?: unknown }): Story {
    expect(this.incident).toMatchObject(expected);
    return this;
  }

  /** What the latest command has said at the home platform, as `saying>where`. */
  get said(): string[] {
    return this.put.flatMap(({ task }) =>
      task.kind === 'post' && task.platform === 'home'
        ? [`${task.say}>${task.to.to === 'named' ? task.to.name : task.to.to}` satisfies `${Saying}>${string}`]
        : [],
    );
  }

  /** Ms after the start when this job is due, or null when none waits under the key. */
  due(key: string): number | null {
    const job = this.jobs.get(key);
    return job ? job.dueAt - start : null;
  }
}

/** All of it happened at the start of the story, by Muster. */
export const given = (...events: IncidentEvent[]): Story => new Story().write(events, start, machine);
