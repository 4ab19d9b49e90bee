import { isError } from '../../config/file.js';
import { shippedTemplates } from '../../config/read.js';
import { compileTemplates } from '../../messages/render.js';
import { lintPlaybooks } from '../../playbooks/lint.js';
import { placeOf } from '../places.js';
import { span } from '../words.js';
import { type Finding, type Look, ok, problem, warning, wordsOf } from './finding.js';

const dayMs = 86_400_000;

export const doors: Look = async ({ config }) => {
  const findings: Finding[] = config.warnings
    .filter((each) => !isError(each))
    .map(({ where, what, fix }) => warning('settings', `${where}: ${what}`, fix));
  findings.push(
    ok(
      'settings',
      config.file === null ? 'There is no muster.yaml; what is built in holds.' : `${config.file} is valid.`,
    ),
  );
  findings.push(
    config.apiToken === null
      ? ok('tokens', 'None: only this machine may call, and nobody is asked who they are.')
      : ok('tokens', 'Set, for people and for senders.'),
  );
  return findings;
};

/** In counts: `muster check` says each. */
export const texts: Look = async ({ config, now }) => {
  const { playbooks, problems } = await lintPlaybooks(config.playbooksFolder, now());
  const broken = problems.filter(({ level }) => level === 'error');
  const stale = problems.filter(({ message }) => /review was due/.test(message));
  const findings: Finding[] = [];
  if (broken.length > 0)
    findings.push(
      problem('playbooks', `${broken.length} errors keep playbooks from being used.`, 'muster check says where.'),
    );
  if (stale.length > 0)
    findings.push(
      warning('playbooks', `${stale.length} are overdue for review.`, 'Read them, and set reviewed: to today.'),
    );
  if (findings.length === 0) findings.push(ok('playbooks', `${playbooks.length} from ${config.playbooksFolder}.`));
  const templates = compileTemplates(shippedTemplates, config.templatesFolder).problems;
  findings.push(
    templates.length === 0
      ? ok('templates', 'All can be used.')
      : problem(
          'templates',
          `${templates.length} cannot be used, built-in words stand in.`,
          'muster check says where.',
        ),
  );
  return findings;
};

/** Whether there is a backup of late. That it can be restored, only `muster backup verify` knows. */
export const backups: Look = async ({ config, env, now }) => {
  const about = 'backups';
  if (config.backup === null)
    return [
      warning(about, 'None are planned.', 'Say where and when in muster.yaml: backup: { to: /backups, every: 24h }'),
    ];
  const { to, everyMs } = config.backup;
  try {
    const [newest] = await (await placeOf(to, config.backup, env)).list();
    if (!newest) return [problem(about, `There is none in ${to}.`, 'Make one: muster backup')];
    const agoMs = now() - newest.at;
    const words = `The newest is ${span(agoMs)} old: ${newest.name}`;
    // A cron pattern has no interval of its own; a day and a bit is what most mean.
    return [
      agoMs > 2 * (everyMs ?? dayMs)
        ? problem(about, words, 'Look at the log for why, and make one: muster backup')
        : ok(about, words),
    ];
  } catch (error) {
    return [
      problem(
        about,
        `${to} cannot be looked at: ${wordsOf(error)}`,
        'Look at the folder, or at the keys and the address.',
      ),
    ];
  }
};
