import type { FastifyRequest } from 'fastify';
import { BodyRefusal } from '../../alerts/refused-body.js';
import type { DropIn } from './doors.js';

const door: Pick<DropIn, 'kind' | 'refusal'> = {
  kind: 'opsgenie-api',
  refusal: (_status, error, hint) => ({ message: `${error} ${hint}`, took: 0 }),
};

const fieldsOf = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};

/** The alias, whatever `identifierType` calls it, and what is to be done stand in the path. */
const then =
  (actions: readonly string[]) =>
  (body: unknown, request: FastifyRequest): unknown => {
    const { alias, action = 'delete' } = request.params as { alias: string; action?: string };
    if (!actions.includes(action))
      throw new BodyRefusal(404, `There is no ${action} of alerts here.`, `What is taken: ${actions.join(', ')}.`);
    return { ...fieldsOf(body), alias, action };
  };

/** Opsgenie's alert API. */
export const opsgenieDoors: readonly DropIn[] = [
  {
    ...door,
    method: 'POST',
    url: '/v2/alerts',
    read(body) {
      const { action, ...fields } = fieldsOf(body);
      const { message, description, alias } = fields;
      if (![message, description, alias].some((each) => typeof each === 'string' && each.trim() !== ''))
        throw new BodyRefusal(400, 'The alert has no message.', 'Send one, up to 130 characters.');
      return action === undefined ? body : fields;
    },
  },
  { ...door, method: 'POST', url: '/v2/alerts/:alias/:action', read: then(['close', 'acknowledge', 'notes']) },
  { ...door, method: 'PUT', url: '/v2/alerts/:alias/:action', read: then(['message', 'description']) },
  { ...door, method: 'DELETE', url: '/v2/alerts/:alias', read: then(['delete']) },
];
