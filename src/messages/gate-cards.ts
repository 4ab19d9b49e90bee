import type { TimelineEvent } from '../incident/events.js';
import type { GateEvents } from '../incident/gates.js';
import type { Incident } from '../incident/state.js';
import { type Block, type Button, buttons, type Card, type Inline, paragraph, strong, text } from './card.js';
import { decisionButtons } from './gate-fields.js';
import { literal } from './literal.js';
import { formatDuration } from './zones.js';

type Names = ReadonlyMap<string, string>;
type Of<T extends keyof GateEvents> = Extract<TimelineEvent, { type: T }>;
type Said = Exclude<keyof GateEvents, 'checkAnswered'>;
const textKept = 300;
const short = (words: string): string => literal(words, textKept);

interface Words {
  line: Inline[];
  offered?: Button[];
}

/** What the channel hears of a gate: one line, and what can be done about it. */
export function gateCard(incident: Incident, event: TimelineEvent, names: Names): Card {
  const say = sayings[event.type as Said] as
    | ((incident: Incident, event: TimelineEvent, names: Names) => Words)
    | undefined;
  if (!say) throw new Error(`Nothing of ${event.type} is said about a gate.`);
  const { line, offered = [] } = say(incident, event, names);
  const drill: Inline[] = incident.drill ? [strong('DRILL'), text(' · ')] : [];
  const blocks: Block[] = [paragraph(...drill, ...line), ...(offered.length > 0 ? [buttons(...offered)] : [])];
  return { tone: 'neutral', summary: `${incident.drill ? 'DRILL · ' : ''}${line.map(plain).join('')}`, blocks };
}

const plain = (part: Inline): string =>
  part.kind === 'text' || part.kind === 'code'
    ? part.text
    : part.kind === 'strong'
      ? part.children.map(plain).join('')
      : part.kind === 'person'
        ? part.name
        : '';

const person = (personId: string, names: Names, notify = false): Inline => ({
  kind: 'person',
  personId,
  name: literal(names.get(personId) ?? personId, 80),
  notify,
});
const actor = ({ actor: by }: TimelineEvent, names: Names): Inline =>
  by.kind === 'person' ? person(by.personId, names) : text('Muster');
const why = (reason: string | null): Inline[] => (reason ? [text(`: ${short(reason)}`)] : []);
const step = (incident: Incident, index: number): string =>
  `step ${index + 1} (${literal(incident.walk?.steps[index]?.title ?? '', 120)})`;

const sayings: { [T in Said]: (incident: Incident, event: Of<T>, names: Names) => Words } = {
  valueGiven: (_, event, names) => ({
    line: [
      { kind: 'code', text: literal(event.body.name, 40) },
      text(' is '),
      { kind: 'code', text: short(event.body.value) },
      text(event.body.previous === null ? ', says ' : ` now, not ${short(event.body.previous)}, says `),
      actor(event, names),
    ],
  }),
  phaseOverdue: ({ roles: { commander } }, { body }, names) => ({
    line: [
      ...(commander === undefined ? [] : [person(commander, names, true), text(': ')]),
      strong(`${short(body.title)} is not over after ${formatDuration(body.withinMs)}.`),
      text(' Is it under control, or is help needed?'),
    ],
  }),
  decisionAsked: (incident, { body }, names) => ({
    line: [
      ...(incident.roles.commander === undefined
        ? [strong('Nobody commands. Who decides? ')]
        : [person(incident.roles.commander, names, true), text(': ')]),
      strong(`${short(body.title)} goes on. Keep debugging, or: ${short(body.label)}?`),
      ...(body.nextAskAt === null ? [text(' Muster does not ask again.')] : []),
    ],
    offered: incident.walk ? decisionButtons(incident, incident.walk) : [],
  }),
  decisionMade: (_, event, names) => ({
    line: [
      actor(event, names),
      text(
        event.body.choice === 'keep'
          ? ` decides to go on with ${short(event.body.title)}${event.body.forMs === null ? '' : ` for ${formatDuration(event.body.forMs)}`}`
          : ` decides: ${short(event.body.label)}`,
      ),
      ...why(event.body.why),
    ],
  }),
  rolledBack: (incident, event, names) => ({
    line: [
      strong('Roll back'),
      text(` of ${step(incident, event.body.of)}, by `),
      actor(event, names),
      ...why(event.body.reason),
    ],
  }),
  stepCarried: (_, { body, ...event }, names) => ({
    line: [
      text(`Required step ${body.index + 1} is follow-up ${body.followUp.id} now`),
      ...(body.followUp.owner === null ? [] : [text(', for '), person(body.followUp.owner, names)]),
      text(`${body.followUp.dueOn === null ? '' : `, due ${literal(body.followUp.dueOn, 10)}`}, by `),
      actor({ ...event, body } as TimelineEvent, names),
    ],
  }),
  stepSettled: (incident, event, names) => ({
    line: [
      text(`Required ${step(incident, event.body.index)} is ${event.body.as === 'done' ? 'done' : 'left out'}, says `),
      actor(event, names),
      ...why(event.body.said),
    ],
  }),
  playbookChanged: (incident, { body }) => ({
    line: [text(`The file of ${short(body.title)} has changed. This incident goes on with the text it began with.`)],
    offered: [{ label: 'What changed', command: '/incident playbook diff', incidentId: incident.id }],
  }),
  playbookAdopted: (_, event, names) => ({
    line: [
      actor(event, names),
      text(` took the new text of ${short(event.body.title)}: ${event.body.steps.length} steps. What was done stays.`),
    ],
  }),
};
