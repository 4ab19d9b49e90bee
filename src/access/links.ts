import type { SignInLink } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { digestOf, newSecret } from './secrets.js';

export const linkLastsMs = 10 * 60_000;

/** A link that lets this person in once, within ten minutes, and leads them to a path of this site. */
export async function makeLink(
  store: Pick<Store, 'access'>,
  { personId, leadsTo, now }: { personId: string; leadsTo: string; now: number },
): Promise<string> {
  const secret = newSecret();
  await store.access([{ makeLink: { digest: digestOf(secret), personId, leadsTo, expiresAt: now + linkLastsMs } }]);
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
