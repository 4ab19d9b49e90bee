import type { Alert } from '../alerts/alert.js';
import type { PassedOver, Received } from '../alerts/source.js';
import { readAlerts, readerOf } from '../alerts/sources.js';
import { readBody } from './body.js';
import { formFields } from './forms.js';
import { opens, type Sender, tokensIn } from './senders.js';

/** A request that was recorded, or only its body: then there are no headers, and nothing is known of who sent it. */
export interface Recorded {
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  raw: Buffer;
}

/** Whether it would be let in. `unknown`: no headers were recorded with it. */
export type Admission = { admitted: 'yes' | 'no' | 'unknown'; how: string };

export interface ReadRecorded {
  admission: Admission;
  alerts: Alert[];
  passedOver: PassedOver | null;
  /** Its shape is known to its source. */
  understood: boolean;
}

/** Reads a recorded request as its door would, without asking anybody anything. @throws BodyRefusal */
export async function readRecorded(recorded: Recorded, sender: Sender, receivedAt: number): Promise<ReadRecorded> {
  const { door, name, about } = sender;
  const { raw, headers, query, method } = recorded;
  const type = headers['content-type'];
  const nothing = raw.length === 0;
  // A body without headers is what a person saved: read by what it looks like.
  const takes = type === undefined ? { bodies: ['any' as const] } : (door.takes ?? {});
  const body = nothing ? query : await readBody(raw, type, takes);
  const received: Received = { method, headers, query, raw, body };
  const { alerts, passedOver = null } = readAlerts(door, body, { ...about, source: name, receivedAt, headers, query });
  return {
    admission: await admissionOf(received, sender, receivedAt),
    alerts,
    passedOver,
    understood: readerOf(door, body) !== null,
  };
}

async function admissionOf(received: Received, sender: Sender, now: number): Promise<Admission> {
  if (sender.open) return { admitted: 'yes', how: 'nobody is asked who they are' };
  if (Object.keys(received.headers).length === 0 && Object.keys(received.query).length === 0 && !sender.door.authentic)
    return { admitted: 'unknown', how: 'no headers were recorded with it' };
  const said =
    (await sender.door.authentic?.(received, { secrets: sender.secrets(now), now, fetchText: offline })) ?? 'absent';
  if (said === 'right') return { admitted: 'yes', how: sender.door.authentication };
  if (said === 'stale') return { admitted: 'no', how: 'its signature is too old' };
  if (said === 'wrong') return { admitted: 'no', how: `its signature does not fit (${sender.door.authentication})` };
  if (opens(sender, tokensIn(received, sender.door), now)) return { admitted: 'yes', how: 'by its token' };
  if (Object.keys(received.headers).length === 0)
    return { admitted: 'unknown', how: 'no headers were recorded with it' };
  return { admitted: 'no', how: 'its token is missing or wrong' };
}

const offline = async (url: string): Promise<string> => {
  throw new Error(`${new URL(url).host} is not asked while planning.`);
};

/**
 * The request line and headers as tools print them (`POST /x?token=y`, then `Name: value` lines; lines that begin with #
 * are left out), or headers alone. Names come out in lower case, of a repeated one all values.
 */
export function headersIn(text: string): Pick<Recorded, 'method' | 'headers' | 'query'> {
  const recorded: Pick<Recorded, 'method' | 'headers' | 'query'> = { method: 'POST', headers: {}, query: {} };
  for (const line of text.split(/\r?\n/)) {
    const [, method, path] = /^([A-Z]{3,7}) (\S+)(?: HTTP\/[\d.]+)?$/.exec(line) ?? [];
    if (method !== undefined && path !== undefined) {
      recorded.method = method;
      const at = path.indexOf('?');
      if (at >= 0) recorded.query = formFields(path.slice(at + 1));
      continue;
    }
    const [, name, value = ''] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || line.startsWith('#')) continue;
    const key = name.toLowerCase();
    const before = recorded.headers[key];
    recorded.headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return recorded;
}
