import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Rules } from '../alerts/plan.js';
import type { PlanNames, PlanShown } from '../alerts/plan-print.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import { type Planning, planFor } from '../engine/planning.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { type Recorded, readRecorded } from './recorded.js';
import { type Seeing, seeingAs, withoutThose } from './seen.js';
import { type SenderRules, senderOf } from './senders.js';
import type { Who } from './who.js';

export interface PlanRouteParts {
  store: Pick<Store, 'episodes' | 'byGroupKey' | 'openUngrouped' | 'load' | 'incident'>;
  who: Pick<Who, 'viewerOf'>;
  config: SenderRules;
  rules(): Rules;
  names(): PlanNames;
  now(): number;
}

const pairs = z.record(z.string().max(200), z.string().max(8_000)).default({});
/** Body of `POST /api/plan`: a request as it was recorded. */
export const planAsked = z.strictObject({
  source: z.string().min(1).max(200).describe('The name it came in under: /alerts/<source>'),
  body: z.unknown().describe('What was sent: JSON, or text as it was sent'),
  headers: pairs.describe('As they were sent; without them nothing is said of who sent it'),
  query: pairs,
  method: z.enum(['POST', 'GET', 'PUT']).default('POST'),
});

/** Reads a recorded request and says how it came. @throws BodyRefusal */
export async function readPlanning(
  source: string,
  recorded: Recorded,
  rules: SenderRules,
  now: number,
): Promise<Planning | null> {
  const sender = senderOf(source, rules);
  if (!sender) return null;
  const { alerts, passedOver, admission, understood } = await readRecorded(recorded, sender, now);
  const { sender: title, kind } = sender.door;
  const read = passedOver
    ? `${passedOver.name}: no alert, ${passedOver.why}`
    : understood
      ? `what ${title} sends`
      : `not the shape that ${title} sends; it waits in the triage queue`;
  const request = { source, kind, admitted: admission.admitted, how: admission.how, read };
  return { source, receivedAt: now, alerts, passedOver, request };
}

/** `POST /api/plan`: what a request would come to now, with all that is open and silenced. Nothing is stored. */
export async function planRoutes(app: FastifyInstance, parts: PlanRouteParts): Promise<void> {
  const { store, who, config, rules, names, now } = parts;
  app.post('/api/plan', async (request, reply) => {
    const asked = planAsked.safeParse(request.body);
    if (!asked.success) {
      const [issue] = asked.error.issues;
      const where = issue?.path.join('.') || 'the body';
      return answerProblem(reply, 400, `${where}: ${issue?.message}`, 'Send { source, body, headers?, query? }.');
    }
    const { source, body, headers, query, method } = asked.data;
    const raw =
      body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    try {
      const planning = await readPlanning(source, { method, headers: lower, query, raw }, config, now());
      if (!planning) return answerProblem(reply, 404, `There is no source ${source}.`, 'GET /api/sources lists them.');
      const planned = await planFor(store, planning, rules(), names());
      return await planSeen(planned, seeingAs(await who.viewerOf(request), store));
    } catch (error) {
      if (!(error instanceof BodyRefusal)) throw error;
      return answerProblem(reply, error.statusCode, error.error, error.hint);
    }
  });
}

/** What an incident there is is about, and is not theirs to see, stays hidden. What a plan would open is there for nobody yet. */
export async function planSeen(
  { shown, homes }: Awaited<ReturnType<typeof planFor>>,
  seeing: Seeing,
): Promise<PlanShown> {
  const hidden = await seeing.hidden(homes);
  return {
    ...shown,
    alerts: withoutThose(shown.alerts, hidden),
    incidents: shown.incidents.filter(({ incidentId }) => !hidden.has(incidentId)),
  };
}
