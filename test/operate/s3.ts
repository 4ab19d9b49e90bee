import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';

const accessKey = 'S3RVER';
const secretKey = 'a-secret-key-of-the-tests';

/**
 * A real server that speaks S3, with one bucket. It does not look at signatures of version 4, so a door before it does:
 * who signs wrongly, or sends other bytes than were signed, does not come in.
 */
export async function startS3(): Promise<{
  endpoint: string;
  env: Record<string, string>;
  /** The next so many requests are answered with 503. */
  busy(times: number): void;
  close(): Promise<void>;
}> {
  const directory = mkdtempSync(join(tmpdir(), 'muster-s3-'));
  const store = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'backups' }],
  });
  const { port } = await store.run();
  let busy = 0;
  const door = createServer(async (asked, answer) => {
    const body = await buffer(asked);
    if (busy-- > 0) return answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    if (!wellSigned(asked, body)) return answer.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    const { method, url, headers } = asked;
    const onwards = request({ host: '127.0.0.1', port, method, path: url, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers);
      said.pipe(answer);
    });
    onwards.end(body);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    env: { MUSTER_S3_ACCESS_KEY_ID: accessKey, MUSTER_S3_SECRET_ACCESS_KEY: secretKey },
    busy(times) {
      busy = times;
    },
    async close() {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function wellSigned({ method, url = '', headers }: IncomingMessage, body: Buffer): boolean {
  const [, key, day = '', region = '', signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const payload = String(headers['x-amz-content-sha256']);
  if (key !== accessKey || payload !== sha256(body)) return false;
  const [path = '', query = ''] = url.split('?');
  const canonical = [
    method,
    path,
    query.split('&').filter(Boolean).sort().join('&'),
    ...signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    payload,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signing = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secretKey}`, day), region));
  return signature === hmac(signing, text).toString('hex');
}
