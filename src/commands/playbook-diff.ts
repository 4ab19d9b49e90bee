import { sameSteps } from '../incident/decide/newer.js';
import type { Walk } from '../incident/state.js';
import { type Block, type Inline, paragraph, strong, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import type { Playbook, PlaybookStep } from '../playbooks/playbook.js';
import { act, called, lineButton, refused, sayCard, withButtons } from './answers.js';
import type { Act, Within } from './verb.js';
import { walked } from './walk.js';

const shown = 20;

type Change = { mark: '+' | '~' | '−'; step: number; title: string; what: string };

/** The file of the playbook in hand as it is today, where it is another text than the one that is walked. */
function newerText(about: Within): Playbook | null {
  const { walk } = about.incident;
  const today = about.playbooks.find(({ id }) => id === walk?.playbookId);
  return today && walk && today.hash !== walk.hash ? today : null;
}

/** What adopting would change, in order of the new text; what is not in it any more comes last. */
function changesOf(before: Playbook, after: Playbook): Change[] {
  const from = sameSteps(before.steps, after.steps);
  const kept = new Set(from);
  return [
    ...after.steps.flatMap((step, index): Change[] => {
      const was = before.steps[from[index] ?? -1];
      const what = was === undefined ? 'new' : differences(was, step).join(', ');
      if (what === '') return [];
      return [{ mark: was === undefined ? '+' : '~', step: index, title: step.title, what }];
    }),
    ...before.steps
      .filter((_, index) => !kept.has(index))
      .map((step): Change => ({ mark: '−', step: step.index, title: step.title, what: 'not there any more' })),
  ];
}

/** Links lead to other numbers when a step comes or goes: they are compared by the steps they lead to. */
function differences(was: PlaybookStep, is: PlaybookStep): string[] {
  const parts: [string, (step: PlaybookStep) => unknown][] = [
    ['the phase', ({ phase }) => phase],
    ['commands', ({ body }) => body.filter(({ kind }) => kind === 'code')],
    ['words', ({ body, substeps }) => [body.filter(({ kind }) => kind === 'text'), substeps]],
    ['what to expect', ({ expect }) => expect],
    ['what to do otherwise', ({ ifNot, ifYes }) => [ifNot?.text, ifYes]],
    ['who does it', ({ role, approve }) => [role, approve]],
    ['its time', ({ withinMs }) => withinMs],
    ['what it asks', ({ ask, check, required }) => [ask, check, required]],
  ];
  return parts.flatMap(([name, part]) => (JSON.stringify(part(was)) === JSON.stringify(part(is)) ? [] : [name]));
}

export function diff(about: Within): Act {
  const { incident } = about;
  const before = about.playbookOf(incident);
  const newer = newerText(about);
  if (!before || !newer)
    return { kind: 'say', reply: { text: `${called(incident)} walks its playbook as the file is now.` } };
  const changes = changesOf(before, newer);
  const summary = `${literal(newer.title)} has changed since ${called(incident)} began: ${changes.length === 0 ? 'no step is another' : `${changes.length} of its steps`}.`;
  const items = changes
    .slice(0, shown)
    .map(({ mark, step, title, what }): Inline[] => [
      strong(`${mark} ${step + 1} `),
      text(`${literal(title, 120)}: ${what}`),
    ]);
  const more = changes.length - items.length;
  const blocks: Block[] = [
    paragraph(text(summary)),
    ...(items.length > 0
      ? [{ kind: 'list' as const, ordered: false, items: more > 0 ? [...items, [text(`and ${more} more`)]] : items }]
      : []),
    paragraph(
      text('The incident keeps its text until somebody takes the new one. What was done stays with its steps.'),
    ),
  ];
  return sayCard({
    tone: 'neutral',
    summary,
    blocks: withButtons(
      blocks,
      lineButton('Take the new text', `playbook adopt ${newer.hash.slice(0, 12)}`, {
        incidentId: incident.id,
        style: 'primary',
      }),
    ),
  });
}

/** `mark`: of the text that was shown, so that nothing newer is taken unseen. */
export function adopt(about: Within, mark: string): Act {
  const newer = newerText(about);
  if (!newer || mark === '') return diff(about);
  if (!newer.hash.startsWith(mark))
    return refused('changed', 'The file has changed since it was shown. Look again: /incident playbook diff', [
      ...lineButton('What changed', 'playbook diff', { incidentId: about.incident.id }),
    ]);
  return act(about, { type: 'adoptPlaybook', newer: newer.hash }, (after, events) =>
    walked(
      after,
      about,
      `${called(after)} walks the new text of ${literal(newer.title)}. What was done stays.`,
      events,
    ),
  );
}

/** The walk as it is listed: a step in hand looked at closely. */
export function stepShown(about: Within, { walk }: { walk: Walk | null }, number: string): Act {
  const index = Number(number) - 1;
  if (!walk?.steps[index]) return refused('no-such-step', 'There is no such step. /incident playbook shows them all.');
  return act(about, { type: 'next' }, (after, events) => walked(after, about, '', events, index));
}
