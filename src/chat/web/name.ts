import type { FastifyReply, FastifyRequest } from 'fastify';

/** Who is at the page. */
export interface Person {
  personId: string;
  name: string;
}

/** The adapter's name: the people of the web chat are known to the store under it. */
export const webPlatform = 'web';
const cookie = 'muster_name';
const longestName = 60;
const keptForSeconds = 365 * 24 * 60 * 60;

/** The name said once on the open page, or null. A claim and no proof: for the open loopback default only. */
export function nameOf(request: FastifyRequest): Person | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key !== cookie || value === undefined) continue;
    try {
      return personNamed(decodeURIComponent(value));
    } catch (error) {
      if (error instanceof URIError) return null;
      throw error;
    }
  }
  return null;
}

/** Remembers the name for a year, out of reach of scripts. Answers null, and sets nothing, when no id can be made of it. */
export function rememberName(reply: FastifyReply, name: string): Person | null {
  const person = personNamed(name);
  if (person === null) return null;
  const value = encodeURIComponent(person.name);
  reply.header('set-cookie', `${cookie}=${value}; Path=/; Max-Age=${keptForSeconds}; HttpOnly; SameSite=Lax`);
  return person;
}

/** `Ada L.` is `ada-l`. null when nothing is left of it, or when it is Muster's own name. */
export function personNamed(name: string): Person | null {
  const shown = [
    ...name
      .normalize('NFKC')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, longestName)
    .join('');
  const personId = shown
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return personId === '' || personId === 'muster' ? null : { personId, name: shown };
}

/** What the web chat may call somebody of the configuration: their id, or their name. */
export const webIdentities = ({ id, name }: { id: string; name: string }): { platform: string; externalId: string }[] =>
  [...new Set([id, name].flatMap((said) => personNamed(said)?.personId ?? []))].map((externalId) => ({
    platform: webPlatform,
    externalId,
  }));
