import fc from 'fast-check';
import type { WalkablePlaybook } from './context.js';
import type { GateCommands } from './gates.js';
import { step } from './testing.js';

const minutes = (count: number): number => count * 60_000;

/** A phase whose steps are in hand at once, a question, a value, what is owed, what is taken back, what is decided. */
export const gated: WalkablePlaybook = {
  playbookId: 'gated',
  title: 'Gated',
  steps: [
    step('Confirm', { ask: ['host'] }),
    step('Cut it off', { phase: 'Contain', required: true, approve: 'commander', goto: 6 }),
    step('Keep the logs', { phase: 'Contain', withinMs: minutes(10), required: true }),
    step('Tell them', { phase: 'Contain', withinMs: minutes(20) }),
    step('Does it answer?', { phase: 'Repair', check: { yes: 'It does', no: 'It does not' }, goto: 6, thenTo: 5 }),
    step('Change the route', { phase: 'Repair', rollBack: { to: 6, end: 8 }, required: true, goto: 4 }),
    step('Take the route back', { phase: 'Roll back' }),
    step('Look again', { phase: 'Roll back' }),
    step('Prove it', { phase: 'Verify', required: true, goto: 1 }),
  ],
  phases: [
    {
      ...{ title: 'Contain', from: 1, to: 4, parallel: true, thenTo: 4, withinMs: minutes(30), decide: null },
      otherwise: [
        { do: 'severity', severity: 'sev1', propose: false },
        { do: 'page', whom: 'platform-lead' },
      ],
    },
    {
      ...{ title: 'Repair', from: 4, to: 6, parallel: false, thenTo: null, withinMs: minutes(40), otherwise: [] },
      decide: { afterMs: minutes(20), to: 8, label: 'Restore now' },
    },
  ],
};

/** The same after somebody has edited its file. */
export const gatedNewer: WalkablePlaybook = {
  ...gated,
  steps: [step('Look twice'), ...gated.steps.slice(0, 3), ...gated.steps.slice(4)].map((each) => ({
    ...each,
    ...{ goto: null, thenTo: null, rollBack: null },
  })),
  phases: [],
};

/** One per command. */
export const gateBodies = (
  words: fc.Arbitrary<string>,
  person: fc.Arbitrary<string>,
): { [T in keyof GateCommands]: fc.Arbitrary<GateCommands[T]> } => ({
  answerCheck: fc.record({ yes: fc.boolean(), said: fc.option(words, { nil: null }) }),
  giveValues: fc.record({ values: fc.dictionary(fc.constantFrom('host', 'user', '__proto__'), words) }),
  checkPhase: fc.record({ phase: fc.nat(2), dueAt: fc.nat(minutes(300)) }),
  askDecision: fc.record({ phase: fc.nat(2), dueAt: fc.nat(minutes(300)) }),
  decideWay: fc.record({
    choice: fc.constantFrom('keep', 'leave'),
    forMs: fc.constantFrom(null, minutes(15)),
    why: fc.option(words, { nil: null }),
  }),
  rollBack: fc.record({ reason: fc.option(words, { nil: null }) }),
  carryStep: fc.record(
    { step: fc.nat(8), owner: person, dueOn: fc.constant('2030-02-01') },
    { requiredKeys: ['owner', 'dueOn'] },
  ),
  notePlaybookChanged: fc.record({ hash: fc.constantFrom('gated', 'book'), newer: fc.constantFrom('gated2', 'gated') }),
  adoptPlaybook: fc.record({ newer: fc.constantFrom('gated2', 'gated', 'gone') }),
});
