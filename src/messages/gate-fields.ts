import { handOf } from '../incident/hand.js';
import { type Incident, isOpen, type Walk } from '../incident/state.js';
import { decidingIn, rollBackOf } from '../incident/way.js';
import type { Playbook } from '../playbooks/playbook.js';
import { unfilled } from '../playbooks/present.js';
import { type Block, type Button, buttons, type Inline, paragraph, text, time } from './card.js';
import { literal } from './literal.js';
import { formatDuration } from './zones.js';

type Names = ReadonlyMap<string, string>;
type Field = { label: string; value: Inline[] };
const titleKept = 80;
const valuesOffered = 2;

const line = ({ id: incidentId }: Incident, label: string, verb: string, extra: Partial<Button> = {}): Button => ({
  label,
  command: `/incident ${verb}`,
  incidentId,
  ...extra,
});

/** The phases the step stands in, and what is in hand beside it. */
export function phaseFields(walk: Walk, index: number, names: Names): Field[] {
  const phases = (walk.phases ?? []).filter(({ from, to }) => from <= index && index < to);
  const fields = phases.flatMap(({ title, parallel, dueAt, from, to }): Field[] => {
    const inParallel = parallel ? `${to - from} steps, in any order` : '';
    if (inParallel === '' && dueAt === null) return [];
    const until: Inline[] = dueAt === null ? [] : [text(inParallel === '' ? 'until ' : ' · until '), time(dueAt)];
    return [{ label: literal(title, titleKept), value: [text(inParallel), ...until].filter((part) => !isEmpty(part)) }];
  });
  const others = handOf(walk).filter((each) => each !== index);
  if (others.length === 0) return fields;
  const words = others.map((each) => {
    const { title = '', assignee = null } = walk.steps[each] ?? {};
    const who = assignee === null ? '' : `, with ${literal(names.get(assignee) ?? assignee, titleKept)}`;
    return `${each + 1} ${literal(title, titleKept)}${who}`;
  });
  return [...fields, { label: 'In hand as well', value: [text(words.join(' · '))] }];
}

const isEmpty = (part: Inline): boolean => part.kind === 'text' && part.text === '';

/** The others that are in hand, each to be looked at. */
export const otherSteps = (incident: Incident, walk: Walk, index: number): Button[] =>
  handOf(walk)
    .filter((each) => each !== index)
    .map((each) => line(incident, `Show step ${each + 1}`, `playbook step ${each + 1}`));

/** What is left of several, where each was shown before. */
export function stillInHand(incident: Incident, walk: Walk): Block[] {
  const hand = handOf(walk);
  const words = hand.map((each) => `${each + 1} ${literal(walk.steps[each]?.title ?? '', titleKept)}`);
  return [
    paragraph(text(`Still in hand: ${words.join(' · ')}`)),
    buttons(...hand.map((each) => line(incident, `Show step ${each + 1}`, `playbook step ${each + 1}`))),
  ];
}

/** What else can be done at this step: values, the way back, the decision. */
export function gateButtons(incident: Incident, walk: Walk, index: number, playbook: Playbook | null): Button[] {
  const step = playbook?.steps[index];
  const missing = step && playbook ? unfilled(step, playbook, walk.answers) : [];
  return [
    ...missing
      .slice(0, valuesOffered)
      .map((name) =>
        line(incident, `Say ${name}…`, `value ${name}=`, { input: { label: `${name}?`, required: true } }),
      ),
    ...(rollBackOf(walk) === null || !isOpen(incident)
      ? []
      : [line(incident, 'Roll back…', 'rollback', { input: { label: 'Why?', required: false } })]),
    ...decisionButtons(incident, walk),
  ];
}

/** Once the commander was asked, as long as the walk is in that phase. */
export function decisionButtons(incident: Incident, walk: Walk): Button[] {
  const at = decidingIn(walk);
  const phase = at === null ? undefined : walk.phases?.[at];
  if (!phase?.decide || phase.decideAsked === 0 || !isOpen(incident)) return [];
  const why = { input: { label: 'Why?', required: false } };
  return [
    line(incident, `Keep debugging ${formatDuration(keptForMs)}…`, 'decide keep 15m', why),
    line(incident, `${literal(phase.decide.label, 40)}…`, 'decide leave', why),
  ];
}
const keptForMs = 15 * 60_000;
