import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseJson } from '../alerts/json.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import type { Takes } from '../alerts/source.js';
import { formFields, multipartFields, plainText } from './forms.js';

const bodyLimits = {
  /** As sent. */
  sentBytes: 1024 * 1024,
  inflatedBytes: 8 * 1024 * 1024,
  /** Of all bodies being received at once. */
  receivingBytes: 64 * 1024 * 1024,
} as const;

/** A refused body is read on so far, unkept: a sender that cannot finish sending does not read the answer. */
const drainedBytes = 8 * bodyLimits.sentBytes;

const unpack = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) } as const;

/** A body as it came: its bytes once unpacked, and what they say. */
export interface ReadBody {
  raw: Buffer;
  value: unknown;
}

/**
 * From here on bodies of this plugin's routes are read as from somebody who may mean harm: refused with 413 and 415 as
 * they arrive, with 400 as they are parsed (see `parseJson`), with 503 when too much arrives at once. `takes` says what
 * the sender of a request may write besides JSON. `request.body` is a `ReadBody`, or undefined when there was none.
 */
export function takeBodies(app: FastifyInstance, takes: (request: FastifyRequest) => Takes = () => ({})): void {
  let receiving = 0;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable): Promise<ReadBody> => {
    const { headers } = request;
    const { bodies = [], empty = false } = takes(request);
    const as = formOf(headers['content-type'], bodies);
    const encoding = encodingOf(headers);
    let own = 0;
    const grow = (bytes: number): void => {
      own += bytes;
      receiving += bytes;
      if (receiving > bodyLimits.receivingBytes)
        throw new BodyRefusal(503, 'Too much arrives at once.', 'Nothing was done. Try again in a few seconds.');
    };
    try {
      const sent = await receive(payload, headers, grow);
      const raw = encoding === null ? sent : await inflated(sent, encoding);
      if (empty && raw.length === 0) return { raw, value: undefined };
      return { raw, value: await read[as](raw, headers['content-type'] ?? '') };
    } finally {
      receiving -= own;
    }
  });
}

const read: Record<Form, (raw: Buffer, type: string) => unknown> = {
  json: (raw) => parseJson(raw),
  form: (raw) => formFields(raw),
  multipart: (raw, type) => multipartFields(raw, type),
  text: (raw) => plainText(raw),
  // Whatever it says it is: what begins like JSON is read as JSON, with all that is refused in it.
  any: (raw) => (/^[\s\ufeff]*[[{]/.test(raw.subarray(0, 64).toString('utf8')) ? parseJson(raw) : plainText(raw)),
};
/** The same for bytes that are there already. @throws BodyRefusal */
export const readBody = async (raw: Buffer, contentType: string | undefined, takes: Takes): Promise<unknown> =>
  read[formOf(contentType, takes.bodies ?? [])](raw, contentType ?? '');

type Form = 'json' | 'form' | 'multipart' | 'text' | 'any';

function formOf(contentType: string | undefined, also: readonly string[]): Form {
  const [given = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const type = given.trim();
  const charset = parameters.map((each) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(each)?.[1]).find((set) => set);
  const utf8 = charset === undefined || /^(?:utf-?8|us-ascii)$/.test(charset);
  if (also.includes('form') && type === 'application/x-www-form-urlencoded') return 'form';
  if (also.includes('multipart') && type === 'multipart/form-data') return 'multipart';
  if (!utf8) throw wrongType('Only UTF-8 is taken.');
  if (/^application\/(?:json|[a-z0-9][a-z0-9!#$&^_.-]{0,120}\+json)$/.test(type)) return 'json';
  if (also.includes('any')) return 'any';
  if (also.includes('json-text') && (type === 'text/plain' || type === '')) return 'json';
  if (also.includes('text') && (type.startsWith('text/') || type === '')) return 'text';
  throw wrongType();
}

export const wrongType = (error = 'Only JSON is taken here.'): BodyRefusal =>
  new BodyRefusal(415, error, 'Send Content-Type: application/json, in UTF-8.');

function encodingOf(headers: IncomingHttpHeaders): keyof typeof unpack | null {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return null;
  if (Object.hasOwn(unpack, encoding)) return encoding as keyof typeof unpack;
  throw new BodyRefusal(415, 'This content encoding is not taken.', 'Send it plain, or with gzip or deflate.');
}

/** By events: an iterator over a body of one piece costs more than parsing it. */
function receive(payload: Readable, headers: IncomingHttpHeaders, grow: (bytes: number) => void): Promise<Buffer> {
  const declared = Number(headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  let tooLarge = declared > bodyLimits.sentBytes;
  return new Promise((resolve, reject) => {
    let over = false;
    const refuse = (refusal: unknown): void => {
      over = true;
      reject(refusal);
    };
    const refuseSize = () => refuse(tooLargeBody(`At most ${bodyLimits.sentBytes / 1024 / 1024} MiB as sent.`));
    const breakOff = (cause?: unknown): void => {
      if (!over) refuse(new BodyRefusal(400, 'The body broke off.', 'Send it again, whole.', { cause }));
    };
    payload.on('data', (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      tooLarge ||= size > bodyLimits.sentBytes;
      if (tooLarge && Math.max(size, declared) > drainedBytes) {
        refuseSize();
        payload.pause();
      }
      if (tooLarge) return;
      try {
        grow(chunk.length);
        chunks.push(chunk);
      } catch (refusal) {
        refuse(refusal);
      }
    });
    payload.once('end', () => {
      if (over) return;
      over = true;
      if (tooLarge) refuseSize();
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    });
    payload.once('error', breakOff);
    payload.once('close', breakOff);
  });
}

async function inflated(sent: Buffer, encoding: keyof typeof unpack): Promise<Buffer> {
  try {
    return await unpack[encoding](sent, { maxOutputLength: bodyLimits.inflatedBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLargeBody(`At most ${bodyLimits.inflatedBytes / 1024 / 1024} MiB once unpacked.`);
    throw new BodyRefusal(400, `The body is not ${encoding}.`, 'Check Content-Encoding, or send it plain.', {
      cause: error,
    });
  }
}

const tooLargeBody = (hint: string): BodyRefusal =>
  new BodyRefusal(413, 'The body is too large.', `${hint} Send fewer alerts at once.`);
