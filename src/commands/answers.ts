import type { Reply } from '../chat/platform.js';
import type { Command } from '../incident/commands.js';
import type { EventBodies, EventType, IncidentEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { type Block, type Button, buttons, type Card, paragraph, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { formatDuration } from '../messages/zones.js';
import type { Act, Verb, Within } from './verb.js';

/** Longest quotation of what somebody typed, in an answer and on a button. Characters. */
export const quoted = 120;
export const onButton = 40;
/** Longest command a button carries. Slack takes 2,000 characters, ours come with the incident around them. */
const longestCommand = 1_500;

export const sayCard = (card: Card): Act => ({ kind: 'say', reply: { text: card.summary, card } });

/** Nothing was done, and why; with buttons for what can be done instead. */
export function refused(code: string, message: string, instead: readonly Button[] = []): Act {
  const reply: Reply = { text: message, refusal: { code } };
  if (instead.length > 0)
    reply.card = { tone: 'neutral', summary: message, blocks: [paragraph(text(message)), buttons(...instead)] };
  return { kind: 'say', reply };
}

/** The arguments were wrong: what about them, and how they go. */
export function misused(verb: Pick<Verb, 'usage' | 'examples'>, what: string, instead: readonly Button[] = []): Act {
  return refused(
    'usage',
    `${what} Usage: /incident ${verb.usage} · for example /incident ${verb.examples[0] ?? verb.usage}`,
    instead,
  );
}

/** A command for the incident at hand, and what its asker is told. */
export const act = (
  about: Within,
  command: Command,
  answer: (after: Incident, events: readonly IncidentEvent[]) => string | Reply,
): Act => ({
  kind: 'do',
  incidentId: about.incident.id,
  command,
  answer: (after, events) => {
    const said = answer(after, events);
    return typeof said === 'string' ? { text: said } : said;
  },
});

/** The body of the first event of this type among those a command caused. */
export function found<T extends EventType>(events: readonly IncidentEvent[], type: T): EventBodies[T] | null {
  const hit = events.find((event) => event.type === type);
  return hit ? (hit.body as EventBodies[T]) : null;
}

/** How an incident is called in a sentence: `#12`, or its title while it waits in triage. */
export const called = (incident: Pick<Incident, 'number' | 'title'>): string =>
  incident.number === null ? `“${literal(incident.title, quoted)}”` : `#${incident.number}`;

/** A sentence with a space before it, for an incident that has just ended while alerts of it fire; else empty. */
export function stillFiring({ alerts: { firing }, policy }: Incident): string {
  if (firing === 0) return '';
  const those = firing === 1 ? '1 alert still fires; if it is' : `${firing} alerts still fire; if they are`;
  return ` ${those} reported again later than ${formatDuration(policy.reopenForMs)} from now, a new incident opens.`;
}

/** A button carrying this line, or none when the line is too long for one. */
export function lineButton(label: string, line: string, extra: Omit<Button, 'label' | 'command'> = {}): Button[] {
  const command = `/incident ${line}`;
  return command.length > longestCommand ? [] : [{ label, command, ...extra }];
}

export const withButtons = (blocks: Block[], all: readonly Button[]): Block[] =>
  all.length > 0 ? [...blocks, buttons(...all)] : blocks;
