import { type Card, paragraph, text } from '../../../messages/card.js';
import type { Reply } from '../../platform.js';
import type { SlackMessage } from '../blocks.js';
import type { Known } from '../inline.js';
import { renderCard } from '../render.js';

/** https://docs.slack.dev/interactivity/handling-user-interaction: an address takes so many answers within 30 min. */
const answersAtMost = 5;
const respondWithinMs = 10_000;
const hosts = /^hooks\.slack(-gov)?\.com$/;

/** A reply as a card; a refusal looks like one. */
export function cardOf({ text: words, card, refusal }: Reply): Card {
  const shown = card ?? { tone: 'neutral' as const, summary: words, blocks: [paragraph(text(words))] };
  return refusal === undefined ? shown : { ...shown, tone: 'warning' };
}

/** At most as many as an address takes; what is left out is said. */
export function fitting(messages: SlackMessage[], more: string): SlackMessage[] {
  const [note] = renderCard({ tone: 'neutral', summary: more, blocks: [paragraph(text(more))] }, nobody);
  return messages.length <= answersAtMost || !note ? messages : [...messages.slice(0, answersAtMost - 1), note];
}

const nobody: Known = { user: () => null, channel: () => null };

/** Whether answers may be sent there: to Slack, or to whatever stands in for it. */
export function isAnswerAddress(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host, username } = new URL(url);
  if (username !== '') return false;
  return (protocol === 'https:' && hosts.test(hostname)) || host === new URL(apiUrl).host;
}

/** The address takes nothing more: it is too old, or it was used too often. */
export class AddressSpent extends Error {
  override readonly name = 'AddressSpent';
}

/**
 * Shows a message to the asker alone, through the address that came with what they did.
 * @throws AddressSpent when it was not taken, anything else when that is not known.
 */
export async function respond(url: string, message: SlackMessage): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
    redirect: 'error',
    signal: AbortSignal.timeout(respondWithinMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new AddressSpent(`Slack did not take an answer: ${response.status}.`);
}
