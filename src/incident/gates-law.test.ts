import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from './commands.js';
import { decide } from './decide.js';
import { fold } from './evolve.js';
import { handOf } from './hand.js';
import { owedSteps } from './owed.js';
import { type Incident, isOpen, isRefusal } from './state.js';
import { context, declared, given, machine, minutes, person, Story, start } from './testing.js';
import { gated, gatedNewer } from './testing-gates.js';
import { timerKey, timersOf } from './timers.js';

const books = context({ playbook: (hash) => (hash === 'gated' ? gated : hash === 'gated2' ? gatedNewer : null) });
const step = fc.option(fc.nat(8), { nil: undefined, freq: 2 });
const named = <T extends Command>(command: (step: { step?: number }) => T): fc.Arbitrary<Command> =>
  step.map((index) => command(index === undefined ? {} : { step: index }));
const fixed = (command: Command): fc.Arbitrary<Command> => fc.constant(command);

const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: named((at) => ({ type: 'done', evidence: 'web-1', ...at })) },
  { weight: 3, arbitrary: named((at) => ({ type: 'fail', what: 'no', ...at })) },
  { weight: 2, arbitrary: named((at) => ({ type: 'skip', reason: 'no', ...at })) },
  { weight: 3, arbitrary: named((at) => ({ type: 'answerCheck', yes: false, said: null, ...at })) },
  { weight: 2, arbitrary: named((at) => ({ type: 'assignStep', personId: 'ben', ...at })) },
  { weight: 2, arbitrary: named((at) => ({ type: 'extendStep', forMs: minutes(5), ...at })) },
  { weight: 3, arbitrary: named((at) => ({ type: 'approve', ...at })) },
  { weight: 3, arbitrary: fixed({ type: 'back' }) },
  { weight: 2, arbitrary: fixed({ type: 'rollBack', reason: null }) },
  fixed({ type: 'decideWay', choice: 'leave', forMs: null, why: null }),
  fixed({ type: 'decideWay', choice: 'keep', forMs: null, why: 'nearly' }),
  fixed({ type: 'giveValues', values: { host: 'web-2' } }),
  fixed({ type: 'adoptPlaybook', newer: 'gated2' }),
  fixed({ type: 'adoptPlaybook', newer: 'gated' }),
  fixed({ type: 'resolve', summary: null }),
  fixed({ type: 'reopen', reason: 'again' }),
  fixed({ type: 'close' }),
  named((at) => ({ type: 'carryStep', owner: 'ben', dueOn: '2030-02-01', ...at })),
);
const asking = fc.record({
  command: commands,
  actor: fc.constantFrom('ann', 'ben').map(person),
  gapMs: fc.constantFrom(0, minutes(3), minutes(12)),
});

const begun = (): Story =>
  given(...declared())
    .when({ type: 'switchPlaybook', hash: 'gated', reason: 'x' }, { after: 0, by: person('ben'), given: books })
    .when({ type: 'assignRole', role: 'commander', personId: 'ann' }, { after: 0, by: person('ann'), given: books })
    .when({ type: 'next' }, { after: 0, by: person('ben'), given: books });

/** Timers run when they are due; every command is decided on the row as it was stored. */
function over(check: (before: Incident, story: Story, command: Command) => void) {
  fc.assert(
    fc.property(fc.array(asking, { maxLength: 40, size: 'max' }), (askings) => {
      let story = begun();
      let now = start;
      const ask = (command: Command, by: ReturnType<typeof person>, at: number, jobs = story.jobs) => {
        const before = JSON.parse(JSON.stringify(story.incident)) as Incident;
        const decision = decide(before, { command, actor: by, at }, books);
        const loaded = new Story(before, story.timeline, jobs);
        story = isRefusal(decision)
          ? new Story(before, story.timeline, jobs, decision)
          : loaded.write(decision, at, by);
        check(before, story, command);
      };
      for (const { command, actor, gapMs } of askings) {
        now += gapMs;
        for (;;) {
          const due = [...story.jobs.values()]
            .filter(({ task, dueAt }) => task.kind === 'ask' && dueAt <= now)
            .sort((a, b) => a.dueAt - b.dueAt)[0];
          if (due?.task.kind !== 'ask') break;
          const rest = new Map(story.jobs);
          rest.delete(due.key);
          ask(due.task.command, machine, due.dueAt, rest);
        }
        ask(command, actor, now);
      }
      expect(fold(JSON.parse(JSON.stringify(story.timeline)))).toStrictEqual(story.row);
    }),
    { numRuns: 150 },
  );
}

describe('a playbook with gates, over any acts by anybody', () => {
  it('has in hand what is open, its timers and its phases as the row says, and folds', () => {
    over((_, { incident, jobs }) => {
      const walk = incident.walk!;
      const hand = handOf(walk);
      expect(walk.current).toBe(hand[0] ?? null);
      expect(new Set(hand).size).toBe(hand.length);
      for (const index of hand) expect(walk.steps[index]).toMatchObject({ state: 'open', endedAt: null });
      expect(walk.finishedAt === null).toBe(hand.length > 0);
      expect([...walk.trail].sort((a, b) => a - b)).toEqual(
        walk.steps.flatMap(({ endedAt }, index) => (endedAt === null ? [] : [index])),
      );
      for (const timer of timersOf(incident).filter((each) => !each.once))
        expect(jobs.get(timerKey(incident, timer))).toMatchObject({ dueAt: timer.dueAt });
      for (const { from, to, startedAt } of walk.phases ?? [])
        expect(startedAt !== null).toBe(isOpen(incident) && hand.some((index) => from <= index && index < to));
      const waiting = (walk.rollingBack ? [walk.rollingBack] : []).every(({ to, end }) =>
        hand.some((index) => to <= index && index < end),
      );
      expect(waiting).toBe(true);
    });
  });

  it('ends with one act one step, and never another than the one that was named', () => {
    over((before, { fresh }, command) => {
      const ended = fresh.filter(({ type }) =>
        ['stepDone', 'stepSkipped', 'stepFailed', 'checkAnswered'].includes(type),
      );
      expect(ended.length).toBeLessThanOrEqual(1);
      const [one] = ended;
      if (!one || !('index' in one.body)) return;
      expect(handOf(before.walk!)).toContain(one.body.index);
      if ('step' in command && command.step !== undefined) expect(one.body.index).toBe(command.step);
    });
  });

  it('goes back to the step that ended last, and leaves what was in hand beside it', () => {
    over((before, story) => {
      const [event] = story.fresh;
      if (event?.type !== 'stepDone' && event?.type !== 'checkAnswered' && event?.type !== 'stepSkipped') return;
      const after = story.when({ type: 'back' }, { by: machine, after: event.at - start, given: books }).incident.walk!;
      expect(handOf(after)).toEqual(handOf(before.walk!));
    });
  });

  it('is closed by a person only when nothing required is owed', () => {
    over((before, { fresh }) => {
      if (fresh.some(({ type }) => type === 'closed')) expect(owedSteps(before)).toEqual([]);
    });
  });

  it('leaves out a required step only by the word of the commander', () => {
    over((before, { fresh }) => {
      for (const { type, body, actor } of fresh)
        if (type === 'stepSkipped' && before.walk?.steps[body.index]?.required)
          expect(actor).toEqual(person(before.roles.commander ?? ''));
    });
  });

  it('asks for a decision twice at most unless somebody lets it go on', () => {
    over((_, { timeline }) => {
      let asked = 0;
      for (const { type } of timeline) {
        if (type === 'decisionAsked') asked += 1;
        else if (!['stepOverdue', 'phaseOverdue', 'updateWarned', 'updatePosted'].includes(type)) asked = 0;
        expect(asked).toBeLessThanOrEqual(2);
      }
    });
  });

  it('comes to every event of a gate', () => {
    const seen = new Set<string>();
    over((_, { fresh }) => {
      for (const { type } of fresh) seen.add(type);
    });
    const wanted = ['checkAnswered', 'valueGiven', 'phaseOverdue', 'decisionAsked', 'decisionMade', 'rolledBack'];
    expect([...wanted, 'stepCarried', 'stepSettled', 'playbookAdopted'].filter((type) => !seen.has(type))).toEqual([]);
  });
});
