import { randomUUID } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findFile } from '../../config/find.js';
import { size } from '../words.js';
import { type Finding, type Look, ok, problem, warning, wordsOf } from './finding.js';

const needed = [20, 20] as const;
/** Below this much more than the minimum somebody should make room soon. */
const soon = 8;
const databaseFiles = ['muster', 'chat'].flatMap((name) => ['', '-wal', '-shm'].map((end) => `${name}.db${end}`));
const othersMayRead = 0o004;
const groupMayWrite = 0o020;

export const node: Look = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  return [
    fits
      ? ok('Node', process.version)
      : problem('Node', `${process.version} is too old.`, `Install Node ${needed.join('.')} or newer.`),
  ];
};

/** That the user who asks may write is what can be seen; it should be the one Muster runs as. */
export const dataFolder: Look = async ({ config }) => {
  const { dataFolder: folder, diskAtLeastBytes: atLeast } = config;
  const about = 'data folder';
  let found: Stats;
  try {
    found = await stat(folder);
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return [
      gone
        ? warning(
            about,
            `${folder} is not there yet.`,
            'Muster makes it when it starts; or set MUSTER_DATA to where it is.',
          )
        : problem(about, wordsOf(error), 'Let Muster read it.'),
    ];
  }
  const findings: Finding[] = [];
  try {
    const file = join(folder, `.doctor-${randomUUID()}`);
    await (await open(file, 'wx')).close();
    await rm(file);
    findings.push(ok(about, `${folder} can be written.`));
  } catch (error) {
    const user = process.getuid ? ` (asked as user ${process.getuid()}, it belongs to ${found.uid})` : '';
    findings.push(
      problem(about, `${wordsOf(error)}${user}`, `Give it to the user Muster runs as: chown -R muster ${folder}`),
    );
  }
  const strangers = databaseFiles.flatMap((name) => {
    const uid = statSync(join(folder, name), { throwIfNoEntry: false })?.uid;
    return uid === undefined || uid === found.uid ? [] : name;
  });
  if (strangers.length > 0)
    findings.push(
      problem(
        about,
        `${strangers.join(', ')} in ${folder} belong to somebody else than the folder: a command was run as another user.`,
        `chown --reference=${folder} ${strangers.map((name) => join(folder, name)).join(' ')}`,
      ),
    );
  if (found.mode & othersMayRead)
    findings.push(warning(about, `Every user of this machine may look into ${folder}.`, `chmod 750 ${folder}`));
  const { bavail, bsize } = await statfs(folder);
  const left = bavail * bsize;
  const words = `${size(left)} are left; at least ${size(atLeast)} are wanted.`;
  if (left < atLeast) findings.push(problem('disk', words, `Make room at ${folder}, or lower disk-at-least.`));
  else if (left < atLeast * soon) findings.push(warning('disk', words, `Make room at ${folder} soon.`));
  else findings.push(ok('disk', `${size(left)} are left.`));
  return findings;
};

/** Files with secrets that others than their owner and group may read. */
export const secretFiles: Look = async ({ env, folder }) => {
  const files = new Map<string, string>();
  for (const [name, path] of Object.entries(env))
    if (path && /^(MUSTER_\w+|DATABASE_URL|SLACK_\w+|MATTERMOST_\w+)_FILE$/.test(name))
      files.set(resolve(folder, path), name);
  const { file } = findFile(env, folder);
  const secrets = [
    ...Object.entries(file?.sources ?? {}).map(([name, { tokens }]) => [`a token of ${name}`, tokens] as const),
    ...Object.entries(file?.audiences ?? {}).map(
      ([name, audience]) => [`a secret of ${name}`, audience.secrets] as const,
    ),
  ];
  for (const [what, references] of secrets)
    for (const reference of references) {
      if (reference.file !== undefined) files.set(resolve(folder, reference.file), what);
      const named = reference.env && env[`${reference.env}_FILE`];
      if (named) files.set(resolve(folder, named), `${reference.env}_FILE`);
    }
  const findings = [...files].flatMap(([path, name]): Finding[] => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return [problem('secrets', `${name} names ${path}, which is not there.`, 'Put it there, or unset it.')];
    if (found.mode & (othersMayRead | groupMayWrite))
      return [problem('secrets', `${path} (${name}) can be read or changed by others.`, `chmod 640 ${path}`)];
    return [];
  });
  if (findings.length > 0) return findings;
  return files.size === 0 ? [] : [ok('secrets', `${files.size} files, readable by nobody else.`)];
};
