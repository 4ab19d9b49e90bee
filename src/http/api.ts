import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Inbound } from '../chat/platform.js';
import { webPlatform } from '../chat/web/name.js';
import type { Incident, Status } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import type { Names } from '../reports/timeline-words.js';
import type { Store } from '../store/port.js';
import { answerProblem } from './answers.js';
import * as shapes from './shapes.js';
import { alertShown, eventShown, incidentShown } from './shown.js';
import type { Who } from './who.js';

export interface ApiParts {
  store: Pick<Store, 'incident' | 'incidents' | 'timeline' | 'alerts' | 'postmortem' | 'people'>;
  inbound: Inbound;
  who: Who;
  suggestions?(incident: Incident): Promise<string | null>;
}

const commandLimit = 64 * 1024;
/** Commands from the API belong to the web chat: its channels are the ones `channel` names. */
const home = webPlatform;
/** Who commands on the open default without saying a name. */
const unnamed = 'local';

type Numbered = FastifyRequest<{ Params: { number: string; seq?: string } }>;

/** The JSON API under `/api`; every answer that is not a success is `{ error, hint }`. */
export async function apiRoutes(app: FastifyInstance, { store, inbound, who, suggestions }: ApiParts): Promise<void> {
  const names = async (): Promise<Names> =>
    new Map((await store.people()).map(({ personId, name }) => [personId, name]));

  async function incidentOf(viewer: Viewer, number: string): Promise<Incident | null> {
    return /^[1-9]\d{0,8}$/.test(number) ? store.incident(viewer, { number: Number(number) }) : null;
  }

  /** Answers 404 by itself where there is no such incident for this caller. */
  const ofIncident =
    (answer: (incident: Incident, viewer: Viewer, request: Numbered, reply: FastifyReply) => Promise<unknown>) =>
    async (request: Numbered, reply: FastifyReply): Promise<unknown> => {
      const viewer = await who.viewerOf(request);
      const found = await incidentOf(viewer, request.params.number);
      return found ? answer(found, viewer, request, reply) : unknownIncident(reply, request.params.number);
    };

  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });

  app.get('/api/incidents', async (request, reply): Promise<unknown> => {
    const query = shapes.incidentsQuery.safeParse(request.query);
    if (!query.success) return refuseQuery(reply, query.error, `Known status words: ${shapes.statusWordsText}.`);
    const { status, limit, offset } = query.data;
    const wanted = status?.flatMap((word): Status[] => (word === 'open' ? [...shapes.openStatuses] : [word]));
    const viewer = await who.viewerOf(request);
    const triage = wanted?.some(isOfTriage) ?? false;
    if (triage && !wanted?.every(isOfTriage))
      return answerProblem(
        reply,
        400,
        'The triage queue is a list of its own.',
        'Ask for triage and dismissed apart from the others.',
      );
    const { incidents, total } = await store.incidents(viewer, {
      limit,
      offset,
      triage,
      ...(wanted && { status: wanted }),
    });
    const known = await names();
    return { incidents: incidents.map((each) => incidentShown(each, known)), total };
  });

  app.get(
    '/api/incidents/:number',
    ofIncident(async (incident) => incidentShown(incident, await names())),
  );

  app.get(
    '/api/incidents/:number/timeline',
    ofIncident(async (incident, viewer) => {
      const [events, known] = await Promise.all([store.timeline(viewer, incident.id), names()]);
      return { timeline: events.map((event) => eventShown(event, known)), total: events.length };
    }),
  );

  app.get(
    '/api/incidents/:number/timeline/:seq',
    ofIncident(async (incident, viewer, request, reply) => {
      const { seq } = request.params;
      const found = (await store.timeline(viewer, incident.id)).find((event) => String(event.seq) === seq);
      return found
        ? eventShown(found, await names())
        : answerProblem(
            reply,
            404,
            'There is no such event.',
            `GET /api/incidents/${incident.number}/timeline lists them.`,
          );
    }),
  );

  app.get(
    '/api/incidents/:number/alerts',
    ofIncident(async (incident, viewer, request, reply) => {
      const query = shapes.pageQuery.safeParse(request.query);
      if (!query.success) return refuseQuery(reply, query.error, '');
      const { alerts, total } = await store.alerts(viewer, incident.id, query.data);
      return { alerts: alerts.map(alertShown), total };
    }),
  );

  app.get(
    '/api/incidents/:number/postmortem',
    ofIncident(async (incident, viewer, request, reply) => {
      const query = shapes.postmortemQuery.safeParse(request.query);
      if (!query.success) return refuseQuery(reply, query.error, '');
      const found = await store.postmortem(viewer, incident.id, query.data.version);
      if (found) return reply.type('text/markdown; charset=utf-8').send(found.markdown);
      const hint = incident.postmortem
        ? `The latest version is ${incident.postmortem.version}.`
        : `It is drafted when the incident is closed; it is ${incident.status} now.`;
      return answerProblem(reply, 404, 'There is no such postmortem yet.', hint);
    }),
  );

  app.get(
    '/api/incidents/:number/playbook.patch',
    ofIncident(async (incident, _viewer, _request, reply) => {
      const patch = (await suggestions?.(incident)) ?? null;
      if (patch !== null) return reply.type('text/x-diff; charset=utf-8').send(patch);
      return answerProblem(
        reply,
        404,
        'Nothing was suggested for its playbook.',
        'Whoever walks it says what to change: /incident suggest <text>',
      );
    }),
  );

  app.get('/api/people', async () => ({
    people: (await store.people())
      .filter(({ goneAt }) => goneAt === null)
      .map(({ personId, name }) => ({ personId, name })),
  }));

  app.post('/api/commands', { bodyLimit: commandLimit }, async (request, reply): Promise<unknown> => {
    const body = shapes.commandBody.safeParse(request.body);
    if (!body.success)
      return answerProblem(
        reply,
        400,
        'This is not a command.',
        `${issuesText(body.error)}. Example: {"text": "/incident list"}`,
      );
    const { id = randomUUID(), text, user } = body.data;
    const asker =
      (await who.personOf(request, user)) ?? (user === undefined ? await who.personOf(request, unnamed) : null);
    if (asker === null)
      return answerProblem(
        reply,
        400,
        'This user name cannot be used.',
        'Give a name with letters or digits, not Muster’s own.',
      );
    const place = await placeOf(body.data, await who.viewerOf(request, user));
    if (place === null) return unknownIncident(reply, String(body.data.incident ?? body.data.channel));
    return inbound.command({
      id: `api/${asker.personId}/${id}`,
      text,
      personId: asker.personId,
      platform: home,
      byProgram: true,
      ...place,
    });
  });

  /** An incident by number, or by a channel; any other channel is passed on as it is. null: no such incident. */
  async function placeOf(
    { incident, channel }: z.infer<typeof shapes.commandBody>,
    viewer: Viewer,
  ): Promise<{ channel: string | null; incidentId: string | null } | null> {
    const number = incident ?? /^#?inc-([1-9]\d{0,8})(?:-|$)/.exec(channel ?? '')?.[1];
    if (number === undefined && channel === undefined) return { channel: null, incidentId: null };
    const found =
      number === undefined
        ? await store.incident(viewer, { platform: home, channel: channel as string })
        : await incidentOf(viewer, String(number));
    if (found) return { channel: found.channels[home]?.channel ?? null, incidentId: found.id };
    return number === undefined ? { channel: channel as string, incidentId: null } : null;
  }
}

/** Entries of the triage queue have no number and are not among the incidents. */
const isOfTriage = (status: Status): boolean => status === 'triage' || status === 'dismissed';

const unknownIncident = (reply: FastifyReply, number: string): FastifyReply =>
  answerProblem(
    reply,
    404,
    `There is no incident ${number.slice(0, 40)} for you.`,
    'GET /api/incidents lists those there are.',
  );

const issuesText = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ');

const refuseQuery = (reply: FastifyReply, error: z.ZodError, hint: string): FastifyReply =>
  answerProblem(reply, 400, 'The query cannot be understood.', [`${issuesText(error)}.`, hint].join(' ').trim());
