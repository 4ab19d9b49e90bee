import { literalLines } from '../messages/literal.js';
import { LARGEST_TEXT } from './limits.js';
import { type Targets, targetsOf } from './links.js';
import type { Playbook } from './playbook.js';
import { reportOn } from './report.js';
import { outlineOf } from './steps.js';
import { pageOf } from './tree.js';

/**
 * The page for a terminal: steps have the numbers they have in an incident, links within the page say which step they
 * lead to, commands stand as they are typed. Nothing in it can reach the terminal as anything but text.
 */
export function pageText(playbook: Playbook): string {
  const page = pageOf(playbook.text);
  const outline = outlineOf(page, reportOn(`${playbook.id}.md`));
  const { find } = targetsOf(outline);
  const numbers = new Map(playbook.steps.map(({ line, index }) => [line, index + 1]));
  const frontEnds = page.root.children[0]?.type === 'yaml' ? (page.root.children[0].position?.end.line ?? 0) : 0;
  const out = headOf(playbook);
  let fence: string | null = null;
  for (const [index, line] of playbook.text.split(/\r?\n/).entries()) {
    if (index < frontEnds) continue;
    const opening = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (opening !== undefined && (fence === null || line.trim() === fence)) {
      fence = fence === null ? opening : null;
      continue;
    }
    if (fence !== null) out.push(`    ${line}`);
    else out.push(...prose(line, numbers.get(index + 1), find, playbook));
  }
  const text = out.join('\n').replace(/\n{3,}/g, '\n\n');
  return `${literalLines(text, 2 * LARGEST_TEXT).trim()}\n`;
}

function headOf({ title, severity, owner, reviewed, steps, needs }: Playbook): string[] {
  const about = [
    severity,
    owner === null ? null : `owner ${owner}`,
    reviewed === null ? null : `reviewed ${reviewed}`,
    `${steps.length} steps`,
  ];
  return [
    ...underlined(title, '='),
    about.filter((each) => each !== null).join(' · '),
    ...(needs.length > 0 ? ['', 'You will need:', ...needs.map((each) => `  - ${each}`)] : []),
    '',
  ];
}

function prose(line: string, number: number | undefined, find: Targets, { title }: Playbook): string[] {
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return heading[2] === title ? [] : ['', ...underlined(heading[2] ?? '', heading[1] === '##' ? '-' : '.')];
  if (number === undefined) return [spoken(line, find)];
  return [`${String(number).padStart(2)}. ${spoken(line.replace(/^\s*[-*+]\s+/, ''), find)}`];
}

/** Words of a line without the marks of Markdown; what is between backticks stays. */
const spoken = (line: string, find: Targets): string =>
  line
    .split(/(`+[^`]*`+)/)
    .map((part) => (part.startsWith('`') ? part : withoutMarks(part, find)))
    .join('');

const withoutMarks = (text: string, find: Targets): string =>
  text
    .replace(/\[([^\]]{1,500})\]\(([^()\s]{1,500})\)/g, (_, words: string, href: string) => {
      if (!href.startsWith('#')) return `${words} <${href}>`;
      const step = find(href)?.step;
      return step === null || step === undefined ? words : `${words} (step ${step + 1})`;
    })
    .replaceAll('**', '');

const underlined = (words: string, mark: string): string[] => [words, mark.repeat(Math.min(words.length, 100))];
