import { readConfig } from '../../config/read.js';
import type { ConfigProblem, Env } from '../../config/secrets.js';
import { backups, doors, texts } from './content.js';
import { type Finding, type Look, type Patient, problem, wordsOf } from './finding.js';
import { database, inside, jobs } from './ledger.js';
import { dataFolder, node, secretFiles } from './machine.js';
import { onCall } from './on-call.js';
import { reach } from './reach.js';

/** In the order in which one should mend. A new one is a line here. */
const looks: [about: string, look: Look][] = [
  ['Node', node],
  ['settings', doors],
  ['secrets', secretFiles],
  ['data folder', dataFolder],
  ['integrity', inside],
  ['running', reach],
  ['jobs', jobs],
  ['texts', texts],
  ['backups', backups],
  ['on call', onCall],
];

/** What is wrong with the settings. */
export const settingsFindings = (problems: readonly ConfigProblem[]): Finding[] =>
  problems.map(({ where, what, fix, level = 'error' }) => ({
    level: level === 'error' ? 'problem' : 'warning',
    about: 'settings',
    what: `${where}: ${what}`,
    fix,
  }));

/**
 * Everything that can be seen of a Muster from beside it, running or not. Changes nothing, and never migrates the
 * database. With settings that cannot be used, only they are told.
 */
export async function examine(env: Env, folder: string, now: () => number = Date.now): Promise<Finding[]> {
  const config = readConfig(env, folder);
  if (Array.isArray(config)) return settingsFindings(config);
  const { store, findings: opened } = await database(config);
  const patient: Patient = { config, env, folder, store, now };
  const findings: Finding[] = [];
  try {
    for (const [about, look] of looks) {
      if (look === inside) findings.push(...opened);
      try {
        findings.push(...(await look(patient)));
      } catch (error) {
        findings.push(
          problem(
            about,
            `It could not be looked at: ${wordsOf(error)}`,
            'Look at the log of Muster and of the system.',
          ),
        );
      }
    }
  } finally {
    await store?.close();
  }
  return findings;
}
