import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LARGEST_TEXT } from './limits.js';
import { parsePlaybook } from './parse.js';
import type { Playbook, Problem } from './playbook.js';

/**
 * Every `*.md` of a folder but README.md, by name; folders in it are not entered. A playbook with errors is left out
 * and its problems are reported, as is a folder or file that cannot be read. `now` in ms allows for overdue reviews.
 */
export async function loadPlaybooks(
  folder: string,
  now?: number,
): Promise<{ playbooks: Playbook[]; problems: Problem[] }> {
  const playbooks: Playbook[] = [];
  const problems: Problem[] = [];
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    problems.push(unreadable(folder, error, 'name a folder that exists and that Muster may read'));
    return [];
  });
  for (const name of names.filter(isPlaybookName).sort()) {
    const file = join(folder, name);
    try {
      const text = await readText(file);
      const result =
        typeof text === 'string'
          ? parsedOnce({ id: name.slice(0, -'.md'.length), file, text }, now)
          : { playbook: null, problems: [text] };
      if (result.playbook !== null) playbooks.push(result.playbook);
      problems.push(...result.problems);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      problems.push(unreadable(file, error, 'let Muster read the file, or remove it'));
    }
  }
  return { playbooks, problems };
}

/** A folder is read again whenever one of its files may have changed: a page that is as it was is not parsed again. */
const parsedBefore = new Map<string, ReturnType<typeof parsePlaybook>>();
const parsedKept = 200;
const dayMs = 86_400_000;

function parsedOnce(source: Parameters<typeof parsePlaybook>[0], now?: number): ReturnType<typeof parsePlaybook> {
  // Whether a review is overdue is a matter of days.
  const day = now === undefined ? null : Math.floor(now / dayMs);
  const key = JSON.stringify([day, source.file, source.text]);
  const parsed = parsedBefore.get(key) ?? parsePlaybook(source, now);
  parsedBefore.set(key, parsed);
  for (const oldest of [...parsedBefore.keys()].slice(0, -parsedKept)) parsedBefore.delete(oldest);
  return parsed;
}

const isPlaybookName = (name: string): boolean =>
  name.endsWith('.md') && !name.startsWith('.') && name.toLowerCase() !== 'readme.md';

/** One byte more than is allowed is read, so that a huge file costs no memory. */
async function readText(file: string): Promise<string | Problem> {
  const handle = await open(file, 'r');
  try {
    if (!(await handle.stat()).isFile()) return problemAt(file, 'this is not a file', 'remove it, or rename it');
    const buffer = Buffer.alloc(LARGEST_TEXT + 1);
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, size, buffer.length - size, null);
      size += bytesRead;
      if (bytesRead === 0 || size === buffer.length) break;
    }
    if (size > LARGEST_TEXT) {
      return problemAt(file, `the file has more than ${LARGEST_TEXT} bytes`, 'split the playbook');
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, size));
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return problemAt(file, 'the file is not UTF-8', 'save it as UTF-8 text');
    }
    throw error;
  } finally {
    await handle.close();
  }
}

const problemAt = (file: string, message: string, hint: string): Problem => ({
  file,
  line: 1,
  column: 1,
  level: 'error',
  message,
  hint,
});

const unreadable = (file: string, error: { code?: unknown; message: string }, hint: string): Problem =>
  problemAt(file, `it cannot be read: ${String(error.code ?? error.message)}`, hint);
