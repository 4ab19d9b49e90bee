import type { Notes } from './notes.js';
import { notesOf, plainAnswers } from './notes.js';
import { isPhaseNote } from './phases.js';
import type { PlaybookStep } from './playbook.js';
import type { Place, Report } from './report.js';
import { childrenOf, everyNode, type ListItem, type Node, type Page, placeOf, sourceOf, wordsOf } from './tree.js';

export interface Heading {
  title: string;
  depth: number;
  place: Place;
  /** How many steps come before it. */
  firstStep: number;
  /** Bullets between it and its first step that say how its steps are walked. */
  notes: ListItem[];
}

export type DraftStep = Omit<PlaybookStep, 'ifNot' | 'thenTo' | 'rollBack'> & { notes: Notes; place: Place };

export interface Outline {
  headings: Heading[];
  steps: DraftStep[];
}

const LONGEST_TITLE = 160;

/** Headings and steps in reading order. Everything else on the page is for people who read it there. */
export function outlineOf(page: Page, report: Report): Outline {
  const outline: Outline = { headings: [], steps: [] };
  let afterSteps = false;
  for (const node of page.root.children) {
    if (node.type === 'heading') addHeading(node, outline, report);
    if (node.type === 'code' && afterSteps) {
      const hint = 'indent it by two spaces to make it part of the step';
      report.warning(placeOf(node), 'a code block after a step is not part of it', hint);
    }
    afterSteps = node.type === 'list' ? addSteps(node.children, outline, page, report) : false;
    if (node.type !== 'list') strayCheckboxes(node, report);
  }
  return outline;
}

function addHeading(node: Node & { type: 'heading' }, { headings, steps }: Outline, report: Report): void {
  const title = wordsOf(node);
  const place = placeOf(node);
  if (title === '') report.error(place, 'a heading is empty', 'name the phase, or remove the line');
  headings.push({ title, depth: node.depth, place, firstStep: steps.length, notes: [] });
}

/** Answers whether there was a step among them. */
function addSteps(items: readonly ListItem[], outline: Outline, page: Page, report: Report): boolean {
  let any = false;
  for (const item of items) {
    if (isCheckbox(item)) {
      any = true;
      const phase = outline.headings.at(-1)?.title;
      if (phase === undefined)
        report.error(placeOf(item), 'a step stands before the first heading', 'write `## Detect` above it');
      outline.steps.push(stepOf(item, { index: outline.steps.length, phase: phase ?? '' }, page, report));
    } else if (brokenCheckbox(item)) {
      report.error(placeOf(item), 'this is not a checkbox', 'write `- [ ] ` and then what to do');
    } else {
      for (const child of item.children) strayCheckboxes(child, report);
      takePhaseNote(item, outline, report);
    }
  }
  return any;
}

/** Which bullets of a section are notes of its phase is told by their keys: any other list is for people. */
function takePhaseNote(item: ListItem, { headings, steps }: Outline, report: Report): void {
  const heading = headings.at(-1);
  if (heading === undefined || !isPhaseNote(item)) return;
  if (heading.firstStep === steps.length) heading.notes.push(item);
  else
    report.error(
      placeOf(item),
      'a note of the phase stands after its first step',
      'move it below the heading, or indent it by two spaces to make it a note of the step',
    );
}

const isCheckbox = (item: ListItem): boolean => typeof item.checked === 'boolean';

/** `- []`, and `- [ ]` with nothing after it, are plain bullets to Markdown; nobody means them as such. */
const brokenCheckbox = (item: ListItem): boolean => {
  const first = item.children[0];
  const opening = first === undefined ? '' : wordsOf(first);
  return ['[]', '[ ]', '[x]', '[X]'].some((box) => opening === box || opening.startsWith('[]'));
};

function strayCheckboxes(node: Node, report: Report): void {
  for (const each of everyNode(node)) {
    if (each.type === 'listItem' && isCheckbox(each)) {
      report.error(placeOf(each), 'a checkbox inside something else is not a step', 'start its line at the margin');
    }
  }
}

function stepOf(
  item: ListItem,
  { index, phase }: { index: number; phase: string },
  page: Page,
  report: Report,
): DraftStep {
  const place = placeOf(item);
  const [first, ...rest] = item.children;
  const title = first?.type === 'paragraph' ? wordsOf(first) : '';
  if (title === '') report.error(place, 'a step has no title', 'write what to do after the checkbox');
  if (title.length > LONGEST_TITLE) {
    const message = `the step's title has ${title.length} characters, more than ${LONGEST_TITLE} do not fit a card`;
    report.warning(place, message, 'put an empty line after the first sentence');
  }
  if (item.checked === true) report.warning(place, 'the step is ticked in the file', 'write `[ ]`');

  const body: PlaybookStep['body'] = [];
  const bullets: ListItem[] = [];
  const substeps: string[] = [];
  for (const node of first?.type === 'paragraph' ? rest : item.children) {
    if (node.type === 'code')
      body.push({ kind: 'code', text: node.value.replaceAll('\r\n', '\n'), ...(node.lang && { language: node.lang }) });
    else if (node.type === 'list' && (node.ordered !== true || node.children.some(isCheckbox))) {
      for (const each of node.children) {
        if (isCheckbox(each)) substeps.push(substepOf(each, report));
        else if (brokenCheckbox(each))
          report.error(placeOf(each), 'this is not a checkbox', 'write `- [ ] ` and then what to do');
        else bullets.push(each);
      }
    } else if (node.type !== 'html' || !node.value.startsWith('<!--')) {
      strayCheckboxes(node, report);
      body.push({ kind: 'text', text: sourceOf([node], page) });
    }
  }
  const notes = notesOf(bullets, page, report);
  // Only an error keeps these from being notes; in a text that is kept they must not be lost.
  for (const text of notes.others) body.push({ kind: 'text', text });
  const { role, withinMs, approve, expect, ask, required, ifYes } = notes;
  const check = notes.check ?? (title.endsWith('?') || ifYes !== null ? plainAnswers : null);
  return {
    ...{ index, phase, title, body, role, withinMs, approve, expect, ask, substeps, required, check, ifYes },
    ...{ line: place.line, notes, place },
  };
}

function substepOf(item: ListItem, report: Report): string {
  const [first, extra] = childrenOf(item);
  const title = first?.type === 'paragraph' ? wordsOf(first) : '';
  if (title === '') report.error(placeOf(item), 'a sub-step is empty', 'write what to do after the checkbox');
  if (extra !== undefined) {
    report.error(placeOf(extra), 'a sub-step is one line', 'make it a step of its own, or put the rest into the step');
  }
  return title;
}
