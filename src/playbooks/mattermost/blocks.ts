import { parsePlaybook } from '../parse.js';
import { pageOf, wordsOf } from '../tree.js';

/** A line that Markdown reads as just these words. */
export function asWords(written: string, otherwise: string): string {
  const words = written.replace(/\s+/g, ' ').trim() || otherwise;
  const [list] = pageOf(`- [ ] ${words}\n`).root.children;
  return list && wordsOf(list) === words ? words : words.replace(/[\\`*_{}[\]()<>#+~|!&:@-]/g, '\\$&');
}

/** Fenced by more than whatever fence is in it. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

/** For people who read the page: nothing in it is a step, a note or a heading. */
export const quoted = (text: string): string =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${line.replace(/\[ \]/g, '☐').replace(/\[[xX]\]/g, '☑')}`.trimEnd())
    .join('\n');

/** The step's own Markdown; what would be no step of ours is quoted, or shown as it was written. */
export function asBody(description: string): string {
  const written = description.replaceAll('\r\n', '\n').trim();
  if (written === '' || fits(written)) return written;
  const page = pageOf(written);
  const blocks = page.root.children.map((node) => {
    const source = written.slice(node.position?.start.offset, node.position?.end.offset);
    return node.type === 'code' || node.type === 'paragraph' ? source : quoted(source);
  });
  const tamed = blocks.join('\n\n');
  return fits(tamed) ? tamed : fenced(written, 'text');
}

/** A link into the page may lead to another step, which is not there when one is tried alone. */
const fits = (body: string): boolean => {
  const text = `---\ntitle: tried\n---\n## Phase\n\n- [ ] Step\n\n${indented(body)}\n`;
  const { problems } = parsePlaybook({ id: 'tried', file: 'tried.md', text });
  return problems.every(({ level, message }) => level === 'warning' || message.includes('leads nowhere'));
};

export const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
