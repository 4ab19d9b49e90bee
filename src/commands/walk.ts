import type { Reply } from '../chat/platform.js';
import type { Meant } from '../incident/commands.js';
import type { IncidentEvent } from '../incident/events.js';
import { handOf, stepFor } from '../incident/hand.js';
import type { Incident, Walk } from '../incident/state.js';
import { paragraph, text } from '../messages/card.js';
import { stepCard } from '../messages/step-card.js';
import { act, called, found } from './answers.js';
import type { Known } from './people.js';
import type { About, Act, Within } from './verb.js';

const flag = /^(?:--?|[\u2013\u2014])(step|playbook)(?:=|\s+)(\S+)(?:\s+|$)/i;

/**
 * What a button on a step's card names: the step and the playbook it stands on. A typed line means the one in hand; where
 * several are, it may begin with the number of one. */
export function stepNamed(args: string, walk: Walk | null = null): { meant: Meant; said: string } {
  const meant: Meant = {};
  let said = args;
  for (let hit = flag.exec(said); hit; hit = flag.exec(said)) {
    const [whole, name, value = ''] = hit;
    if (name?.toLowerCase() === 'playbook') meant.playbook = decoded(value);
    else if (/^\d{1,3}$/.test(value)) meant.step = Number(value) - 1;
    else break;
    said = said.slice(whole.length);
  }
  const hand = walk && (walk.beside || ofSeveral(walk)) ? handOf(walk) : [];
  const number = /^(?:step\s+)?#?([1-9]\d?)(?:[\s:,]+|$)/i.exec(said);
  if (meant.step === undefined && number && hand.includes(Number(number[1]) - 1)) {
    meant.step = Number(number[1]) - 1;
    said = said.slice(number[0].length);
  }
  return { meant, said };
}

/** The step in hand is the last of several that were: its number is said as with the others. */
const ofSeveral = ({ current, phases = [] }: Walk): boolean =>
  current !== null && phases.some(({ parallel, from, to }) => parallel && from <= current && current < to);

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A lone percent sign was typed: it stands for itself.
    return value;
  }
}

/**
 * What was done, and the step in hand afterwards with its buttons. Of every event of a walk the channel hears, with the
 * same step.
 */
export function walked(
  after: Incident,
  about: About,
  said: string,
  events: readonly IncidentEvent[],
  shown: number | null = null,
): Reply {
  const lead = said === '' ? [] : [paragraph(text(said))];
  const index = shown ?? broughtBy(after, events) ?? (after.walk ? stepFor(after.walk, about.asker.personId) : null);
  const card = stepCard(after, about.playbookOf(after), about.names, lead, index);
  if (!card) return { text: said === '' ? `${called(after)} has no playbook.` : said };
  const summary = `${said} ${card.summary}`.trim();
  return { text: summary, card: { ...card, summary }, ...(events.length > 0 && { shownIn: after.id }) };
}

/** The step that came in hand by what was done. */
function broughtBy({ walk }: Incident, events: readonly IncidentEvent[]): number | null {
  const next = events.flatMap(({ body }) => ('next' in body && typeof body.next === 'number' ? [body.next] : []))[0];
  return walk && next !== undefined && handOf(walk).includes(next) ? next : null;
}

export interface StepWords {
  meant: Meant;
  who: string;
  /** The words again, without the person. */
  line: string;
}

/** `step @bob`, `step 5 to @bob`, and what a button says; null when it is not about a step. */
export function stepWords(args: string): StepWords | null {
  const step = /^step(?:\s+|$)/i.exec(args);
  if (!step) return null;
  const { said, meant } = stepNamed(args.slice(step[0].length));
  const number = /^#?([1-9]\d?)(?:\s+|$)/.exec(said);
  if (number) meant.step = Number(number[1]) - 1;
  const who = said.slice(number?.[0].length ?? 0).replace(/^to\s+/i, '');
  return { meant, who, line: meant.step === undefined ? 'step' : `step ${meant.step + 1}` };
}

export const givenStep = (about: Within, { personId, name }: Known, meant: Meant): Act =>
  act(about, { type: 'assignStep', personId, ...meant }, (after, events) => {
    const mine = personId === about.asker.personId;
    const given = found(events, 'stepAssigned');
    const index = given?.index ?? found(events, 'approvalAsked')?.index ?? 0;
    const has = `${mine ? 'You have' : `${name} has`} step ${index + 1}: ${after.walk?.steps[index]?.title ?? ''}.`;
    const waits = index === after.walk?.current && after.walk.approval?.state === 'asked';
    return `${has}${waits && mine ? ' It has to be approved first; you are the one who asks.' : ''}${mine ? '' : ' They have been told.'}`;
  });
