import { endOf } from './links.js';
import type { Playbook, Problem } from './playbook.js';
import { reportOn } from './report.js';
import { type Outline, outlineOf } from './steps.js';
import { everyNode, type Page, pageOf, wordsOf } from './tree.js';

interface Part {
  name: string;
  /** Whole words in a heading that make it this part. */
  words: readonly string[];
}

const detect: Part = {
  name: 'Detect',
  words: ['detect', 'detection', 'confirm', 'recognise', 'recognize', 'symptoms'],
};
const recover: Part = {
  name: 'Recover',
  words: ['recover', 'recovery', 'repair', 'restore', 'fix', 'remediate', 'rotate', 'patch'],
};
const escalate: Part = { name: 'Escalate', words: ['escalate', 'escalation', 'call for help', 'get help'] };
const withSteps: readonly Part[] = [
  detect,
  {
    name: 'Contain',
    words: ['contain', 'containment', 'limit the damage', 'stop the damage', 'stabilise', 'stabilize'],
  },
  { name: 'Triage', words: ['triage', 'diagnose', 'diagnosis', 'investigate', 'assess', 'find the cause'] },
  recover,
  { name: 'Roll back', words: ['roll back', 'rollback', 'back out', 'undo', 'revert'] },
  escalate,
];
const review: Part = {
  name: 'After the incident',
  words: ['after the incident', 'afterwards', 'post-incident', 'postmortem', 'review', 'lessons'],
};

/** Every word or phrase that makes a heading a part, for the docs. */
export const partWords = (): string[] => [...withSteps, review].flatMap(({ words }) => words);

/**
 * What a playbook needs at night and does not have, as warnings: a team may start small. Sections are told by words of
 * their headings. What is missing altogether is one problem at the top of the file, what a step lacks one at the step.
 */
export function missingParts(playbook: Playbook, file: string): Problem[] {
  const report = reportOn(file);
  const page = pageOf(playbook.text);
  const outline = outlineOf(page, reportOn(file));
  const missing = [
    ...withSteps.filter((part) => stepsOf(part, outline).length === 0).map(({ name }) => name),
    ...(hasText(outline) ? [] : ['words to post (a ```text block in a step)']),
    ...(hasQuestions(page, outline) ? [] : [review.name]),
    ...(playbook.needs.length > 0 ? [] : ['needs']),
    ...(playbook.owner === null ? ['owner'] : []),
    ...(playbook.reviewed === null ? ['reviewed'] : []),
  ];
  if (missing.length > 0) {
    const hint = 'see "What a playbook should have" in docs/playbooks.md';
    report.warning({ line: 1, column: 1 }, `there is no ${missing.join(', no ')}`, hint);
  }
  for (const { place, expect } of stepsOf(detect, outline)) {
    if (expect === null) report.warning(place, 'nothing says how to tell', 'add `- Expect: ` and what one sees');
  }
  for (const step of stepsOf(recover, outline)) {
    const lacks = [
      ...(step.body.some(({ kind }) => kind === 'code') ? [] : ['commands']),
      ...(step.expect === null ? ['"Expect"'] : []),
      ...(step.notes.ifNot === null ? ['"If not"'] : []),
    ];
    if (lacks.length > 0)
      report.warning(step.place, `the recovery has no ${lacks.join(', no ')}`, 'say it exactly, for somebody tired');
  }
  const help = stepsOf(escalate, outline);
  if (help[0] && !help.some(({ body }) => body.length > 0)) {
    report.warning(help[0].place, 'nothing says when to escalate, and to whom', 'write both below the step');
  }
  return report.problems();
}

const is = ({ words }: Part, title: string): boolean => {
  const spaced = ` ${title.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, ' ')} `;
  return words.some((each) => spaced.includes(` ${each} `));
};

/** The steps under the headings of a part, sub-headings included. */
function stepsOf(part: Part, { headings, steps }: Outline): Outline['steps'] {
  return headings.flatMap((heading, position) =>
    is(part, heading.title) && !(position === 0 && isTitle(headings))
      ? steps.slice(heading.firstStep, endOf(headings, position, steps.length))
      : [],
  );
}

/** The first heading names the page where all others stand below it. */
const isTitle = ([first, ...others]: Outline['headings']): boolean =>
  others.length > 0 && others.every(({ depth }) => depth > (first?.depth ?? 0));

const hasText = ({ steps }: Outline): boolean =>
  steps.some(({ body }) => body.some(({ kind, language }) => kind === 'code' && language === 'text'));

/** A section for the review: no steps, which would be owed during the incident, and some questions. */
function hasQuestions(page: Page, outline: Outline): boolean {
  const found = outline.headings.find(
    (heading, position) =>
      is(review, heading.title) && heading.firstStep === endOf(outline.headings, position, outline.steps.length),
  );
  if (!found) return false;
  const after = page.root.children.filter(({ position }) => (position?.start.line ?? 0) > found.place.line);
  const end = after.findIndex(({ type }) => type === 'heading');
  return after
    .slice(0, end === -1 ? undefined : end)
    .flatMap((node) => [...everyNode(node)])
    .some((node) => (node.type === 'listItem' || node.type === 'paragraph') && wordsOf(node).includes('?'));
}
