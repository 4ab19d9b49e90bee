import { shownReply, tell, unrecorded } from './answer.js';
import type { InboundParts } from './parts.js';
import { type Delivery, ForeignDelivery } from './receive.js';

/**
 * Somebody waits for an answer to what could not even be looked at: they are told. Events are no acts of that kind, and
 * what is sent from a form stays in it: Slack says there that it did not arrive. @throws `error` for those.
 */
export async function excuse(parts: InboundParts, { body }: Delivery, error: unknown): Promise<unknown> {
  if (error instanceof ForeignDelivery) throw error;
  const address = typeof body.response_url === 'string' ? body.response_url : null;
  if (address === null) throw error;
  parts.adapter.log.warn({ err: error }, 'an act in Slack was not recorded');
  const shown = shownReply(parts, unrecorded);
  if (body.command !== undefined) return { ...(await shown)[0], response_type: 'ephemeral' };
  parts.later('that something was not recorded', tell(parts, { address, userId: userIn(body) }, shown));
  return undefined;
}

const userIn = (body: Delivery['body']): string =>
  String((body.user as { id?: unknown } | undefined)?.id ?? body.user_id);
