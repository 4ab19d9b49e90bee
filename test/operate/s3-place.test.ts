import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveName } from '../../src/operate/archive-name.js';
import { s3Place } from '../../src/operate/s3-place.js';
import { startS3 } from './s3.js';

describe('a place in an S3-compatible store', () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  const folder = mkdtempSync(join(tmpdir(), 'muster-s3-place-'));
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(async () => {
    await s3.close();
    rmSync(folder, { recursive: true });
  });
  const plan = () => ({ endpoint: s3.endpoint, region: 'us-east-1' });
  const name = (hour: number) => archiveName(Date.UTC(2026, 10, 21, hour), false);
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  it('keeps what is put there, small or in parts, lists the newest first, and forgets what is removed', async () => {
    const place = s3Place('s3://backups/production/eu/', plan(), s3.env);
    expect(await place.list()).toEqual([]);
    const small = randomBytes(1000);
    const large = randomBytes(40 * 1024 * 1024 + 17);
    s3.busy(2);
    await place.put(name(1), Readable.from([small]));
    await place.put(name(2), Readable.from(pieces(large)));
    await s3Place('s3://backups/other', plan(), s3.env).put(name(3), Readable.from([small]));
    expect(await place.list()).toEqual([
      { name: name(2), at: Date.UTC(2026, 10, 21, 2), bytes: large.length },
      { name: name(1), at: Date.UTC(2026, 10, 21, 1), bytes: small.length },
    ]);
    expect(digest(readFileSync(await place.fetch(name(2), folder)))).toBe(digest(large));
    await place.remove(name(2));
    expect((await place.list()).map((each) => each.name)).toEqual([name(1)]);
  });

  it('has nothing of an archive that broke off while it was being sent', async () => {
    const place = s3Place('s3://backups/broken', plan(), s3.env);
    async function* breaking() {
      yield randomBytes(20 * 1024 * 1024);
      throw new Error('the disk went away');
    }
    await expect(place.put(name(1), Readable.from(breaking()))).rejects.toThrow('the disk went away');
    expect(await place.list()).toEqual([]);
  });

  it('says what is wrong: keys that are missing or false, a bucket that is not there, nobody who answers', async () => {
    expect(() => s3Place('s3://backups', plan(), {})).toThrow(
      'MUSTER_S3_ACCESS_KEY_ID and MUSTER_S3_SECRET_ACCESS_KEY',
    );
    const wrong = { ...s3.env, MUSTER_S3_SECRET_ACCESS_KEY: 'not-the-secret-key' };
    await expect(s3Place('s3://backups', plan(), wrong).list()).rejects.toThrow(
      /SignatureDoesNotMatch.*SECRET_ACCESS_KEY/,
    );
    await expect(s3Place('s3://nowhere', plan(), s3.env).list()).rejects.toThrow(/NoSuchBucket/);
    const nobody = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1' };
    await expect(s3Place('s3://backups', nobody, s3.env).list()).rejects.toThrow(/127.0.0.1:1 does not answer/);
  });
});

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}
