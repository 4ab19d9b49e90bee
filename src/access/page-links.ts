import type { PageLink } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { digestOf, newSecret } from './secrets.js';

/** A night: whoever finds it in the morning has another way in. */
export const pageLinkLastsMs = 12 * 60 * 60_000;

/** The secret of a new link by which this person acknowledges this incident. */
export async function makePageLink(
  store: Pick<Store, 'access'>,
  { personId, incidentId, now }: { personId: string; incidentId: string; now: number },
): Promise<string> {
  const secret = newSecret();
  const expiresAt = now + pageLinkLastsMs;
  await store.access([{ makePageLink: { digest: digestOf(secret), personId, incidentId, expiresAt } }]);
  return secret;
}

/** Whose it is and for what; null: nobody's, or not any more. */
export async function pageLinkOf(
  store: Pick<Store, 'pageLink'>,
  secret: string,
  now: number,
): Promise<(PageLink & { name: string }) | null> {
  const link = await store.pageLink(digestOf(secret));
  return link && link.goneAt === null && now < link.expiresAt ? link : null;
}
