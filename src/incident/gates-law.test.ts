import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from './commands.js';
import { decide } from './decide.js';
import { fold } from './evolve.js';
import { handOf } from './hand.js';
import { owedSteps } from './owed.js';
import { type Actor, type Incident, isOpen, isRefusal } from './state.js';
import { context, declared, given, machine, minutes, person, policy, Story, start } from './testing.js';
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

/** Updates and calls are not what this is about. */
const calm = { updateEveryMs: null, acknowledgeWithinMs: null, postmortem: true };
const quiet = { ...policy, longAfterMs: null, severities: { sev1: calm, sev2: calm, sev3: calm } };

const begun = (): Story =>
  given(...declared({ policy: quiet }))
    .when({ type: 'switchPlaybook', hash: 'gated', reason: 'x' }, { after: 0, by: person('ben'), given: books })
    .when({ type: 'assignRole', role: 'commander', personId: 'ann' }, { after: 0, by: person('ann'), given: books })
    .when({ type: 'next' }, { after: 0, by: person('ben'), given: books });

type Check = (before: Incident, story: Story, command: Command) => void;

const laws: Record<string, Check> = {
  'in hand is what is open, and timers and phases are as the row says': (_, { incident, jobs }) => {
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
    const back = walk.rollingBack;
    if (back) expect(hand.some((index) => back.to <= index && index < back.end)).toBe(true);
  },

  'one act ends one step, and never another than the one that was named': (before, { fresh }, command) => {
    const ended = fresh.filter(({ type }) => ['stepDone', 'stepSkipped', 'stepFailed', 'checkAnswered'].includes(type));
    expect(ended.length).toBeLessThanOrEqual(1);
    const [one] = ended;
    if (!one || !('index' in one.body)) return;
    expect(handOf(before.walk!)).toContain(one.body.index);
    if ('step' in command && command.step !== undefined) expect(one.body.index).toBe(command.step);
  },

  'going back leaves in hand what was in hand before': (before, story) => {
    const [event] = story.fresh;
    if (event?.type !== 'stepDone' && event?.type !== 'checkAnswered' && event?.type !== 'stepSkipped') return;
    const after = story.when({ type: 'back' }, { by: machine, after: event.at - start, given: books }).incident.walk!;
    expect(handOf(after)).toEqual(handOf(before.walk!));
  },

  'a person closes it only when nothing required is owed': (before, { fresh }) => {
    if (fresh.some(({ type }) => type === 'closed')) expect(owedSteps(before)).toEqual([]);
  },

  'only the commander leaves out what is required': (before, { fresh }) => {
    for (const { type, body, actor } of fresh)
      if (type === 'stepSkipped' && before.walk?.steps[body.index]?.required)
        expect(actor).toEqual(person(before.roles.commander ?? ''));
  },

  'a decision is asked for twice at most, unless the walk goes on': (_, { fresh }) => {
    for (const event of fresh)
      if (event.type === 'decisionAsked') expect(event.body.nextAskAt === null).toBe(event.body.times >= 2);
  },
};

/** Timers run when they are due; every command is decided on the row as it was stored. */
function acted(askings: readonly { command: Command; actor: Actor; gapMs: number }[], check: Check): Story {
  let story = begun();
  let now = start;
  const ask = (command: Command, by: Actor, at: number, jobs = story.jobs) => {
    const before = JSON.parse(JSON.stringify(story.incident)) as Incident;
    const decision = decide(before, { command, actor: by, at }, books);
    const loaded = new Story(before, story.timeline, jobs);
    story = isRefusal(decision) ? new Story(before, story.timeline, jobs, decision) : loaded.write(decision, at, by);
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
  return story;
}

describe('a playbook with gates', () => {
  it('keeps its laws whatever is done with it by anybody', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 30, size: 'max' }), (askings) => {
        const { row, timeline } = acted(askings, (...given) => {
          for (const { type } of given[1].fresh) seen.add(type);
          for (const [law, check] of Object.entries(laws)) {
            try {
              check(...given);
            } catch (error) {
              throw new Error(`${law}: ${error}`, { cause: error });
            }
          }
        });
        expect(fold(JSON.parse(JSON.stringify(timeline)))).toStrictEqual(row);
      }),
      { numRuns: 80, seed: 5 },
    );
    const gates = ['checkAnswered', 'valueGiven', 'phaseOverdue', 'rolledBack', 'stepCarried'];
    expect([...gates, 'stepSettled', 'playbookAdopted'].filter((type) => !seen.has(type))).toEqual([]);
  });
});
