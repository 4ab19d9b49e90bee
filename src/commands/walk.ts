import type { Reply } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import { paragraph, text } from '../messages/card.js';
import { stepCard } from '../messages/step-card.js';
import { called } from './answers.js';
import type { About } from './verb.js';

/** What was done, and the step in hand afterwards with its buttons. */
export function walked(after: Incident, about: About, said: string): Reply {
  const lead = said === '' ? [] : [paragraph(text(said))];
  const card = stepCard(after, about.playbookOf(after), lead);
  if (!card) return { text: said === '' ? `${called(after)} has no playbook.` : said };
  const summary = `${said} ${card.summary}`.trim();
  return { text: summary, card: { ...card, summary } };
}
