import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { webhookShape } from '../audiences/webhook-shape.js';
import { version } from '../version.js';
import { type Operation, operations } from './operations.js';
import { problem } from './shapes.js';

const problemWords: Record<number, string> = {
  400: 'Malformed',
  401: 'Not known',
  403: 'Not from here',
  404: 'Not there, or not for you',
  405: 'Not with this method',
  413: 'Too large',
  415: 'Not this kind of body',
  429: 'Too many at once',
  503: 'Not right now; nothing was done',
};

const json = (shape: z.ZodType | undefined, example: unknown) => ({
  'application/json': {
    schema: shape ? z.toJSONSchema(shape, { io: 'input' }) : {},
    ...(example !== undefined && { example }),
  },
});

function answers({ answer, problems }: Operation): object {
  const { status = 200, type, shape, example } = answer;
  const content = type
    ? { [type]: { schema: { type: 'string' }, ...(example !== undefined && { example }) } }
    : json(shape, example);
  return {
    [status]: { description: 'Done', content },
    ...Object.fromEntries(
      problems.map((code) => [
        code,
        {
          description: problemWords[code],
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
    ),
  };
}

/** In a query; all others are numbers. */
const inWords = new Set(['status', 'service', 'token']);
const security = { feed: [{ token: [] }, { password: [] }, { feed: [] }, {}] };

function described(operation: Operation): object {
  const { path, summary, query = {}, body, open } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: name === 'number' || name === 'seq' ? 'integer' : 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: inWords.has(name) ? 'string' : 'integer' },
  }));
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: true, content: json(body.shape, body.example) } }),
    ...(open && { security: open === true ? [] : security[open] }),
    responses: answers(operation),
  };
}

/** Whoever checks calls by the schema must not trip over what comes later. */
const mayGrow = (schema: object): object =>
  JSON.parse(JSON.stringify(schema, (key, value) => (key === 'additionalProperties' ? undefined : value)));

/** What Muster itself calls: an audience's webhook. */
const outgoing = {
  summary: 'Tells an audience of a public incident, signed as Standard Webhooks say; the same id on every try',
  security: [],
  parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => ({
    name,
    in: 'header',
    required: true,
    schema: { type: 'string' },
  })),
  requestBody: { required: true, content: { 'application/json': { schema: mayGrow(z.toJSONSchema(webhookShape)) } } },
  responses: {
    '2XX': { description: 'Taken' },
    default: { description: 'Called again later, or given up when it is refused for good: see docs/webhooks.md' },
  },
};

/** The API as OpenAPI 3.1. */
function openApi(publicUrl: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Muster', version },
    servers: [{ url: publicUrl }],
    security: [{ token: [] }, {}],
    paths,
    webhooks: { incident: { post: outgoing } },
    components: {
      schemas: { Problem: z.toJSONSchema(problem) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        password: { type: 'http', scheme: 'basic', description: 'MUSTER_FEED_TOKEN as the password, with any name' },
        feed: { type: 'apiKey', in: 'query', name: 'token' },
      },
    },
  };
}

/** `GET /openapi.json`, for anyone: it holds nothing of this installation but its address. */
export async function openApiRoutes(app: FastifyInstance, { publicUrl }: { publicUrl: string }): Promise<void> {
  const description = openApi(publicUrl);
  app.get('/openapi.json', { config: { access: 'anyone' } }, () => description);
}
