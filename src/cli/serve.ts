import type { Command } from 'commander';
import { openBot } from '../bot.js';
import { createLog } from '../http/log.js';
import { fail, unable } from './output.js';
import { reloadable, settings } from './settings.js';

/** Long enough for requests in hand; whoever stops us waits longer before killing (systemd: 90 s, Kubernetes: 30 s). */
export const drainWithinMs = 25_000;

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** `muster serve`: runs until told to stop; the first signal drains, the second does not wait. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run Muster: alerts in, the web chat, timers (this is what npm start does)')
    .option('--log-level <level>', 'trace, debug, info, warn or error', process.env.MUSTER_LOG_LEVEL ?? 'info')
    .addHelpText('after', '\nExit codes: 0 stopped as asked, 2 could not start, with the reason.')
    .action(async ({ logLevel }: { logLevel: string }) => {
      const config = settings();
      if (!config) return;
      if (!levels.includes(logLevel))
        return fail(
          unable,
          `there is no log level ${logLevel}`,
          `Known: ${levels.join(', ')}, by --log-level or MUSTER_LOG_LEVEL.`,
        );
      const log = createLog(logLevel);
      try {
        const bot = await openBot(config, { log, reloadable: reloadable() });
        process.on('SIGHUP', () => void bot.reload());
        log.info(
          {
            url: bot.url,
            data: config.dataFolder,
            database: config.databaseUrl ? 'PostgreSQL' : 'SQLite',
            open: config.apiToken === null,
          },
          `Muster is up: ${bot.url}`,
        );
        const stop = (signal: NodeJS.Signals): void => {
          log.info({ signal }, 'stopping: finishing what is in hand');
          process.once(signal, () => process.exit(130));
          setTimeout(() => process.exit(1), drainWithinMs).unref();
          bot.close().then(
            () => log.info('stopped'),
            (error) => {
              log.error({ err: error }, 'could not stop cleanly');
              process.exit(1);
            },
          );
        };
        process.once('SIGTERM', stop);
        process.once('SIGINT', stop);
      } catch (error) {
        fail(unable, `could not start: ${error instanceof Error ? error.message : String(error)}`);
        process.exit();
      }
    });
}
