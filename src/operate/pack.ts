import { createReadStream, createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip, createGzip } from 'node:zlib';
import { Decrypter, Encrypter } from 'age-encryption';
import { create, Parser } from 'tar';
import { ArchiveError, partName } from './manifest.js';

const ageHeader = 'age-encryption.org/';
/** A tenth of it is what a Muster of years comes to. */
const unpackedAtMostBytes = 64 * 1024 ** 3;

type Bytes = ReadableStream<Uint8Array>;

/** The files `names` of a folder as one stream: tar, gzip, and age when there are recipients. Nothing is held in memory. */
export async function packed(folder: string, names: readonly string[], recipients: readonly string[]) {
  const tar = Readable.from(create({ cwd: folder, portable: true, strict: true, noDirRecurse: true }, [...names]));
  const zipped = createGzip();
  const done = pipeline(tar, zipped);
  // Whoever reads the stream hears of it there.
  done.catch((error) => zipped.destroy(error));
  if (recipients.length === 0) return zipped as Readable;
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const encrypted = await encrypter.encrypt(Readable.toWeb(zipped) as Bytes as never);
  return Readable.fromWeb(encrypted as unknown as Bytes);
}

/** @throws ArchiveError when the file is not whole, or cannot be read with these identities. */
export async function unpack(file: string, folder: string, identities: readonly string[]): Promise<void> {
  const encrypted = await isEncrypted(file);
  if (encrypted && identities.length === 0)
    throw new ArchiveError('It is encrypted. Give the file with the age identity: --identity <file>.', {
      unreadable: true,
    });
  let source = createReadStream(file) as Readable;
  if (encrypted) source = await decrypted(source, identities);
  try {
    await extracted(source, folder);
  } catch (error) {
    if (isOfDisk(error)) throw error;
    throw new ArchiveError(
      encrypted
        ? 'It is damaged or cut: it cannot be decrypted and unpacked to its end.'
        : 'It is damaged or cut: it cannot be unpacked to its end.',
      { cause: error },
    );
  }
}

/** Writes plain files and nothing else; has stopped writing when it throws. */
async function extracted(source: Readable, folder: string): Promise<void> {
  const writing: { to: WriteStream; done: Promise<void> }[] = [];
  let bytes = 0;
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      bytes += entry.size;
      const name = partName.safeParse(entry.path);
      if (entry.type !== 'File' || !name.success || bytes > unpackedAtMostBytes) {
        parser.abort(new Error(`${entry.path} does not belong into a backup.`));
        return;
      }
      const path = join(folder, name.data);
      mkdirSync(dirname(path), { recursive: true });
      const to = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      writing.push({ to, done: pipeline(Readable.from(entry), to) });
    },
  });
  const parsed = pipeline(source, createGunzip(), parser as unknown as NodeJS.WritableStream);
  // A disk that is full is told by the files; without them the parser would wait for ever.
  const told = parsed.then(() => Promise.all(writing.map(({ done }) => done)));
  const failed = new Promise<never>((_, reject) => {
    parser.on('entry', () => writing.at(-1)?.done.catch(reject));
  });
  try {
    await Promise.race([told, failed]);
  } catch (error) {
    source.destroy();
    for (const { to } of writing) to.destroy();
    await Promise.allSettled(writing.map(({ done }) => done));
    throw error;
  }
}

async function decrypted(source: Readable, identities: readonly string[]): Promise<Readable> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    const stream = await decrypter.decrypt(Readable.toWeb(source) as Bytes as never);
    return Readable.fromWeb(stream as unknown as Bytes);
  } catch (error) {
    throw new ArchiveError('It is encrypted for other keys: none of the identities given can read it.', {
      cause: error,
      unreadable: true,
    });
  }
}

async function isEncrypted(file: string): Promise<boolean> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(ageHeader.length), 0, ageHeader.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === ageHeader;
  } finally {
    await opened.close();
  }
}

const isOfDisk = (error: unknown): boolean =>
  ['ENOSPC', 'EFBIG', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes((error as NodeJS.ErrnoException)?.code ?? '');

/** The identities in a file of `age-keygen`: its lines that are not comments. */
export async function identitiesIn(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const identities = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const known = identities.filter((line) => /^AGE-SECRET-KEY-/.test(line));
  if (known.length === 0) throw new Error(`${file} holds no age identity (a line AGE-SECRET-KEY-1…).`);
  return known;
}
