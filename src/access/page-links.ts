import type { PageLink } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { digestOf, newSecret } from './secrets.js';

/** A night: whoever finds it in the morning has another way in. */
export const pageLinkLastsMs = 12 * 60 * 60_000;

/** The secret of a new link by which this person acknowledges this incident. */
export type MakePageLink = (link: { personId: string; incidentId: string; now: number }) => Promise<string>;

/** Links that are made at once are written at once: many people may be called in one moment. */
export function pageLinkMaker(store: Pick<Store, 'access'>): MakePageLink {
  let waiting: { makePageLink: PageLink & { digest: string } }[] = [];
  let written: Promise<void> | null = null;
  const write = (): Promise<void> =>
    new Promise((resolve) => setImmediate(resolve)).then(() => {
      const writes = waiting;
      waiting = [];
      written = null;
      return store.access(writes);
    });
  return async ({ personId, incidentId, now }) => {
    const secret = newSecret();
    const expiresAt = now + pageLinkLastsMs;
    waiting.push({ makePageLink: { digest: digestOf(secret), personId, incidentId, expiresAt } });
    written ??= write();
    await written;
    return secret;
  };
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
