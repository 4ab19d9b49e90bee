import { nearest, suggestion } from '../messages/near.js';
import { endOf, type Targets } from './links.js';
import { durationIn, type Jump, type Note, noteOf, roleNames, thenIn, yesOrNo } from './notes.js';
import type { Otherwise, PlaybookPhase } from './playbook.js';
import type { Report } from './report.js';
import type { Outline } from './steps.js';
import { type ListItem, type Page, wordsOf } from './tree.js';

const phaseKeys = ['Parallel', 'Within', 'Otherwise', 'Decide', 'Then'] as const;
type PhaseKey = (typeof phaseKeys)[number];

/** What one person can keep an eye on. */
const MOST_PARALLEL = 8;
/** What fits a button beside another. Characters. */
const LONGEST_WAY = 40;

const keyOf = (item: ListItem): string => {
  const words = item.children[0] === undefined ? '' : wordsOf(item.children[0]);
  return words.slice(0, Math.max(0, words.indexOf(':'))).trim();
};
const isKey = (item: ListItem): boolean => phaseKeys.some((each) => each.toLowerCase() === keyOf(item).toLowerCase());

/** A plain bullet under a heading that begins with one of the keys, or with one that is mistyped. */
export const isPhaseNote = (item: ListItem): boolean => keyOf(item) !== '' && nearest(keyOf(item), phaseKeys) !== null;

/** The headings whose steps are walked in a way of their own. */
export function phasesOf({ headings, steps }: Outline, find: Targets, page: Page, report: Report): PlaybookPhase[] {
  return headings.flatMap((heading, position): PlaybookPhase[] => {
    if (heading.notes.length === 0) return [];
    const { title, place, firstStep: from } = heading;
    const to = endOf(headings, position, steps.length);
    if (from === to) {
      if (!heading.notes.some(isKey)) return [];
      report.error(place, 'a heading without steps has notes of a phase', 'add a step under it, or take them away');
      return [];
    }
    const phase: PlaybookPhase = {
      ...{ title, from, to, line: place.line },
      ...{ parallel: false, thenTo: null, withinMs: null, otherwise: [], decide: null },
    };
    const seen = new Map<PhaseKey, Note<PhaseKey>>();
    for (const item of heading.notes) {
      const note = noteOf(item, phaseKeys, page, report);
      if (note === null) continue;
      const before = seen.get(note.key);
      if (before)
        report.error(note.place, `the phase has two notes "${note.key}"`, `keep the one on line ${before.place.line}`);
      else take(note, phase, find, report);
      seen.set(note.key, before ?? note);
    }
    const without = (key: PhaseKey, what: string, hint: string): void => {
      const note = seen.get(key);
      if (note) report.error(note.place, `"${key}" of a phase needs "${what}"`, hint);
    };
    if (phase.withinMs === null) without('Otherwise', 'Within', 'say after what time: `- Within: 30 min`');
    if (!phase.parallel) without('Then', 'Parallel', 'write "Then" at the last step of the phase');
    return [phase];
  });
}

function take(note: Note<PhaseKey>, phase: PlaybookPhase, find: Targets, report: Report): void {
  switch (note.key) {
    case 'Parallel':
      phase.parallel = yesOrNo(note, report);
      return;
    case 'Within':
      phase.withinMs = durationIn(note, report);
      return;
    case 'Otherwise':
      phase.otherwise = otherwiseIn(note, report);
      return;
    case 'Then':
      phase.thenTo = stepAt(thenIn(note, report), find);
      return;
    case 'Decide':
      phase.decide = decisionIn(note, find, report);
  }
}

const stepAt = (jump: Jump | null, find: Targets): number | null =>
  jump === null ? null : (find(jump.href)?.step ?? null);

/** `20 min, [Restore now](#restore)` */
function decisionIn(note: Note<PhaseKey>, find: Targets, report: Report): PlaybookPhase['decide'] {
  const [jump, second] = note.jumps;
  const hint = 'write `Decide: 20 min, [Restore now](#restore)`';
  if (jump === undefined || second !== undefined) {
    report.error(note.place, '"Decide" needs one link, to where the other way begins', hint);
    return null;
  }
  if (jump.words.length > LONGEST_WAY)
    report.error(
      jump.place,
      `the words of "Decide" have more than ${LONGEST_WAY} characters`,
      'they have to fit a button',
    );
  const before = note.plain.slice(0, note.plain.indexOf(jump.words));
  const afterMs = durationIn({ ...note, plain: before.replace(/[\s,:;·→-]+$/u, '') }, report);
  const to = stepAt(jump, find);
  return afterMs === null || to === null ? null : { afterMs, to, label: jump.words };
}

const sayings = ['escalate to sev1', 'propose sev1', 'page platform lead', 'page commander', 'page owners'];

/** `escalate to sev1 and page platform lead` */
function otherwiseIn({ plain, place }: Note<PhaseKey>, report: Report): Otherwise[] {
  return plain
    .toLowerCase()
    .split(/\s*(?:,|\band\b)\s*/)
    .filter((each) => each !== '')
    .flatMap((part): Otherwise[] => {
      const grave = /^(escalate to|make it|propose) (sev[123])$/.exec(part);
      if (grave) return [{ do: 'severity', severity: grave[2] as 'sev1', propose: grave[1] === 'propose' }];
      const whom = /^page (?:the )?(.+)$/.exec(part)?.[1];
      const target = whom === undefined ? null : targetOf(whom);
      if (target !== null) return [{ do: 'page', whom: target }];
      report.error(place, `"${part}" is nothing Muster does when a phase takes too long`, suggestion(part, sayings));
      return [];
    });
}

function targetOf(whom: string): string | null {
  if (/^platform[- ]lead$/.test(whom)) return 'platform-lead';
  if (/^(?:service )?owners?(?: of the services?)?$/.test(whom)) return 'owners';
  const schedule = /^on[- ]call (?:for )?([a-z0-9][a-z0-9_.-]{0,60})$/.exec(whom)?.[1];
  if (schedule !== undefined) return `on-call ${schedule}`;
  return roleNames.find((role) => role === whom) ?? null;
}

/** What cannot be meant where steps are in hand at once. */
export function checkPhases(phases: readonly PlaybookPhase[], { steps }: Outline, find: Targets, report: Report): void {
  const parallel = phases.filter((phase) => phase.parallel);
  for (const { from, to, line, title } of parallel) {
    const place = { line, column: 1 };
    const count = to - from;
    if (count < 2) report.warning(place, 'one step alone is not parallel', 'add a step, or take `Parallel` away');
    if (count > MOST_PARALLEL)
      report.error(place, `${count} steps are in hand at once, ${MOST_PARALLEL} are allowed`, 'split the phase');
    if (parallel.some((other) => other.from <= from && to <= other.to && other.line < line))
      report.error(place, `"${title}" is parallel inside a parallel phase`, 'one `Parallel` is enough');
    for (const { notes } of steps.slice(from, to)) {
      if (notes.thenTo !== null)
        report.error(
          notes.thenTo.place,
          'a step of a parallel phase has no order to leave',
          'write "Then" below the heading of the phase: it counts when all have ended',
        );
    }
  }
  const within = (index: number) => parallel.find(({ from, to }) => index > from && index < to);
  for (const { notes } of steps)
    for (const jump of [notes.ifNot?.jump, notes.thenTo, notes.rollBack]) {
      const target = stepAt(jump ?? null, find);
      const phase = target === null ? undefined : within(target);
      if (jump && phase)
        report.error(
          jump.place,
          `${jump.href} leads into the middle of a parallel phase`,
          `link to its heading, "${phase.title}"`,
        );
    }
}

/** The steps that come in hand with this one. */
export const withIt = (phases: readonly PlaybookPhase[], index: number): number[] => {
  const phase = phases.find(({ parallel, from, to }) => parallel && from <= index && index < to);
  return phase ? Array.from({ length: phase.to - phase.from }, (_, at) => phase.from + at) : [index];
};
