import type { Command } from 'commander';
import { compileTemplates } from '../messages/render.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { found, print } from './output.js';
import { settings } from './settings.js';

/** `muster check`: everything a person can get wrong before an incident does. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('check the settings, the playbooks and the templates')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 all well, 1 problems found, 2 the settings cannot be read.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const config = settings();
      if (!config) return;
      const { playbooks, problems } = await loadPlaybooks(config.playbooksFolder, Date.now());
      const templates = compileTemplates(config.templatesFolder).problems;
      const lines = [
        ...problems.map(
          ({ file, line, column, level, message, hint }) => `${file}:${line}:${column} ${level} ${message} (${hint})`,
        ),
        ...templates.map(
          ({ template, line, column, message }) =>
            `${config.templatesFolder}/${template}.hbs:${line}:${column} error ${message}`,
        ),
      ];
      const errors = problems.filter(({ level }) => level === 'error').length + templates.length;
      lines.push(
        `${playbooks.length} playbooks and the templates checked: ${errors} errors, ${lines.length - errors} warnings.`,
      );
      print(
        json,
        { ok: errors === 0, playbooks: playbooks.map(({ id }) => id), problems, templates },
        lines.join('\n'),
      );
      if (errors > 0) process.exitCode = found;
    });
}
