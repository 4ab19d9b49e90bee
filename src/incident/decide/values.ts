import { type Decision, type Decisions, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import type { GateCommands } from '../gates.js';
import { type Incident, isRefusal, type Refusal, refuse } from '../state.js';
import { askedBy, wrongValue } from '../value.js';
import { noPlaybook } from './in-hand.js';

const unfit = (name: string, value: string): Refusal | null => {
  const wrong = wrongValue(value);
  return wrong === null ? null : refuse('wrong-value', `${wrong} Say it again: /incident value ${name}=…`);
};

function giveValues(state: Incident, { values }: GateCommands['giveValues']): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  const asked = askedBy(walk);
  if (asked.length === 0) return refuse('asks-nothing', `${walk.title} asks for no values.`);
  const events: IncidentEvent[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!asked.includes(name))
      return refuse(
        'unknown-value',
        `${walk.title} does not ask for ${name}. It asks for ${asked.join(', ')}: /incident value <name>=<value>`,
      );
    const not = unfit(name, value);
    if (not) return not;
    const previous = Object.hasOwn(walk.answers, name) ? (walk.answers[name] as string) : null;
    if (previous !== value) events.push(event('valueGiven', { name, value, previous }));
  }
  return events.length > 0 ? events : refuse('unchanged', 'That is what they are already. /incident value shows them.');
}

/**
 * What a step that asks is answered with: one name takes the whole text, several are given as `name=value`. What has
 * been given before need not be said again.
 */
export function answersOf(
  ask: readonly string[],
  evidence: string | null,
  known: Readonly<Record<string, string>>,
): Record<string, string> | Refusal {
  if (ask.length === 0) return {};
  const pairs = new Map(
    (evidence ?? '').split(/\s+/).flatMap((word) => {
      const cut = word.indexOf('=');
      return cut > 0 ? [[word.slice(0, cut), word.slice(cut + 1)] as const] : [];
    }),
  );
  const given = (name: string): string | undefined =>
    (ask.length === 1 && evidence !== null && !pairs.has(name) ? evidence : pairs.get(name)) ||
    (Object.hasOwn(known, name) ? known[name] : undefined);
  const missing = ask.filter((name) => !given(name));
  const wanted = `This step asks for ${ask.join(', ')}.`;
  if (missing.length > 0)
    return evidence
      ? refuse(
          'answer-needed',
          `${wanted} Say it again with ${missing.map((name) => `${name}=…`).join(' ')}; other words may stay.`,
        )
      : refuse(
          'answer-needed',
          `${wanted} Give it with /incident done ${ask.length > 1 ? ask.map((name) => `${name}=…`).join(' ') : '…'}`,
        );
  const answers = Object.fromEntries(ask.map((name) => [name, given(name) as string]));
  for (const [name, value] of Object.entries(answers)) {
    const not = unfit(name, value);
    if (isRefusal(not)) return not;
  }
  return answers;
}

export const valueDecisions = {
  giveValues: ['live', (state, command) => giveValues(state, command)],
} satisfies Decisions<'giveValues'>;
