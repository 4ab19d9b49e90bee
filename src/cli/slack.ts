import type { Command } from 'commander';
import { stringify } from 'yaml';
import { slackManifest } from '../chat/slack/manifest.js';
import { platform } from '../chat/slack/settings.js';
import { findFile } from '../config/find.js';
import { isLoopback } from '../config/loopback.js';
import { fail, print, unable } from './output.js';

const steps = [
  '# At https://api.slack.com/apps: Create New App, From a manifest, paste this, Create, Install to Workspace.',
  '# Then the tokens: docs/platforms/slack.md',
];

/** `muster slack manifest`: the app as Slack should make it. */
export function addSlack(program: Command): void {
  const slack = program
    .command(platform)
    .description('what Slack needs to know of Muster')
    .addHelpText('after', '\nExit codes: 0 written, 2 it could not be written, with the reason.');
  slack
    .command('manifest')
    .description('the manifest of the Slack app, for Socket Mode unless told otherwise')
    .option('--http', 'Slack calls Muster at its public address, instead of Socket Mode')
    .option('--public-url <url>', 'the same, at this address')
    .option('--json', 'as JSON instead of YAML; Slack takes both')
    .addHelpText(
      'after',
      '\nIt asks for what Muster uses and for nothing else. After an update of Muster, compare: muster doctor slack.\n' +
        'Exit codes: 0 written, 2 there is no address that Slack could call.',
    )
    .action(({ http = false, publicUrl, json = false }: { http?: boolean; publicUrl?: string; json?: boolean }) => {
      const called = publicUrl ?? (http ? configured() : null);
      if (called === undefined)
        return fail(unable, 'there is no public address', 'Give --public-url https://…, or set public-url.');
      if (called !== null && !canBeCalled(called))
        return fail(
          unable,
          `Slack cannot call ${called}: it calls https addresses that it can reach.`,
          'Give --public-url https://…, or leave it and --http out: Socket Mode needs no address.',
        );
      const manifest = slackManifest({ publicUrl: called?.replace(/\/+$/, '') ?? null });
      print(json, manifest, `${steps.join('\n')}\n${stringify(manifest, { lineWidth: 0 }).trimEnd()}`);
    });
}

/** What else the settings say may not be complete: this comes before the tokens. */
const configured = (): string | undefined =>
  process.env.MUSTER_PUBLIC_URL ?? findFile(process.env, process.cwd()).file?.['public-url'];

function canBeCalled(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && !isLoopback(hostname);
}
