import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { isError } from '../config/file.js';
import { foldersOf, readConfig, shippedTemplates } from '../config/read.js';
import type { ConfigProblem } from '../config/secrets.js';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { compileTemplates } from '../messages/render.js';
import { formatProblem, lintPlaybooks, lintReport } from '../playbooks/lint.js';
import type { Playbook } from '../playbooks/playbook.js';
import { adoption, recentAlerts, type Unprepared, unprepared } from './check-alerts.js';
import { windowLines, windowsShown } from './check-maintenance.js';
import { faultLines, scheduleFaults } from './check-oncall.js';
import { found, print, unable } from './output.js';

/** `muster check`: everything a person can get wrong before an incident does. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'check the configuration, the playbooks and the templates, who is on call in the next 30 days, when maintenance is and what it would have held, and the alerts nobody has prepared for',
    )
    .option('--json', 'one JSON object instead of lines')
    .addHelpText(
      'after',
      '\nExit codes: 0 no errors (warnings may be left), 1 errors found, 2 the configuration file or the database cannot be read.',
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const read = readConfig(process.env);
      const config = Array.isArray(read) ? null : read;
      const { playbooksFolder, templatesFolder } = foldersOf(process.env);
      const { playbooks, problems } = await lintPlaybooks(playbooksFolder, Date.now());
      const settings = Array.isArray(read) ? read : read.warnings;
      const templates = compileTemplates(shippedTemplates, templatesFolder).problems;
      const seen = config ? await alertsSeen(config, playbooks) : nothing;
      const onCall = config ? await scheduleFaults(config, Date.now()) : [];
      const maintenance = config ? await windowsShown(config, Date.now()) : [];
      const levels = [
        ...settings.map((each) => (isError(each) ? 'error' : 'warning')),
        ...problems.map(({ level }) => level),
        ...templates.map(() => 'error'),
        ...(seen.error === null ? [] : ['error']),
        ...[...seen.alerts, ...seen.services, ...onCall].map(() => 'warning'),
      ];
      const broken = problems.filter(({ level }) => level === 'error').map(({ file }) => file);
      const files = playbooks.length + new Set(broken).size;
      const errors = levels.filter((level) => level === 'error').length;
      const lines = [
        ...settings.map(settingLine),
        ...lintReport(problems).problems.map(formatProblem),
        ...templates.map(
          ({ folder = templatesFolder, template, line, column, message }) =>
            `${folder}/${template}.hbs:${line}:${column} error ${message}`,
        ),
        ...faultLines(onCall),
        ...windowLines(maintenance),
        ...seenLines(seen, config),
        `${config?.file ?? 'The settings'}, ${count(files, 'playbook')} and the templates checked: ${count(errors, 'error')}, ${count(levels.length - errors, 'warning')}.`,
      ];
      const answer = {
        ok: errors === 0,
        file: config?.file ?? null,
        playbooks: playbooks.map(({ id }) => id),
        settings: settings.map((each) => ({ level: 'error', ...each })),
        problems,
        templates,
        onCall,
        maintenance,
        unprepared: seen,
      };
      print(json, answer, lines.join('\n'));
      const unreadable = seen.error !== null || settings.some(({ where }) => where === 'MUSTER_CONFIG');
      if (errors > 0) process.exitCode = unreadable ? unable : found;
    });
}

type Seen = Unprepared & { error: string | null };
const nothing: Seen = { alerts: [], services: [], error: null };

async function alertsSeen(config: Config, playbooks: readonly Playbook[]): Promise<Seen> {
  try {
    const episodes = await recentAlerts(config, Date.now());
    return episodes === null ? nothing : { ...unprepared(episodes, config, playbooks), error: null };
  } catch (error) {
    return { ...nothing, error: error instanceof Error ? error.message : String(error) };
  }
}

const settingLine = ({ where, what, fix, level = 'error' }: ConfigProblem): string =>
  literal(`${where} ${level} ${what} (${fix})`);

function seenLines({ alerts, services, error }: Seen, config: Config | null): string[] {
  const lines = alerts.map(({ name, service, source, lastSeenAt }) => {
    const of = service === null ? 'without a service' : `of ${service}`;
    const day = new Date(lastSeenAt).toISOString().slice(0, 10);
    return literal(
      `alerts warning ${name}, ${of}, from ${source}, last seen ${day}, has no playbook and no owner (write a playbook that matches it, or give its service an owner)`,
    );
  });
  if (services.length > 0) {
    const named = services.map(({ name, alerts: count }) => `${literal(name, 80)} (${count})`).join(', ');
    lines.push(
      `alerts warning services seen in alerts and not in the catalogue: ${named}`,
      `To adopt them, put these below services: of ${config?.file ?? 'muster.yaml (muster init writes one)'}:`,
      'services:',
      ...adoption(services),
    );
  }
  if (error !== null) lines.push(literal(`database error it cannot be read: ${error} (muster migrate says more)`));
  return lines;
}
