import type { Command } from 'commander';
import type { Reply } from '../chat/platform.js';
import { plainText } from '../messages/plain.js';
import { fail, found, print, unable } from './output.js';
import { settings } from './settings.js';

interface Options {
  json?: boolean;
  url?: string;
  user?: string;
  in?: string;
}

/** `muster incident …`: the slash command from a shell, against a running Muster. */
export function addIncident(program: Command): void {
  program
    .command('incident')
    .description('run a slash command on a running Muster, for example: muster incident list')
    .argument('[words...]', 'the verb and its arguments; put -- before words that begin with a dash')
    .option('--in <number>', 'the number of the incident it is about')
    .option('--user <name>', 'who asks', process.env.USER ?? 'on-call')
    .option('--url <address>', 'where Muster runs (default: as configured)')
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused (or there is no such incident, or it is not yours), 2 Muster could not be asked.',
    )
    .action(async (words: string[], options: Options) => {
      const config = settings();
      if (!config) return;
      const url = options.url ?? config.publicUrl;
      if (options.in !== undefined && !/^[1-9]\d{0,8}$/.test(options.in))
        return fail(
          unable,
          `--in takes the number of an incident, not ${options.in}`,
          'muster incident list shows them.',
        );
      const asked = {
        text: `/incident ${words.join(' ')}`.trim(),
        user: options.user,
        ...(options.in !== undefined && { incident: Number(options.in) }),
      };
      let response: Response;
      let body: string;
      try {
        response = await fetch(new URL('/api/commands', url), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(config.apiToken && { authorization: `Bearer ${config.apiToken}` }),
          },
          body: JSON.stringify(asked),
        });
        body = await response.text();
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
        return fail(unable, `no answer from ${url}: ${cause}`, 'Is Muster running? Start it with: muster serve');
      }
      const answer = answerIn(body);
      if (!answer) return fail(unable, `what answers at ${url} is not Muster (${response.status})`, 'Check --url.');
      if ('error' in answer) return fail(response.status < 500 ? found : unable, answer.error, answer.hint);
      print(options.json ?? false, answer, answer.card ? plainText(answer.card) : answer.text);
      if (answer.refusal) process.exitCode = found;
    });
}

/** null: not what Muster answers. */
function answerIn(body: string): Reply | { error: string; hint?: string } | null {
  try {
    const answer = JSON.parse(body);
    return typeof answer?.text === 'string' || typeof answer?.error === 'string' ? answer : null;
  } catch {
    return null;
  }
}
