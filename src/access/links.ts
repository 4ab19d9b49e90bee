import type { SignInLink } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { digestOf, newSecret } from './secrets.js';

export const linkLastsMs = 10 * 60_000;

/** Of a link that is sent while chat is down: it may be noticed late. */
export const wayInLastsMs = 60 * 60_000;

/** A link that lets this person in once, for so long, and leads them to a path of this site. */
export async function makeLink(
  store: Pick<Store, 'access'>,
  {
    personId,
    leadsTo,
    now,
    lastsMs = linkLastsMs,
  }: { personId: string; leadsTo: string; now: number; lastsMs?: number },
): Promise<string> {
  const secret = newSecret();
  await store.access([{ makeLink: { digest: digestOf(secret), personId, leadsTo, expiresAt: now + lastsMs } }]);
  return secret;
}

/** Whom it lets in; null: nobody, or not any more. Asking does not use it up. */
export async function linkOf(
  store: Pick<Store, 'link'>,
  secret: string,
  now: number,
): Promise<(SignInLink & { name: string }) | null> {
  const link = await store.link(digestOf(secret));
  return link && link.goneAt === null && now < link.expiresAt ? link : null;
}
