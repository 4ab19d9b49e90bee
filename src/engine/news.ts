import type { Logger } from 'pino';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';
import type { RunnerNews } from './runner.js';

/** What happens to jobs goes to the log; one that is given up also stands on its incident's timeline. */
export function newsOf({ log, engine, clock }: { log: Logger; engine: Engine; clock: Clock }): RunnerNews {
  return {
    paused: (platform, untilAt, reason) =>
      log.warn({ platform, until: new Date(untilAt).toISOString(), reason }, 'a chat platform is paused'),
    failed: (lease, error, retryAt) =>
      log.warn(
        { err: error, job: lease.key, retryAt: new Date(retryAt).toISOString() },
        'a job failed and is tried again',
      ),
    async givingUp({ key, revision, dueAt, task }, error) {
      log.error({ job: key, error }, 'a job is given up');
      // What cannot reach the operators' channel must not ask to be told there once more.
      if (task.incidentId === 'system') return;
      if (task.kind === 'post' && task.to.to === 'named' && task.to.name === 'operators') return;
      await engine.handle({
        incidentId: task.incidentId,
        asked: {
          command: { type: 'recordFailure', jobKey: key, what: task.kind, error },
          actor: { kind: 'machine', name: 'muster' },
          at: clock.now(),
        },
        // The job as it is now: put again later under the same key, it may fail and be told again. What a platform does
        // not let Muster do to a channel it will not let it do at the next change either.
        commandId: task.kind === 'describe' ? `failed/${key}` : `failed/${key}/${revision}/${dueAt}`,
        answer: () => ({ text: error }),
      });
    },
    broken: (error) => log.error({ err: error }, 'the jobs could not be looked at'),
  };
}
