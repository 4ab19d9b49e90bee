import type { Reply } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import { paragraph, text } from '../messages/card.js';
import { stepCard } from '../messages/step-card.js';
import { called } from './answers.js';
import type { About } from './verb.js';

const named = /^(?:--?|[\u2013\u2014])step(?:=|\s+)(\d{1,3})(?:\s+|$)/i;

/** What a button on a step's card names: the step it stands on. A typed line means the one in hand. */
export function stepNamed(args: string): { step?: number; said: string } {
  const hit = named.exec(args);
  return hit ? { step: Number(hit[1]) - 1, said: args.slice(hit[0].length) } : { said: args };
}

/** What was done, and the step in hand afterwards with its buttons. */
export function walked(after: Incident, about: About, said: string): Reply {
  const lead = said === '' ? [] : [paragraph(text(said))];
  const card = stepCard(after, about.playbookOf(after), lead);
  if (!card) return { text: said === '' ? `${called(after)} has no playbook.` : said };
  const summary = `${said} ${card.summary}`.trim();
  return { text: summary, card: { ...card, summary } };
}
