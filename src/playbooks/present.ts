import type { Block, Inline } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { parseMarkdown, webHref } from '../messages/markdown.js';
import { formatDuration } from './duration.js';
import { fill, namesIn } from './fill.js';
import type { Playbook, PlaybookStep } from './playbook.js';
import { fillCommand } from './shell.js';

/**
 * What a step says: where it is in the walk, commands, prose, sub-steps and notes. Answers to earlier `Ask:` notes are put in
 * as literal text, so that neither they nor the playbook can mention anybody; links are http(s) only. `ticked`: indexes
 * of sub-steps. An index without a step gives no blocks.
 */
export function presentStep(
  playbook: Playbook,
  index: number,
  answers: Readonly<Record<string, string>>,
  ticked: readonly number[] = [],
): Block[] {
  const step = playbook.steps[index];
  if (step === undefined) return [];
  const given = givenAnswers(playbook, answers);
  const prose = (source: string): Block[] => literalAnswers(parseMarkdown(source, filledHref(given)), given);
  const place = `Step ${index + 1} of ${playbook.steps.length} · ${step.phase} · ${step.title}`;
  const blocks: Block[] = [{ kind: 'heading', content: [{ kind: 'text', text: place }] }];
  for (const part of step.body) {
    if (part.kind === 'text') blocks.push(...prose(part.text));
    else
      blocks.push({
        kind: 'code',
        text: fillCommand(part.text, given, part.language),
        ...(part.language && { language: part.language }),
      });
  }
  if (step.substeps.length > 0) {
    const items = step.substeps.map((each, at): Inline[] => [
      { kind: 'text', text: `${ticked.includes(at) ? '☑' : '☐'} ${fill(each, given)}` },
    ]);
    blocks.push({ kind: 'list', ordered: true, items });
  }
  const fields = fieldsOf(step, playbook, (source) => prose(source).flatMap(contentOf));
  fields.push(...stillToFill(step, playbook, given));
  return fields.length > 0 ? [...blocks, { kind: 'fields', fields }] : blocks;
}

/** Names that stand in a step as they were written, and how they are filled. */
export function unfilled(
  { body, substeps, expect, ifNot, ask }: PlaybookStep,
  playbook: Playbook,
  given: object,
): string[] {
  const declared = new Set(playbook.steps.flatMap((step) => step.ask));
  const written = [...body.map(({ text }) => text), ...substeps, expect ?? '', ifNot?.text ?? ''].flatMap(namesIn);
  return [...new Set(written)].filter(
    (name) => declared.has(name) && !ask.includes(name) && !Object.hasOwn(given, name),
  );
}

function stillToFill(step: PlaybookStep, playbook: Playbook, given: Record<string, string>): Field[] {
  const plain = (text: string): Inline => ({ kind: 'text', text });
  const missing = unfilled(step, playbook, given);
  const byHand = step.body.flatMap((part) =>
    part.kind === 'code'
      ? namesIn(fillCommand(part.text, given, part.language)).filter((name) => Object.hasOwn(given, name))
      : [],
  );
  return [
    ...missing.map((name) => ({
      label: `{${name}} is not known yet`,
      value: [{ kind: 'code' as const, text: `/incident value ${name}=…` }],
    })),
    ...[...new Set(byHand)].map((name) => ({
      label: `Put {${name}} in by hand`,
      value: [plain(`${given[name]} · it has characters that a shell reads, and stands where quotes are not enough`)],
    })),
  ];
}

type Field = { label: string; value: Inline[] };

function fieldsOf(step: PlaybookStep, playbook: Playbook, prose: (source: string) => Inline[]): Field[] {
  const plain = (value: string): Inline[] => [{ kind: 'text', text: value }];
  const fields: Field[] = [];
  if (step.expect !== null) fields.push({ label: 'Expect', value: prose(step.expect) });
  if (step.ifYes !== null) fields.push({ label: step.check?.yes ?? 'Yes', value: prose(step.ifYes) });
  if (step.ifNot !== null) {
    const target = step.ifNot.goto === null ? undefined : playbook.steps[step.ifNot.goto];
    const where = target === undefined ? [] : plain(` (step ${target.index + 1})`);
    fields.push({ label: step.check?.no ?? 'If not', value: [...prose(step.ifNot.text), ...where] });
  }
  const next = step.thenTo === null ? undefined : playbook.steps[step.thenTo];
  if (next !== undefined) fields.push({ label: 'Then', value: plain(`${next.title} (step ${next.index + 1})`) });
  if (step.rollBack !== null)
    fields.push({ label: 'Roll back', value: plain(`step ${step.rollBack.to + 1}, with /incident rollback`) });
  if (step.required) fields.push({ label: 'Required', value: plain('yes') });
  if (step.role !== null) fields.push({ label: 'Role', value: plain(step.role) });
  if (step.withinMs !== null) fields.push({ label: 'Within', value: plain(formatDuration(step.withinMs)) });
  if (step.approve !== null) fields.push({ label: 'Approve', value: plain(step.approve) });
  if (step.ask.length > 0) fields.push({ label: 'Ask', value: plain(step.ask.join(', ')) });
  return fields;
}

/** Only declared names, each on one line: a line break in an answer could hide a second command. */
function givenAnswers(playbook: Playbook, answers: Readonly<Record<string, string>>): Record<string, string> {
  const declared = new Set(playbook.steps.flatMap((step) => step.ask));
  return Object.fromEntries(
    Object.entries(answers).flatMap(([name, answer]) => (declared.has(name) ? [[name, literal(answer)]] : [])),
  );
}

/** An answer may stand in a link's path, never in its host: the words of a link must not lie about where it leads. */
const filledHref =
  (given: Record<string, string>) =>
  (href: string): string | null => {
    const written = webHref(href);
    const encoded = Object.entries(given).map(([name, answer]) => [name, encodeURIComponent(answer)]);
    const filled = webHref(fill(href, Object.fromEntries(encoded)));
    return written !== null && filled !== null && new URL(written).host === new URL(filled).host ? filled : null;
  };

function literalAnswers(blocks: readonly Block[], given: Record<string, string>): Block[] {
  const inline = (node: Inline): Inline => {
    if (node.kind === 'strong' || node.kind === 'emphasis') return { ...node, children: node.children.map(inline) };
    if (node.kind === 'text') return { ...node, text: fill(node.text, given) };
    if (node.kind === 'code') return { ...node, text: fillCommand(node.text, given) };
    return node.kind === 'link' ? { ...node, text: fill(node.text, given) } : node;
  };
  return blocks.map((block): Block => {
    if ('content' in block) return { ...block, content: block.content.map(inline) };
    if (block.kind === 'list') return { ...block, items: block.items.map((item) => item.map(inline)) };
    return block.kind === 'code' ? { ...block, text: fillCommand(block.text, given, block.language) } : block;
  });
}

/** A note is one line; a block that has no line of its own inside one gives its text. */
function contentOf(block: Block): Inline[] {
  if ('content' in block) return block.content;
  if (block.kind === 'list') return block.items.flat();
  return block.kind === 'code' ? [{ kind: 'code', text: block.text }] : [];
}
