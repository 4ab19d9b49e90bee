import { callLinks } from '../incident/call.js';
import { handOf, withFocus } from '../incident/hand.js';
import { type Incident, isOpen, type WalkStep } from '../incident/state.js';
import { type Block, buttons, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { approvalButtons, approvalWords } from './step-card.js';
import { standing } from './walk-values.js';

type Field = { label: string; value: Inline[] };
const titleKept = 200;
const asideShown = 5;

function playbookLine(incident: Incident, names: ReadonlyMap<string, string>): Inline[] {
  const { walk } = incident;
  if (!walk) return [text('none')];
  const title = literal(walk.title, titleKept);
  const total = walk.steps.length;
  const count = (state: WalkStep['state']) => walk.steps.filter((step) => step.state === state).length;
  if (walk.current !== null && isOpen(incident)) {
    const step = walk.steps[walk.current];
    const passed = count('passed') > 0 ? `, ${count('passed')} passed over` : '';
    const ticks = step && step.substeps > 0 ? `, ${step.ticked.length} of ${step.substeps} ticked` : '';
    const at = `${title}, step ${walk.current + 1} of ${total}${passed} · ${literal(step?.title ?? '', titleKept)}${ticks}`;
    const others = handOf(walk)
      .slice(1)
      .map((index) => `${index + 1}`);
    const beside = others.length > 0 ? ` · and step ${others.join(', ')}` : '';
    const who = step?.assignee ? literal(names.get(step.assignee) ?? step.assignee, 80) : '';
    return [
      text(`${at}${who === '' ? '' : ` · with ${who}`}${beside}`),
      ...(walk.dueAt === null ? [] : [text(' · until '), time(walk.dueAt)]),
    ];
  }
  if (walk.startedAt === null) return [text(`${title}, ${total} steps, not started`)];
  const parts = (['done', 'skipped', 'failed', 'passed', 'open'] as const).filter((state) => count(state) > 0);
  const words = parts.map((state) => `${count(state)} ${state === 'passed' ? 'passed over' : state}`);
  return [text(`${title}, walked: ${words.join(', ')}`)];
}

/** The playbook in hand, and those beside it. */
export function playbookFields(incident: Incident, names: ReadonlyMap<string, string>): Field[] {
  const shown = incident.aside.slice(0, asideShown);
  const more = incident.aside.length - shown.length;
  const beside = shown.map((walk) => `${literal(walk.title, titleKept)}, ${standing(walk)}`).join(' · ');
  return [
    { label: 'Playbook', value: playbookLine(incident, names) },
    ...(shown.length > 0
      ? [{ label: 'Beside it', value: [text(`${beside}${more > 0 ? ` · and ${more} more` : ''}`)] }]
      : []),
  ];
}

/** The question that waits for somebody's agreement, with its buttons. */
export function approvalWanted(incident: Incident, names: ReadonlyMap<string, string>): Block[] {
  const hand = incident.walk ? handOf(incident.walk) : [];
  return hand.flatMap((index) => wantedOf(withFocus(incident, index), names));
}

function wantedOf(incident: Incident, names: ReadonlyMap<string, string>): Block[] {
  const { walk } = incident;
  const all = isOpen(incident) ? approvalButtons(incident) : [];
  if (all.length === 0 || !walk || walk.current === null) return [];
  const title = literal(walk.steps[walk.current]?.title ?? '', titleKept);
  return [
    paragraph(strong(`Step ${walk.current + 1} waits: `), text(`${title}. `), ...approvalWords(incident, names)),
    buttons(...all),
  ];
}

/** Where people talk. */
export function callField(incident: Incident): Field[] {
  const hrefs = callLinks(incident);
  if (hrefs.length === 0) return [];
  return [
    {
      label: 'Call',
      value: hrefs.flatMap((href, index): Inline[] => [
        ...(index > 0 ? [text(' · ')] : []),
        { kind: 'link', text: href, href },
      ]),
    },
  ];
}
