import type { Escalation, EscalationEvents, Target } from '../escalation.js';

/** Stands for what somebody wrote, and for a person. */
const gone = '[redacted]';
const somebody = 'redacted';

export const escalationForms: { [T in keyof EscalationEvents]: (body: EscalationEvents[T]) => EscalationEvents[T] } = {
  paged: (body) => ({
    why: body.why,
    escalation: body.escalation,
    level: body.level,
    levels: body.levels,
    round: body.round,
    rounds: body.rounds,
    people: body.people.length > 0 ? [{ personId: somebody, because: gone }] : [],
    nobody: body.nobody.map(() => gone),
    reason: body.reason === null ? null : gone,
    ...(body.dueAt !== undefined && { dueAt: body.dueAt }),
    acknowledgeDueAt: body.acknowledgeDueAt,
    answerDueAt: body.answerDueAt,
  }),
  pageAnswered: () => ({}),
  answerMissed: ({ people, dueAt }) => ({ people: people.map(() => somebody), dueAt }),
  acknowledgementLapsed: ({ personId, idleSinceAt }) => ({
    personId: personId === null ? null : somebody,
    idleSinceAt,
  }),
};

const targets = (given: readonly Target[]): Target[] =>
  given.map((each) => (each.kind === 'people' ? { kind: 'people', as: gone, people: [] } : each));

/** Without the people it names. */
export const namelessEscalation = (kept: Escalation): Escalation => ({
  ...kept,
  levels: kept.levels.map((level) => ({ ...level, targets: targets(level.targets) })),
  otherwise: targets(kept.otherwise),
});
