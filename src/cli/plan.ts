import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { plan } from '../alerts/plan.js';
import { planText, showPlan } from '../alerts/plan-print.js';
import { readAlerts, sources } from '../alerts/sources.js';
import { newId } from '../engine/engine.js';
import { senderOf } from '../http/senders.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { matchPlaybook } from '../playbooks/match.js';
import { fail, print, unable } from './output.js';
import { settings } from './settings.js';

/** `muster plan`: intake without the commit, on an empty store. */
export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('say what a webhook body would do: incident or triage, severity and why, playbook, cadence')
    .argument('<file>', 'the body as the sender posts it; - for standard input')
    .option('--source <name>', `which kind of sender: ${sources.map(({ kind }) => kind).join(', ')}`, 'alertmanager')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nNothing is stored. Exit codes: 0 planned, 2 the file or its body cannot be read.')
    .action(async (file: string, { source: name, json = false }: { source: string; json?: boolean }) => {
      const config = settings();
      if (!config) return;
      const sender = senderOf(name, config);
      const known = [...sources.map(({ kind }) => kind), ...config.sources.map((each) => each.name)];
      if (!sender) return fail(unable, `there is no source ${name}`, `Known: ${[...new Set(known)].join(', ')}`);
      let body: unknown;
      try {
        body = JSON.parse(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'));
      } catch (error) {
        return fail(unable, `${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
      const receivedAt = Date.now();
      const about = { ...sender.about, source: name, receivedAt };
      const { playbooks } = await loadPlaybooks(config.playbooksFolder);
      const planned = plan(
        [{ receipt: 'plan', source: name, receivedAt, ...readAlerts(sender.door, body, about) }],
        { episodes: [], incidents: [] },
        {
          policy: config.policy,
          ladder: config.ladder,
          drill: false,
          newId,
          playbook(facts) {
            const match = matchPlaybook(playbooks, facts);
            return match && { hash: match.playbook.hash, reason: match.reason };
          },
        },
      );
      const names = {
        playbook: (hash: string) => playbooks.find((each) => each.hash === hash)?.title ?? null,
        person: (personId: string) => personId,
      };
      print(json, showPlan(planned, names), planText(planned, names));
    });
}
