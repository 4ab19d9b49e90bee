import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { labelsSaid } from '../said-labels.js';
import { record, text } from '../shapes.js';
import { defineSource, type PassedOver } from '../source.js';
import { lines } from '../words.js';

const said = { alias: text, source: text, user: text, note: text, details: record, entity: text };
const create = z
  .looseObject({ action: z.enum(['create']).optional(), message: text, description: text, priority: text, ...said })
  .extend({ tags: z.unknown().optional() })
  .refine(({ message, description, alias }) => message || description || alias, 'has no message');
/** The rest of what has a path of its own there: `alias` and `action` are read from that path. */
const then = z.looseObject({
  ...said,
  action: z.enum(['close', 'delete', 'acknowledge', 'notes', 'message', 'description']),
  alias: z.string().min(1),
});
type Create = z.output<typeof create>;
type Then = z.output<typeof then>;

/** Whatever sends to Opsgenie's alert API: also `POST /v2/alerts` and the paths under it. */
export const opsgenieApi = defineSource({
  kind: 'opsgenie-api',
  sender: 'Opsgenie alert API',
  authentication: 'the token as Authorization: GenieKey',
  episode: 'proven',
  takes: { bodies: ['any'], empty: true },
  tokenScheme: 'GenieKey',
  payload: z.union([then, create]),
  alerts: (body, { source }) =>
    body.action === undefined || body.action === 'create'
      ? created(body as Create, source)
      : followed(body as Then, source),
  answer: ({ receipt }) => ({
    status: 202,
    body: { result: 'Request will be processed', took: 0, requestId: receipt },
    headers: { 'x-muster-receipt': receipt },
  }),
});

function created(body: Create, source: string): Alert[] {
  const labels: Record<string, unknown> = { ...labelsSaid([body.description]), ...body.details };
  const tags = Array.isArray(body.tags) ? body.tags.filter((tag) => typeof tag === 'string') : [];
  const word = (name: string): string | null => (typeof labels[name] === 'string' ? labels[name] : null);
  if (tags.length > 0) labels.tags ??= tags.join(', ');
  return [
    makeAlert(
      { source },
      {
        // Without an alias the same words are the same alert, so that a try after a lost answer is no second one.
        key: [body.alias || hash([body.message, body.entity, body.source])],
        firing: true,
        name: [word('alertname'), body.message, body.description],
        summary: [body.message, body.description],
        service: [word('service'), body.entity, word('job'), word('namespace')],
        host: [word('host'), word('instance'), body.entity],
        severity: [body.priority, word('severity'), 'p3'],
        labels,
        annotations: body.description ? { description: body.description } : {},
        links: { Source: body.source, Runbook: word('runbook_url'), Dashboard: word('dashboard_url') },
      },
    ),
  ];
}

function followed({ action, alias, user, note, source: by }: Then, source: string): Alert[] | PassedOver {
  const end = makeAlert({ source }, { key: [alias], firing: false, name: alias });
  if (action === 'close' || action === 'delete') return [end];
  if (action === 'message' || action === 'description')
    return { name: action, why: 'the words of the first report stand' };
  const who = [user && `by ${lines(user, 200)}`, `at its sender (${source})`].filter((each) => each).join(' ');
  const words = note ? `: ${lines(note, 2_000)}` : '';
  return {
    name: action,
    why:
      action === 'notes' ? 'a note is no alert' : 'acknowledged at its sender; whoever works on it here says so here',
    tells: {
      text: action === 'notes' ? `Noted ${who}${words || (by ? `: ${by}` : '')}` : `Acknowledged ${who}${words}`,
      of: { fingerprint: end.fingerprint },
    },
  };
}
