import fc from 'fast-check';
import type { OnCall } from './context.js';
import type { Escalation, Target } from './escalation.js';
import { minutes, start } from './testing.js';

/** No ladder, or one or two of any shape over these people. */
export const escalationsOf = (people: fc.Arbitrary<string>): fc.Arbitrary<Escalation[]> => {
  const target: fc.Arbitrary<Target> = fc.oneof(
    fc.uniqueArray(people).map((named): Target => ({ kind: 'people', as: 'lead', people: named })),
    fc.constantFrom('primary', 'empty').map((schedule): Target => ({ kind: 'schedule', schedule })),
    fc.constant({ kind: 'owners' as const }),
  );
  const targets = fc.array(target, { maxLength: 2 });
  const ladder: fc.Arbitrary<Escalation> = fc.record(
    {
      name: fc.constantFrom('first', 'second'),
      severities: fc.constantFrom<Escalation['severities'][]>(['sev1'], ['sev1', 'sev2']),
      services: fc.constant(['registry']),
      levels: fc.array(
        fc.record(
          { targets, acknowledgeWithinMs: fc.constant(minutes(3)) },
          { requiredKeys: ['targets'], noNullPrototype: true },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      repeat: fc.nat(2),
      later: fc.constant(true as const),
      otherwise: targets,
    },
    { requiredKeys: ['name', 'levels', 'repeat', 'otherwise'], noNullPrototype: true },
  );
  return fc.array(ladder, { maxLength: 2 });
};

/** Ann, then Ben, for primary; nobody for any other. */
export const randomOnCall: OnCall = (schedule, at) =>
  schedule === 'primary'
    ? { people: [at < start + minutes(60) ? 'ann' : 'ben'], why: null }
    : { people: [], why: 'nobody is planned then' };
