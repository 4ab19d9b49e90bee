import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { OnCallDesk } from '../oncall/desk.js';
import { answerProblem } from './answers.js';
import type { onCallShape } from './on-call-shape.js';

const query = z.object({ at: z.coerce.number().int().min(0).optional() });
/** A stretch this far away is not planned, and asking for it costs. */
const awayAtMostMs = 366 * 86_400_000;

/** `GET /api/oncall`: who is on call now, or at another time, and who is next; for whoever is known. */
export async function onCallRoutes(
  app: FastifyInstance,
  { desk, names, now }: { desk(): OnCallDesk; names: ReadonlyMap<string, string>; now(): number },
): Promise<void> {
  const person = (personId: string) => ({ personId, name: names.get(personId) ?? personId });

  app.get('/api/oncall', async (request, reply): Promise<unknown> => {
    const asked = query.safeParse(request.query);
    const at = asked.data?.at ?? now();
    if (!asked.success || Math.abs(at - now()) > awayAtMostMs)
      return answerProblem(
        reply,
        400,
        'This is no time to ask about.',
        'Give at in ms since the epoch, within a year.',
      );
    reply.header('cache-control', 'no-store');
    const on = desk();
    const schedules = on.names().flatMap((name) => {
      const standing = on.standing(name, at);
      if (!standing) return [];
      const { schedule, now: held, next, copyOf, error, overrides } = standing;
      return {
        schedule,
        people: held.people.map(person),
        why: on.onCall(name, at).why,
        unknown: held.unknown,
        override: held.override,
        next: next && { at: next.at, people: next.to.map(person) },
        copyOf,
        error,
        overrides: overrides.map(({ id, personId, fromAt, untilAt, setBy }) => ({
          id,
          person: person(personId),
          fromAt,
          untilAt,
          setBy: person(setBy),
        })),
      };
    });
    return { at, schedules } satisfies z.infer<typeof onCallShape>;
  });
}
