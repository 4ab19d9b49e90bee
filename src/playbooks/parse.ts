import { createHash } from 'node:crypto';
import { namesIn } from './fill.js';
import { frontOf } from './front.js';
import { MOST_STEPS, withinLimits } from './limits.js';
import { checkLinks, type Targets, targetsOf } from './links.js';
import type { ParsePlaybook, PlaybookStep } from './playbook.js';
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

  const page = pageOf(text);
  const front = frontOf(page, report, now);
  const outline = outlineOf(page, report);
  const targets = targetsOf(outline);
  checkLinks(page, targets, report);
  checkSteps(outline.steps, report);
  const steps = outline.steps.map((draft) => stepWith(draft, targets.find, report));
  checkAnswers(outline.steps, report);

  const problems = report.problems();
  if (front === null || report.failed()) return { playbook: null, problems };
  const hash = createHash('sha256').update(text).digest('hex');
  return { playbook: { hash, id, ...front, steps, text }, problems };
};

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
  if (notes.ifNot === null) return { ...step, ifNot: null };
  const { text, jump } = notes.ifNot;
  const goto = jump === null ? null : (find(jump.href)?.step ?? null);
  if (jump !== null && goto === step.index) {
    report.warning(jump.place, '"If not" leads back to its own step', 'link to another step, or say when to try again');
  }
  return { ...step, ifNot: { text, goto } };
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
