import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import type { BackupPlan } from '../config/config.js';
import { type ConfigProblem, type Env, readSecret } from '../config/secrets.js';
import { archiveTime } from './archive-name.js';
import type { Kept, Place } from './place.js';

/** Parts may be 5 MiB to 5 GiB, at most 10,000 of them: 160 GB, with one part in memory at a time. */
const partBytes = 16 * 1024 * 1024;
/** A part over a line of 1 Mbit/s. */
const requestWithinMs = 180_000;
const triesAfterFirst = 4;

/** Archives as objects of a bucket, in any store that speaks S3. */
export function s3Place(to: string, plan: BackupPlan['s3'] | null, env: Env): Place {
  const { bucket, prefix } = partsOf(to);
  const region = plan?.region ?? env.MUSTER_S3_REGION ?? 'us-east-1';
  const endpoint = plan?.endpoint ?? env.MUSTER_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`;
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const client = new AwsClient({ ...keysOf(env), service: 's3', region, retries: triesAfterFirst });
  const urlOf = (name: string, query = ''): string => `${base}/${prefix}${name}${query}`;

  async function ask(method: string, url: string, body?: Buffer): Promise<Response> {
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    let response: Response;
    try {
      response = await client.fetch(url, {
        method,
        ...(body && { body: new Uint8Array(body) }),
        headers: { 'x-amz-content-sha256': sha256 },
        signal: AbortSignal.timeout(requestWithinMs),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Error(`${endpoint} does not answer: ${cause}`, { cause: error });
    }
    if (response.ok) return response;
    const said = await response.text();
    const code = textIn(said, 'Code') ?? '';
    throw new Error(`${to} refuses (${method}, ${response.status}${code && `, ${code}`}). ${hintFor(code)}`.trim());
  }

  async function putParts(url: string, first: Buffer, rest: AsyncGenerator<Buffer>): Promise<void> {
    const upload = textIn(await (await ask('POST', `${url}?uploads=`)).text(), 'UploadId');
    if (!upload) throw new Error(`${to} began no upload.`);
    const of = `uploadId=${encodeURIComponent(upload)}`;
    const tags: string[] = [];
    const send = async (part: Buffer): Promise<void> => {
      const { headers } = await ask('PUT', `${url}?partNumber=${tags.length + 1}&${of}`, part);
      tags.push(headers.get('etag') ?? '');
    };
    try {
      await send(first);
      for await (const part of rest) await send(part);
      const list = tags.map((tag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${tag}</ETag></Part>`).join('');
      const body = Buffer.from(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
      const said = await (await ask('POST', `${url}?${of}`, body)).text();
      // This answer may be an error although its status is 200.
      if (said.includes('<Error>')) throw new Error(`${to} did not complete the upload: ${textIn(said, 'Code')}.`);
    } catch (error) {
      // What cannot be taken back either is told by the first error; the bucket's lifecycle rule removes it.
      await ask('DELETE', `${url}?${of}`).catch(() => undefined);
      throw error;
    }
  }

  return {
    words: to.replace(/\/+$/, ''),
    async put(name, bytes) {
      const parts = inParts(bytes);
      const { value: first = Buffer.alloc(0) } = await parts.next();
      if (first.length < partBytes) await ask('PUT', urlOf(name), first);
      else await putParts(urlOf(name), first, parts);
    },
    async list() {
      const kept: Kept[] = [];
      let next: string | null = null;
      do {
        const token: string = next === null ? '' : `&continuation-token=${encodeURIComponent(next)}`;
        const said = await (
          await ask('GET', `${base}?list-type=2&prefix=${encodeURIComponent(prefix)}${token}`)
        ).text();
        for (const [, entry = ''] of said.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
          const name = (textIn(entry, 'Key') ?? '').slice(prefix.length);
          const at = archiveTime(name);
          if (at !== null) kept.push({ name, at, bytes: Number(textIn(entry, 'Size')) });
        }
        next = textIn(said, 'NextContinuationToken');
      } while (next !== null);
      return kept.sort((a, b) => b.at - a.at);
    },
    async fetch(name, folder) {
      const { body } = await ask('GET', urlOf(name));
      const file = join(folder, name);
      if (!body) throw new Error(`${to}/${name} is empty.`);
      await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      return file;
    },
    async remove(name) {
      await ask('DELETE', urlOf(name));
    },
  };
}

function partsOf(to: string): { bucket: string; prefix: string } {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(to) ?? [];
  if (bucket === '') throw new Error(`${to} names no bucket. Write s3://bucket/prefix.`);
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

function keysOf(env: Env): { accessKeyId: string; secretAccessKey: string } {
  const problems: ConfigProblem[] = [];
  const accessKeyId = readSecret(env, 'MUSTER_S3_ACCESS_KEY_ID', problems);
  const secretAccessKey = readSecret(env, 'MUSTER_S3_SECRET_ACCESS_KEY', problems);
  if (problems[0]) throw new Error(`${problems[0].where}: ${problems[0].what} ${problems[0].fix}`);
  if (accessKeyId === null || secretAccessKey === null)
    throw new Error('The keys of the bucket are missing: set MUSTER_S3_ACCESS_KEY_ID and MUSTER_S3_SECRET_ACCESS_KEY.');
  return { accessKeyId, secretAccessKey };
}

async function* inParts(bytes: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    waiting.push(chunk);
    length += chunk.length;
    while (length >= partBytes) {
      const all = Buffer.concat(waiting);
      yield all.subarray(0, partBytes);
      waiting = [all.subarray(partBytes)];
      length -= partBytes;
    }
  }
  if (length > 0) yield Buffer.concat(waiting);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const textIn = (xml: string, tag: string): string | null =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]?.replace(/&(\w+);/g, (all, name) => entities[name] ?? all) ??
  null;

const hints: Record<string, string> = {
  NoSuchBucket: 'There is no such bucket; make it first.',
  NoSuchKey: 'There is no such archive.',
  AccessDenied: 'These keys may not do that.',
  InvalidAccessKeyId: 'Look at MUSTER_S3_ACCESS_KEY_ID.',
  SignatureDoesNotMatch: 'Look at MUSTER_S3_SECRET_ACCESS_KEY and the region.',
};
const hintFor = (code: string): string => hints[code] ?? '';
