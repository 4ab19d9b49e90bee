import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import { type Regularly, regularly } from '../engine/regularly.js';
import { version } from '../version.js';

/** The rule of Healthchecks (https://healthchecks.io/docs/signaling_failures/): the address is well, with `/fail` behind it is not. */
const failing = '/fail';
const answerWithinMs = 10_000;

/**
 * Says outside, again and again, that Muster is well, or what is wrong: who listens there notices when nothing comes.
 * What keeps it from being heard is logged; nobody here can do more.
 */
export function sendHeartbeat(parts: {
  config(): Pick<Config, 'heartbeat'>;
  /** null: well; else what is wrong, in a sentence. */
  trouble(): Promise<string | null>;
  clock: Clock;
  log: Logger;
}): Regularly {
  const { clock, log } = parts;
  let lost = false;

  async function beat(): Promise<void> {
    const { heartbeat } = parts.config();
    if (heartbeat === null) return;
    const trouble = await parts.trouble().catch((error: unknown) => `It cannot be asked how Muster is: ${said(error)}`);
    const { answer, error } = await call(heartbeat.url, trouble);
    if (answer?.ok) {
      if (lost) log.info('the heartbeat is heard again');
      lost = false;
      return;
    }
    // Each time it is the same news; the first is enough.
    if (!lost) log.warn({ status: answer?.status, why: error }, 'the heartbeat is not heard where it goes');
    lost = true;
  }

  return regularly({
    clock,
    everyMs: () => parts.config().heartbeat?.everyMs ?? 60_000,
    look: beat,
    failed: (error) => log.error({ err: error }, 'the heartbeat could not be sent'),
  });
}

async function call(url: string, trouble: string | null): Promise<{ answer?: Response; error?: string }> {
  try {
    const answer = await fetch(trouble === null ? url : `${url}${failing}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'user-agent': `Muster/${version}` },
      body: trouble ?? 'well',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await answer.body?.cancel();
    return { answer };
  } catch (error) {
    return { error: said(error) };
  }
}

const said = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
};
