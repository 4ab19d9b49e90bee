import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleDueAt, pagingOf } from './escalation.js';
import { evolve, fold } from './evolve.js';
import { openTasks } from './given-tasks.js';
import { focused, handOf } from './hand.js';
import { placesOf } from './places.js';
import { forms } from './redact.js';
import { type Incident, isDeclared, isOpen, isRefusal, type Walk, walksOf } from './state.js';
import type { Story } from './testing.js';
import { machine, policy, start } from './testing.js';
import { act, books, stories } from './testing-random.js';
import { timerKey, timersOf } from './timers.js';

/** A command, what it came to, and the row before it. */
interface Acted {
  story: Story;
  before: Incident | null;
  again: () => unknown;
}
type Law = (acted: Acted) => void;

const touchesAside = new Set(['walkSwitched', 'playbookChanged', 'stepSettled']);
/** All that a command can bring about; erasing is the store's. */
const allTypes = Object.keys(forms).filter((type) => type !== 'redacted');
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** They hold after every command, whatever it came to. */
const lawsOfCommands: Record<string, Law> = {
  'deciding changes nothing it was given and gives the same again': ({ story, again }) => {
    const second = again();
    if (isRefusal(second)) expect(second).toStrictEqual(story.refusal);
    else expect(second).toStrictEqual(story.fresh.map(({ type, body }) => ({ type, body })));
  },

  'a refusal has a code and a sentence': ({ story: { refusal } }) => {
    if (refusal)
      expect(refusal).toMatchObject({
        code: expect.stringMatching(/^[a-z-]+$/),
        message: expect.stringMatching(/^[A-Z].{10,}/),
      });
  },

  'exactly the timers the row promises are pending': ({ story: { row, jobs } }) => {
    if (!row) return;
    const timers = timersOf(row);
    const kinds = new Set([...jobs].flatMap(([key, { task }]) => (task.kind === 'ask' ? [key] : [])));
    for (const timer of timers) {
      const job = jobs.get(timerKey(row, timer));
      kinds.delete(timerKey(row, timer));
      if (timer.once && !job) continue;
      expect(job).toMatchObject({ task: { kind: 'ask', command: timer.command } });
      if (!timer.once) expect(job?.dueAt).toBe(timer.dueAt);
    }
    expect([...kinds]).toEqual([]);
    const promised = timers.map((timer) => timer.for);
    expect(promised.includes('update')).toBe(row.updates.dueAt !== null);
    expect(promised.includes('acknowledge')).toBe(row.acknowledgeDueAt !== null);
    expect(promised.includes('step')).toBe((row.walk?.dueAt ?? null) !== null);
    expect(promised.includes('snooze')).toBe(row.snoozedUntil !== null);
    expect(promised.includes('idle')).toBe(idleDueAt(row) !== null);
    expect(promised.includes('approval')).toBe((row.approvals ?? []).some(({ dueAt }) => dueAt !== null));
    expect(promised.includes('task')).toBe(isOpen(row) && openTasks(row).some(({ askAt }) => askAt !== null));
    for (const [index, { dueAt, decideAt }] of (row.walk?.phases ?? []).entries())
      expect(['phase', 'decide'].map((kind) => promised.includes(`${kind}-${index + 1}`))).toEqual([
        dueAt !== null,
        decideAt !== null,
      ]);
    for (const platform of ['home', 'away']) {
      const { archived = false, channel } = row.channels[platform] ?? {};
      const works = placesOf(row).some((place) => place.platform === platform && place.hears === 'everything');
      const closedFor = row.policy.archiveAfterMs ?? null;
      const goes = works && channel !== undefined && !archived && row.status === 'closed' && closedFor !== null;
      const dueAt = goes ? (row.closedAt ?? 0) + closedFor : null;
      expect(jobs.get(`archive/${row.id}/${platform}`)?.dueAt ?? null).toBe(dueAt);
    }
  },
};

/** They hold after every command that something came of: without, the row is the one of before. */
const lawsOfChanges: Record<string, Law> = {
  'events and row are plain JSON': ({ story: { row, fresh, put } }) => {
    for (const value of [row, fresh, put]) {
      if (isDeepStrictEqual(throughJson(value), value)) continue;
      expect(throughJson(value)).toStrictEqual(value);
      expect.unreachable('it is not what JSON would make of it');
    }
  },

  'every job has a lane of its incident and platform, of a person, or none, and a private incident is never announced':
    ({ story: { row, put } }) => {
      for (const { lane, task } of put) {
        if (
          task.kind === 'ask' ||
          task.kind === 'settle' ||
          task.kind === 'draftPostmortem' ||
          task.kind === 'keepSuggestions' ||
          task.kind === 'wayIn'
        )
          expect(lane).toBeNull();
        else if (task.kind === 'post' && task.to.to === 'person') expect(lane).toBe(`page:${task.to.personId}`);
        else if (task.kind === 'post' && task.mirrored) expect(lane).toBe(`${row?.id}/mirror/${task.platform}`);
        else if (task.kind === 'describe' || task.kind === 'attach')
          expect(lane).toBe(`${row?.id}/${task.platform}/head`);
        else if (task.kind === 'page')
          expect(lane).toBe(task.by ? `page:${row?.id}/${task.personId}/${task.by}` : null);
        else expect(lane).toBe(`${row?.id}/${task.platform}`);
        if (task.kind !== 'post' || row?.visibility !== 'private') continue;
        expect(task.to).not.toEqual({ to: 'named', name: 'stakeholders' });
      }
    },

  'nothing is said in a channel that has been put away': ({ story: { row, put, fresh } }) => {
    // Where it goes on is said while it is still open.
    if (row?.status !== 'closed' || fresh.some(({ type }) => type === 'mergedInto')) return;
    for (const { task } of put)
      if ((task.kind === 'post' || task.kind === 'card') && task.to.to === 'incident')
        expect(row.channels[task.platform]?.archived).toBeUndefined();
  },

  'says nothing at a home that cannot be used, wherever else it is heard': ({ story: { row, put, jobs } }) => {
    if (row?.away?.of !== 'platform') return;
    const { platform: home, standIn } = row.away;
    const at = (name: string) =>
      [...put, ...jobs.values()].filter(({ task }) => 'platform' in task && task.platform === name);
    expect(at(home)).toEqual([]);
    if (put.length > 0 && isOpen(row) && put.some(({ task }) => task.kind === 'card'))
      expect(at(standIn)).not.toEqual([]);
  },

  'the row never contradicts itself': ({ story: { row } }) => {
    if (row) consistent(row);
  },

  'at close a step owed is ahead of the one in hand, and nothing else stays open': ({ story: { row, fresh } }) => {
    for (const { type, body } of fresh) {
      if (type !== 'closed' || !row?.walk?.startedAt) continue;
      const open = row.walk.steps.flatMap(({ state }, index) => (state === 'open' ? [index] : []));
      expect(open.filter((index) => !body.openSteps.includes(index))).toEqual([]);
      expect(body.openSteps).toEqual(expect.arrayContaining(handOf(row.walk)));
      if (row.walk.current === null) expect(body.openSteps).toEqual([]);
    }
  },

  'going back takes the way it came and leaves the other steps as they were': ({ story, before }) => {
    const [event] = story.fresh;
    if (event?.type !== 'stepFailed' && event?.type !== 'stepSkipped') return;
    const { index, next } = event.body;
    if (next === null || next === index || event.body.also?.includes(index)) return;
    const after = story.when({ type: 'back' }, { by: machine, after: event.at - start, given: books }).row?.walk;
    const others = (walk: Walk | null | undefined) =>
      walk?.steps.filter((_, at) => ![index, next, ...(event.body.also ?? [])].includes(at));
    expect(after && handOf(after)).toContain(index);
    expect(others(after)?.map(({ state }) => state)).toEqual(others(before?.walk)?.map(({ state }) => state));
  },

  'leaves a playbook that is aside as it is, whatever happens to the one in hand': ({ story, before }) => {
    if (!before || story.fresh.length === 0 || story.fresh.some(({ type }) => touchesAside.has(type))) return;
    for (const walk of before.aside) expect(story.row?.aside).toContainEqual(walk);
  },

  'brings a playbook back as it was left': ({ story: { row, fresh }, before }) => {
    const [switched] = fresh;
    if (!row?.walk || switched?.type !== 'walkSwitched') return;
    const left = before?.aside.find(({ hash }) => hash === row.walk?.hash);
    const course = (walk: Walk | undefined) =>
      walk && { ...walk, dueAt: null, asked: 0, approval: null, beside: handOf(walk), phases: walk.phases?.length };
    expect(course(row.walk)).toEqual(course(left));
  },

  'a step that needs an approval is done only after another than who asked has given it': ({ story, before }) => {
    expect(story.row?.walk?.approval && story.row.walk.current === null).toBeFalsy();
    if (!story.fresh.some(({ type }) => type === 'stepDone')) return;
    let row = before;
    for (const event of story.fresh) {
      const walk = row?.walk;
      row = evolve(row, event);
      if (event.type !== 'stepDone') continue;
      const held = walk && focused(walk, event.body.index);
      if (!held?.steps[event.body.index]?.approve) continue;
      expect(held.approval?.state).toBe('given');
      if (!held.approval?.alone) expect(held.approval?.by).not.toBe(held.approval?.askedBy);
    }
  },

  'asks about one step at most three times in the channel, once more the commander, and later only when told to': ({
    story: { timeline, fresh },
  }) => {
    const last = fresh.at(-1);
    if (last?.type !== 'stepOverdue') return;
    const since = timeline.findLastIndex(({ type }) =>
      ['walkStarted', 'stepDone', 'stepSkipped', 'stepFailed', 'steppedBack', 'walkSwitched'].includes(type),
    );
    const told = timeline.slice(since).filter(({ type }) => type === 'stepExtended').length;
    if (last.body.times > 4) expect(told).toBeGreaterThan(0);
    if (last.body.times >= 4) expect(last.body.nextDueAt).toBeNull();
  },

  'each call that still rings has its job, and no other has one': ({ story: { row, jobs } }) => {
    if (!row) return;
    const keys = [...jobs].flatMap(([key, { task }]) => (task.kind === 'page' && task.by === undefined ? [key] : []));
    expect(keys.sort()).toEqual(
      pagingOf(row)
        .ringing.map(({ seq, personId }) => `page/${row.id}/${seq}/${personId}`)
        .sort(),
    );
  },

  'calls nobody who is not in it of a private incident, unless somebody wants them': ({
    story: { row, fresh },
    before,
  }) => {
    if (row?.visibility !== 'private') return;
    for (const { type, body } of fresh)
      if (type === 'paged' && body.why !== 'asked')
        for (const { personId } of body.people) expect((before ?? row).responders).toContain(personId);
  },
};

/** They hold of a whole story. */
const lawsOfStories: Record<string, (story: Story) => void> = {
  'the row is the timeline folded, as written and as read back': ({ row, timeline }) => {
    expect(fold(timeline)).toStrictEqual(row);
    expect(fold(throughJson(timeline))).toStrictEqual(row);
  },

  'Muster never posts more than its share of updates in a row': ({ timeline }) => {
    let inARow = 0;
    for (const event of timeline) {
      if (event.type !== 'updatePosted') continue;
      inARow = event.body.automatic && event.body.nextAt !== null ? inARow + 1 : 0;
      expect(inARow).toBeLessThanOrEqual(policy.automaticUpdates);
    }
  },
};

function keeps<T>(of: Record<string, (value: T) => void>, value: T): void {
  for (const [law, check] of Object.entries(of)) {
    try {
      check(value);
    } catch (error) {
      throw new Error(`${law}: ${error}`, { cause: error });
    }
  }
}

describe('an incident', () => {
  it('keeps its laws over any commands by anybody at any time', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        keeps(
          lawsOfStories,
          act(askings, prompt, (story, again, before) => {
            keeps(lawsOfCommands, { story, again, before });
            if (story.fresh.length > 0) keeps(lawsOfChanges, { story, again, before });
          }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('comes to every event in some story', { timeout: 60_000 }, () => {
    const seen = new Set<string>();
    for (const askings of fc.sample(stories, { numRuns: 600, seed: 7 }))
      for (const { type } of act(askings, true).timeline) seen.add(type);
    expect(allTypes.filter((type) => !seen.has(type))).toEqual([]);
  });
});

function consistent(row: Incident): void {
  const { updates } = row;
  expect(row.number === null).toBe(row.status === 'triage' || row.status === 'dismissed');
  expect(row.declaredAt === null).toBe(!isDeclared(row));
  expect(row.closedAt !== null).toBe(row.status === 'closed' || row.status === 'dismissed');
  expect(row.resolvedAt !== null).toBe(row.status === 'resolved' || row.status === 'closed');
  expect(row.outcome !== null).toBe(row.status === 'closed' || row.status === 'dismissed');
  if (!isOpen(row)) {
    expect([updates.dueAt, updates.overdueSince, row.acknowledgeDueAt, row.snoozedUntil]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([row.statusProposal, row.severityProposal]).toEqual([null, null]);
    expect([updates.askAt, updates.longSince, updates.longAskAt]).toEqual([null, null, null]);
  }
  if (!isDeclared(row)) expect([updates.dueAt, row.acknowledgeDueAt, row.acknowledgedAt]).toEqual([null, null, null]);
  else expect(row.snoozedUntil).toBeNull();
  const { lapsedAt, ringing, called } = pagingOf(row);
  if (lapsedAt === null && (row.acknowledgedAt !== null || row.alerts.firing === 0))
    expect(row.acknowledgeDueAt).toBeNull();
  if (!isOpen(row)) expect([ringing, lapsedAt]).toEqual([[], null]);
  expect(new Set(ringing.map(({ personId }) => personId)).size).toBe(ringing.length);
  for (const { personId } of [...ringing, ...called]) expect(row.responders).toContain(personId);
  if (row.alerts.firing > 0) expect(row.statusProposal).toBeNull();
  if (row.severityProposal) expect(row.severityProposal.severity < row.severity).toBe(true);
  expect(row.alerts.firing).toBeLessThanOrEqual(row.alerts.total);
  expect(new Set(row.responders).size).toBe(row.responders.length);
  expect(new Set(row.followUps.map(({ id }) => id)).size).toBe(row.followUps.length);
  for (const { approval, dueAt } of row.aside) expect([approval, dueAt]).toEqual([null, null]);
  expect(new Set(walksOf(row).map(({ hash }) => hash)).size).toBe(walksOf(row).length);
  if (row.walk === null) expect(row.aside).toEqual([]);
  if (!isOpen(row)) expect(row.walk?.dueAt ?? null).toBeNull();
  for (const walk of walksOf(row)) possible(walk);
}

function possible(walk: Walk): void {
  for (const { ticked, substeps } of walk.steps) expect(ticked.every((each) => each < substeps)).toBe(true);
  if (walk.current === null) expect([walk.dueAt, walk.approval]).toEqual([null, null]);
  expect(walk.current).toBe(handOf(walk)[0] ?? null);
  for (const index of handOf(walk)) {
    expect(walk.steps[index]).toMatchObject({ state: 'open', endedAt: null, by: null, said: null });
    expect([walk.startedAt === null, walk.finishedAt]).toEqual([false, null]);
  }
  if (walk.current === null) expect(walk.startedAt === null).toBe(walk.finishedAt === null);
  expect(new Set(handOf(walk)).size).toBe(handOf(walk).length);
  for (const { startedAt, dueAt, decideAt, from, to } of walk.phases ?? [])
    if (startedAt === null) expect([dueAt, decideAt]).toEqual([null, null]);
    else expect(handOf(walk).some((index) => from <= index && index < to)).toBe(true);
  for (const step of walk.steps) expect(['open', 'passed'].includes(step.state)).toBe(step.endedAt === null);
  expect([...walk.trail].sort((a, b) => a - b)).toEqual(
    walk.steps.flatMap(({ endedAt }, index) => (endedAt === null ? [] : [index])),
  );
  if (walk.startedAt === null) expect(walk.steps.every(({ state }) => state === 'open')).toBe(true);
}
