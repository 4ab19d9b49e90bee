import type { Command } from 'commander';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { examine } from '../operate/doctor/doctor.js';
import type { Finding } from '../operate/doctor/finding.js';
import { examineChat } from './doctor-chat.js';
import { fail, found, print, unable } from './output.js';

/** `muster doctor`: what is wrong, where, and what to do. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at everything Muster needs: what is wrong, where, and what to do; changes nothing')
    .argument('[platform]', 'look at a chat platform instead, such as slack: tokens, rights, channels')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText(
      'after',
      '\nIt works beside a running Muster and without one; nobody on a chat platform notices. Run it as the user Muster runs as, with the same environment.\n' +
        'Exit codes: 0 nothing is wrong (warnings may be left), 1 problems found, 2 it could not look.',
    )
    .action(async (platform: string | undefined, { json = false }: { json?: boolean }) => {
      let findings: Finding[] | null;
      try {
        findings =
          platform === undefined
            ? await examine(process.env, process.cwd())
            : await examineChat(platform, process.env, process.cwd());
      } catch (error) {
        return fail(unable, error instanceof Error ? error.message : String(error));
      }
      if (findings === null)
        return fail(
          unable,
          `${platform} is not set up in this shell`,
          'Its token is not set here, or it is spelt differently: docs/platforms has a page for each chat platform.',
        );
      const looked = findings;
      const ofLevel = (level: Finding['level']): number => looked.filter((each) => each.level === level).length;
      const [problems, warnings] = [ofLevel('problem'), ofLevel('warning')];
      const end = `${count(findings.length, 'thing')} looked at: ${count(problems, 'problem')}, ${count(warnings, 'warning')}.`;
      print(json, { ok: problems === 0, problems, warnings, findings }, [...findings.map(lines), end].join('\n'));
      if (problems > 0) process.exitCode = found;
    });
}

const lines = ({ level, about, what, fix }: Finding): string =>
  `${level.padEnd(8)} ${about}: ${literal(what)}${fix === undefined ? '' : `\n         -> ${literal(fix)}`}`;
