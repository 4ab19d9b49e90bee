import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alone } from './here.js';
import { inTurn, nextNudge, nudgeForMs, openNudge } from './nudges.js';
import { declared, given, machine, minutes, person, policy, type Story, start } from './testing.js';
import { act, stories } from './testing-random.js';
import { timersOf } from './timers.js';

/** Ada alone, the step in hand with ten minutes from the second minute on. */
const walking = (rules: object = {}) =>
  given(...declared({ policy: { ...policy, ...rules } }))
    .when({ type: 'switchPlaybook', hash: 'watched', reason: 'x' }, { after: minutes(1) })
    .when({ type: 'assignRole', role: 'commander', personId: 'ada' }, { after: minutes(1) })
    .when({ type: 'next' }, { after: minutes(2) });
const givesTask = (story: Story, forMs: number, after: number) =>
  story.when({ type: 'giveTask', text: 'look', personId: 'ada', forMs }, { after });

describe('somebody who is alone', () => {
  it('is asked one thing at a time: what presses less waits until the other is answered', () => {
    const story = givesTask(walking(), minutes(9), minutes(4));
    expect(story.due('step/i1')).toBe(minutes(12));
    // A minute later would be a second question within the time of the first.
    expect(story.due('task/i1')).toBe(minutes(17));
    const asked = story.when({ type: 'checkStep', dueAt: start + minutes(12) }, { after: minutes(12), by: machine });
    expect(openNudge(asked.incident, start + minutes(12))?.kind).toBe('step');
    asked.when({ type: 'checkTask', id: 1, dueAt: start + minutes(13) }, { after: minutes(13), by: machine }).gives();
    const answered = asked.when({ type: 'done', evidence: 'seen' }, { after: minutes(14) });
    expect(openNudge(answered.incident, start + minutes(14))).toBeNull();
    expect(answered.due('task/i1')).toBe(minutes(13));
  });

  it('the promised update goes before all else', () => {
    // The warning comes 55 minutes in, and the step would be asked about at 53.
    const story = given(...declared())
      .when({ type: 'switchPlaybook', hash: 'watched', reason: 'x' }, { after: minutes(1) })
      .when({ type: 'next' }, { after: minutes(43) });
    expect(story.due('warn/i1')).toBe(minutes(55));
    expect(story.due('step/i1')).toBe(minutes(60));
    const warned = story.when({ type: 'warnUpdate', dueAt: start + minutes(60) }, { after: minutes(55), by: machine });
    warned.gives({ updateWarned: {} });
    const told = warned.when({ type: 'postUpdate', text: 'we look' }, { after: minutes(56) });
    expect(told.due('step/i1')).toBe(minutes(53));
  });

  it('is not held up when others are there', () => {
    const story = givesTask(walking(), minutes(9), minutes(4)).when(
      { type: 'addNote', text: 'here' },
      { after: minutes(5), by: person('bob') },
    );
    expect(alone(story.incident)).toBeNull();
    expect([story.due('step/i1'), story.due('task/i1')]).toEqual([minutes(12), minutes(13)]);
  });

  it('what matters next: acknowledge, then take command, then what is due first', () => {
    const next = (story: Story, after: number) => nextNudge(story.incident, timersOf(story.incident), start + after);
    const fresh = given(...declared());
    expect(next(fresh, 0)).toMatchObject({ kind: 'acknowledge', open: false });
    const seen = fresh.when({ type: 'acknowledge' }, { after: minutes(1) });
    expect(next(seen, minutes(1))).toMatchObject({ kind: 'command' });
    expect(next(walking(), minutes(3))).toEqual({ kind: 'step', open: false, at: start + minutes(12) });
    const asked = walking().when(
      { type: 'checkStep', dueAt: start + minutes(12) },
      { after: minutes(12), by: machine },
    );
    expect(next(asked, minutes(13))).toEqual({ kind: 'step', open: true, at: start + minutes(12) });
    expect(next(asked.when({ type: 'resolve', summary: null }), minutes(14))).toBeNull();
  });

  it('never has two questions open that could have waited, whatever happens', () => {
    const held = ['stepOverdue', 'taskOverdue', 'longProposed', 'handoverProposed', 'updateAsked'];
    fc.assert(
      fc.property(stories, (askings) => {
        act(askings, true, ({ row, timeline, fresh }) => {
          const last = fresh.at(-1);
          if (!row || !last || !held.includes(last.type) || alone(row) === null) return;
          const before = timeline.filter(({ type, seq }) => held.includes(type) && seq < last.seq).at(-1);
          if (!before || last.at - before.at >= nudgeForMs) return;
          // Sooner than that only because somebody has done something meanwhile.
          expect(timeline.some(({ seq, actor }) => actor.kind === 'person' && seq > before.seq && seq < last.seq)).toBe(
            true,
          );
        });
      }),
      { numRuns: 60 },
    );
  });

  it('loses none of them: each has its time, none before it is due', () => {
    const row = givesTask(walking(), minutes(9), minutes(4)).incident;
    const raw = timersOf({ ...row, here: [] });
    const turned = inTurn(row, raw);
    expect(turned.map((each) => each.for)).toEqual(raw.map((each) => each.for));
    for (const [index, each] of turned.entries()) expect(each.dueAt).toBeGreaterThanOrEqual(raw[index]?.dueAt ?? 0);
  });
});
