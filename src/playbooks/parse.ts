import { createHash } from 'node:crypto';
import { namesIn } from './fill.js';
import { frontOf } from './front.js';
import { MOST_STEPS, withinLimits } from './limits.js';
import { checkLinks, type Targets, targetsOf } from './links.js';
import { checkPhases, phasesOf, withIt } from './phases.js';
import type { ParsePlaybook, Playbook, PlaybookPhase, PlaybookStep, ReadKeptPlaybook } from './playbook.js';
import { type Report, reportOn } from './report.js';
import { type DraftStep, outlineOf } from './steps.js';
import { pageOf } from './tree.js';

/**
 * Reads one playbook. `playbook` is null when there is an error among the problems; warnings do not stop it. With `now`
 * (ms) an overdue review is a warning. Never throws on any text.
 */
export const parsePlaybook: ParsePlaybook = ({ id, file, text }, now) => {
  const report = reportOn(file);
  if (!withinLimits(text, report)) return { playbook: null, problems: report.problems() };

  const { front, ...walked } = read(text, report, now);
  const problems = report.problems();
  if (front === null || report.failed()) return { playbook: null, problems };
  return { playbook: { hash: hashOf(text), id, ...front, ...walked, text }, problems };
};

const noFront = { owner: null, reviewed: null, reviewEveryMs: null, matches: [], severity: null, needs: [] };

/** The bounds on a text are left out as well: it was within those of its day. */
export const readKeptPlaybook: ReadKeptPlaybook = ({ id, text }) => {
  const { front, ...walked } = read(text, reportOn(`${id}.md`));
  return { hash: hashOf(text), id, ...(front ?? { title: id, ...noFront }), ...walked, text };
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

type Read = Pick<Playbook, 'steps' | 'phases'> & {
  front: Omit<Playbook, 'hash' | 'id' | 'steps' | 'phases' | 'text'> | null;
};

function read(text: string, report: Report, now?: number): Read {
  const page = pageOf(text);
  const front = frontOf(page, report, now);
  const outline = outlineOf(page, report);
  const targets = targetsOf(outline);
  checkLinks(page, targets, report);
  checkSteps(outline.steps, report);
  const steps = outline.steps.map((draft) => stepWith(draft, targets.find, report));
  const phases = phasesOf(outline, targets.find, page, report);
  checkPhases(phases, outline, targets.find, report);
  checkWays(steps, phases, outline.steps, report);
  checkAnswers(outline.steps, report);
  return { front, steps, phases };
}

function checkSteps(steps: readonly DraftStep[], report: Report): void {
  const extra = steps[MOST_STEPS];
  if (steps.length === 0) {
    report.error({ line: 1, column: 1 }, 'there are no steps', 'write a heading and under it `- [ ] ` and what to do');
  } else if (extra !== undefined) {
    const hint = 'make some of them sub-steps, or split the playbook';
    report.error(extra.place, `there are ${steps.length} steps, ${MOST_STEPS} are allowed`, hint);
  }
}

function stepWith(draft: DraftStep, find: Targets, report: Report): PlaybookStep {
  const { notes, place: _, ...step } = draft;
  const led = (jump: { href: string } | null): number | null =>
    jump === null ? null : (find(jump.href)?.step ?? null);
  const goto = led(notes.ifNot?.jump ?? null);
  const after = led(notes.thenTo);
  if (notes.ifNot?.jump && goto === step.index) {
    const hint = 'link to another step, or say when to try again';
    report.warning(notes.ifNot.jump.place, '"If not" leads back to its own step', hint);
  }
  if (notes.thenTo && after === step.index) {
    report.error(notes.thenTo.place, '"Then" leads back to its own step', 'link to the step that follows');
  }
  if (step.check !== null && (goto ?? step.index + 1) === (after ?? step.index + 1)) {
    const hint = 'link one of them with "If yes" or "If no"';
    report.warning(draft.place, 'both answers lead to the same step', hint);
  }
  return {
    ...step,
    ifNot: notes.ifNot && { text: notes.ifNot.text, goto },
    thenTo: after === step.index ? null : after,
    rollBack: rollBackOf(draft, find, report),
  };
}

function rollBackOf({ notes: { rollBack: jump }, index }: DraftStep, find: Targets, report: Report) {
  const target = jump === null ? null : find(jump.href);
  if (!jump || !target || target.step === null) return null;
  if (target.step <= index && index < target.end) {
    report.error(
      jump.place,
      '"Roll back" leads to the step itself',
      'link to a section of its own: [Roll back](#roll-back)',
    );
    return null;
  }
  return { to: target.step, end: target.end };
}

/** A step that every `Then` passes over and no branch leads to is never in hand. */
function checkWays(
  steps: readonly PlaybookStep[],
  phases: readonly PlaybookPhase[],
  drafts: readonly DraftStep[],
  report: Report,
): void {
  const reached = new Set<number>();
  const waiting = [0];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const step = steps[index];
    if (step === undefined || reached.has(index)) continue;
    reached.add(index);
    const parallel = phases.find((phase) => phase.parallel && phase.from <= index && index < phase.to);
    const on = parallel ? (parallel.thenTo ?? parallel.to) : index + 1;
    waiting.push(...withIt(phases, index), step.thenTo ?? on, step.ifNot?.goto ?? on);
    if (step.rollBack) waiting.push(step.rollBack.to);
    for (const phase of phases)
      if (phase.decide && phase.from <= index && index < phase.to) waiting.push(phase.decide.to);
  }
  for (const { index, place } of drafts) {
    if (reached.has(index)) continue;
    report.warning(place, 'no step leads to this one', 'link to it from an "If not", or take a "Then" away');
  }
}

/** An answer fills later steps only, so that its use in the step that asks is none. */
function checkAnswers(steps: readonly DraftStep[], report: Report): void {
  const used = steps.map(
    (step) =>
      new Set(
        [
          ...step.body.map((part) => part.text),
          ...step.substeps,
          step.expect ?? '',
          step.notes.ifNot?.text ?? '',
        ].flatMap(namesIn),
      ),
  );
  for (const step of steps) {
    for (const { name, place } of step.notes.asked) {
      if (used.some((names, index) => index !== step.index && names.has(name))) continue;
      report.warning(place, `the answer "${name}" is never used`, `write {${name}} in another step, or do not ask`);
    }
  }
}
