import type { Reply } from '../../platform.js';
import type { SlackMessage } from '../blocks.js';
import { renderCard } from '../render.js';
import type { Arrival, InboundParts, Outcome } from './parts.js';
import { AddressSpent, cardOf, fitting, isAnswerAddress, respond } from './respond.js';
import { notRecorded, slow } from './words.js';

export const arrivalOf = (context: object): Arrival => (context as { arrival: Arrival }).arrival;

/** What the asker is shown now; null: nothing, a form is open. */
export async function shownOf(parts: InboundParts, outcome: Outcome): Promise<SlackMessage[] | null> {
  switch (outcome.kind) {
    case 'opened':
      return null;
    case 'reply':
      return shownReply(parts, outcome.reply);
    case 'notRecorded':
      return shownReply(parts, unrecorded);
    case 'slow':
      return shownReply(parts, { text: slow });
  }
}

export const unrecorded: Reply = { text: notRecorded, refusal: { code: 'not-recorded' } };

export async function shownReply(parts: InboundParts, reply: Reply): Promise<SlackMessage[]> {
  const card = cardOf(reply);
  return renderCard(card, await parts.known(card));
}

/** Where an answer goes: the address that came with the act, else a direct message. */
export interface AnswerTo {
  address: string | null;
  userId: string;
}

/** Shows messages to the asker alone, in their order. @throws when Slack does not take one. */
export async function tell(
  parts: InboundParts,
  { address, userId }: AnswerTo,
  shown: SlackMessage[] | Promise<SlackMessage[]>,
): Promise<void> {
  const all = await shown;
  const directly = async (messages: SlackMessage[]): Promise<void> => {
    for (const message of messages) await parts.calls.call('chat.postMessage', { channel: userId, ...message }, 10_000);
  };
  if (address === null || !isAnswerAddress(address, parts.settings.apiUrl)) return directly(all);
  const more = `There is more than Slack takes in one answer. All of it is in the web room: ${parts.adapter.publicUrl()}`;
  const messages = fitting(all, more);
  for (const [index, message] of messages.entries()) {
    try {
      await respond(address, message);
    } catch (error) {
      if (!(error instanceof AddressSpent)) throw error;
      return directly(messages.slice(index));
    }
  }
}

/** Tells the answer that was promised, when it comes. */
export function tellLater(parts: InboundParts, to: AnswerTo, outcome: Outcome): void {
  if (outcome.kind !== 'slow') return;
  const told = outcome.answer.then((reply) => tell(parts, to, shownReply(parts, reply ?? unrecorded)));
  parts.later('the answer to a slow command', told);
}
