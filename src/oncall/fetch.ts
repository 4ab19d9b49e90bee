import { open } from 'node:fs/promises';
import { calendarLimits } from './calendar/limits.js';
import { isAddress } from './schedule.js';

/** What a server or the disk calls a version, for the next question. */
export interface Version {
  etag: string | null;
  modified: string | null;
}

export type Fetched = { unchanged: true } | ({ unchanged: false; text: string } & Version);

/** The calendar could not be had; the message says why, and not where. */
export class Unreachable extends Error {}

const answersWithinMs = 10_000;
const tooLarge = `it is larger than ${calendarLimits.bytes / 1024 / 1024} MB`;

/**
 * A calendar as it stands at its place. `known`: the version there is a copy of.
 * @throws Unreachable
 */
export async function fetchCalendar(
  place: string,
  known: Version | null,
  { withinMs = answersWithinMs }: { withinMs?: number } = {},
): Promise<Fetched> {
  return isAddress(place) ? fromServer(place, known, withinMs) : fromFile(place, known);
}

async function fromServer(address: string, known: Version | null, withinMs: number): Promise<Fetched> {
  const late = AbortSignal.timeout(withinMs);
  try {
    const { url, authorization } = opened(address);
    const response = await fetch(url, {
      signal: late,
      headers: {
        accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
        ...(authorization !== null && { authorization }),
        ...(known?.etag && { 'if-none-match': known.etag }),
        ...(known?.modified && { 'if-modified-since': known.modified }),
      },
    });
    if (response.status === 304 && known) {
      await response.body?.cancel();
      return { unchanged: true };
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Unreachable(`its server answers ${response.status}`);
    }
    const text = await textOf(response);
    return {
      unchanged: false,
      text,
      etag: response.headers.get('etag'),
      modified: response.headers.get('last-modified'),
    };
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    if (late.aborted) throw new Unreachable(`its server has not answered within ${withinMs / 1_000} s`);
    const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new Unreachable(`its server cannot be reached${code === undefined ? '' : ` (${code})`}`);
  }
}

/** A name and a password in an address go into a header of their own. */
function opened(address: string): { url: URL; authorization: string | null } {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url, authorization: null };
  url.username = '';
  url.password = '';
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(words).toString('base64')}` };
}

async function textOf(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) > calendarLimits.bytes) {
    await response.body?.cancel();
    throw new Unreachable(tooLarge);
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    // Leaving the loop closes the connection.
    if (bytes > calendarLimits.bytes) throw new Unreachable(tooLarge);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function fromFile(path: string, known: Version | null): Promise<Fetched> {
  try {
    const file = await open(path, 'r');
    try {
      const { size, mtimeMs } = await file.stat();
      const modified = `${mtimeMs}/${size}`;
      if (known?.modified === modified) return { unchanged: true };
      if (size > calendarLimits.bytes) throw new Unreachable(tooLarge);
      return { unchanged: false, text: await file.readFile('utf8'), etag: null, modified };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    throw new Unreachable(`its file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}
