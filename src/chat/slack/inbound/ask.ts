import { type Reply, TooLate } from '../../platform.js';
import { type Modal, modalOf } from './modal.js';
import type { Asked, InboundParts, Outcome } from './parts.js';
import { noForm, notOfHere } from './words.js';

/**
 * Runs what somebody asked for. What is not begun to be stored in time is not begun at all, and Slack has its answer
 * within its 3 s in any case. With a trigger a line that leaves something open opens its form instead.
 */
export async function ask(
  parts: InboundParts,
  asked: Asked,
  trigger: { id: string; answerTo: string | null } | null,
): Promise<Outcome> {
  const { pace } = parts;
  const notAfter = asked.arrival.at + pace.durableWithinMs;
  const leftMs = (untilMs: number): number => asked.arrival.tick + untilMs - performance.now();
  let begun = false;

  const work = async (): Promise<Reply | 'opened'> => {
    const { personId, outside } = await parts.who.person(asked.userId, asked.userName);
    if (outside) return { text: notOfHere, refusal: { code: 'not-of-here' } };
    const { id, channel, incidentId } = asked;
    const [text, from] = await Promise.all([asked.line(), asked.from?.()]);
    const spot = { personId, platform: parts.platform, channel, incidentId, ...(asked.spoken && { spoken: true }) };
    if (leftMs(pace.durableWithinMs) <= 0) throw new TooLate('It took too long to find out who asks.');
    if (trigger) {
      const form = await parts.inbound.form({ ...spot, text, ...(from && { from }) });
      if (form) {
        if (leftMs(pace.durableWithinMs) <= 0) throw new TooLate('It took too long to make the form.');
        const about = { incidentId, channel, answerTo: trigger.answerTo, ...(from && { from }) };
        return open(parts, trigger.id, modalOf(form, about));
      }
    }
    if (leftMs(pace.durableWithinMs) <= 0) throw new TooLate('It took too long to find out what is asked.');
    begun = true;
    return parts.inbound.command({ ...spot, id, text, notAfter, ...(from && { from }) });
  };

  const ended = work().then(
    (result): Outcome => (result === 'opened' ? { kind: 'opened' } : { kind: 'reply', reply: result }),
    (error): Outcome => ({ kind: 'notRecorded', error }),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const answer = ended.then((outcome) => (outcome.kind === 'reply' ? outcome.reply : null));
    timer = setTimeout(
      () =>
        resolve(
          begun
            ? { kind: 'slow', answer }
            : { kind: 'notRecorded', error: new TooLate('Nobody could be asked who this is.') },
        ),
      Math.max(0, leftMs(pace.durableWithinMs + pace.graceMs)),
    );
  });
  const outcome = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (outcome.kind === 'notRecorded')
    parts.adapter.log.warn({ err: outcome.error, id: asked.id }, 'a command from Slack was not recorded');
  return outcome;
}

/** Shows a modal. That Slack does not open it is an answer too: nothing was done. */
export async function open(parts: InboundParts, trigger: string, view: Modal): Promise<Reply | 'opened'> {
  try {
    await parts.calls.call('views.open', { trigger_id: trigger, view });
    return 'opened';
  } catch (error) {
    parts.adapter.log.warn({ err: error }, 'Slack did not open a form');
    return { text: noForm, refusal: { code: 'no-form' } };
  }
}
