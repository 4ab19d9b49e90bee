import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Intake } from '../alerts/intake.js';
import type { Rules } from '../alerts/plan.js';
import type { PlanNames } from '../alerts/plan-print.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import { planFor } from '../engine/planning.js';
import type { KeptBody } from '../store/bodies-port.js';
import type { SourceFigures, Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import { planSeen, readPlanning } from './plan.js';
import type { Recorded } from './recorded.js';
import { seeingAs } from './seen.js';
import { type SenderRules, senderOf } from './senders.js';
import type { Who } from './who.js';

export interface SourceParts {
  store: Pick<
    Store,
    | 'sourcesHeard'
    | 'sourceFigures'
    | 'bodies'
    | 'body'
    | 'receipt'
    | 'incident'
    | 'episodes'
    | 'byGroupKey'
    | 'openUngrouped'
    | 'load'
  >;
  who: Pick<Who, 'viewerOf'>;
  config: SenderRules;
  engine: Pick<Intake, 'intake'>;
  rules(): Rules;
  names(): PlanNames;
}

/** Body of `POST /api/alerts/replay`. */
export const replayAsked = z.strictObject({
  receipts: z.array(z.string().min(1).max(100)).min(1).max(500).describe('Of requests that are kept'),
  plan: z.boolean().default(false).describe('Only say what would come of it'),
});

const requestsAtMost = 500;
const requestsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(requestsAtMost).default(50),
  since: z.coerce.number().int().min(0).default(0),
});

/** The sources the configuration names and those that were ever heard of, by name. */
export async function sourcesSeen(
  store: Pick<Store, 'sourcesHeard' | 'sourceFigures'>,
  config: SenderRules,
): Promise<(SourceFigures & { kind: string; named: boolean })[]> {
  const own = new Set((config.sources ?? []).map(({ name }) => name));
  const all: (SourceFigures & { kind: string; named: boolean })[] = [];
  for (const name of [...new Set([...own, ...(await store.sourcesHeard())])].sort()) {
    const sender = senderOf(name, config);
    if (!sender) continue;
    const figures = (await store.sourceFigures(name)) ?? neverHeard(name);
    all.push({ ...figures, kind: sender.door.kind, named: own.has(name) });
  }
  return all;
}

export const neverHeard = (name: string): SourceFigures => ({
  name,
  lastSeenAt: null,
  requests: 0,
  refused: 0,
  lastRefusal: null,
  outcomes: {},
});

/** What is known of the senders, for their owners; and what they sent, read again by the rules of now. */
export async function sourceRoutes(app: FastifyInstance, parts: SourceParts): Promise<void> {
  const { store, who, config, engine, rules, names } = parts;

  app.get('/api/sources', async () => ({ sources: await sourcesSeen(store, config) }));

  app.get<{ Params: { source: string } }>('/api/sources/:source/requests', async (request, reply) => {
    const { source } = request.params;
    if (!senderOf(source, config))
      return answerProblem(reply, 404, 'There is no such source.', 'GET /api/sources lists them.');
    const asked = requestsQuery.safeParse(request.query);
    if (!asked.success)
      return answerProblem(
        reply,
        400,
        'limit or since is no number.',
        `limit: 1 to ${requestsAtMost}; since: ms since the epoch.`,
      );
    const seeing = seeingAs(await who.viewerOf(request), store);
    const kept = await store.bodies({ source, ...asked.data });
    const requests = [];
    for (const { id, ...body } of kept) {
      const receipt = await store.receipt(id);
      requests.push({ receipt: id, ...body, outcomes: receipt && (await seeing.outcomes(receipt.outcomes)) });
    }
    return { requests };
  });

  app.post('/api/alerts/replay', async (request, reply) => {
    const asked = replayAsked.safeParse(request.body);
    if (!asked.success)
      return answerProblem(
        reply,
        400,
        `receipts: ${asked.error.issues[0]?.message}`,
        'Send { receipts: ["…"], plan?: true }.',
      );
    const seeing = seeingAs(await who.viewerOf(request), store);
    const replayed: object[] = [];
    for (const id of asked.data.receipts) replayed.push({ of: id, ...(await again(id, asked.data.plan)) });
    return { replayed };

    async function again(id: string, planOnly: boolean): Promise<object> {
      const kept = await store.body(id);
      if (!kept) return { problem: 'It is not kept, or not for so long.' };
      const recorded = recordedOf(kept);
      if (!recorded) return { problem: 'Its body was too large to keep, or no text.' };
      try {
        const read = await readPlanning(kept.source, recorded, config, kept.receivedAt);
        if (!read) return { problem: `There is no source ${kept.source} any more.` };
        const { alerts, passedOver } = read;
        if (planOnly) {
          const { alerts: would } = await planSeen(await planFor(store, read, rules(), names()), seeing);
          return { alerts: would };
        }
        const brought = { source: kept.source, alerts, receivedAt: kept.receivedAt, ...(passedOver && { passedOver }) };
        const taken = await engine.intake(brought);
        return { receipt: taken.receipt, alerts: await seeing.outcomes(taken.outcomes) };
      } catch (error) {
        if (!(error instanceof BodyRefusal)) throw error;
        return { problem: `${error.error} ${error.hint}` };
      }
    }
  });
}

/** null: there is nothing to read. */
const recordedOf = ({ method, headers, query, body }: KeptBody): Recorded | null =>
  body === null ? null : { method, headers, query, raw: Buffer.from(body) };
