import type { Block, Button, Card, Inline } from '../../messages/card.js';
import { literal, literalLines } from '../../messages/literal.js';
import { type Leaf, plain, type RichElement, type SlackBlock, type SlackMessage } from './blocks.js';
import { buttonElement, labelOf, shortLabel } from './buttons.js';
import { type Known, leaves, lineLeaves, literally } from './inline.js';
import { blocksPerMessage, elementsPerActions, elementsPerContext, headerText, jsonPerMessage } from './limits.js';
import { groups, jsonLength } from './pieces.js';

/** Longest block, and all of a message: room is left for a heading that moves over, and for the marks. JSON. */
const blockBudget = 5_000;
const messageBudget = jsonPerMessage - 1_700;
const mostBlocks = blocksPerMessage - 3;
/** Longest text of a notification. */
const longestSummary = 3_000;

/**
 * A card as the messages Slack takes, in the order they are to be posted: nearly always one, several when it is over
 * the limits. Never throws, leaves no word out, and only `person`, `link` and `channel` nodes mention or link.
 */
export function renderCard(card: Card, known: Known): SlackMessage[] {
  const counter = { next: 1 };
  const blocks = withTone(card).flatMap((block) => blocksOf(block, known, counter));
  const summary = literal(card.summary, longestSummary) || 'Muster has a message.';
  const alone = () =>
    rich(groups(literally(literal(card.summary) === '' ? summary : card.summary), blockBudget), section);
  const parts = partsOf(blocks.length > 0 ? blocks : alone());
  return parts.map((part, index) => ({
    text: escaped(parts.length === 1 ? summary : `${summary} (part ${index + 1} of ${parts.length})`),
    blocks: [...mark('from', index, parts.length), ...part, ...mark('on', index, parts.length)],
    parse: 'none',
    link_names: false,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  }));
}

/** The summary's words; a mention is broken by an invisible joiner too, wherever the text is read without our options. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\S)/g, '@\u2060');

/** Blocks have no colour, and a coloured attachment folds away what is long: the first line has the colour instead. */
const tones: Record<Card['tone'], string> = {
  neutral: '',
  sev1: '🔴 ',
  sev2: '🟠 ',
  sev3: '🟡 ',
  good: '🟢 ',
  warning: '⚠️ ',
};

function withTone({ tone, blocks }: Card): Block[] {
  const [first, ...rest] = blocks;
  if (first === undefined || !('content' in first) || tones[tone] === '') return [...blocks];
  return [{ ...first, content: [{ kind: 'text', text: tones[tone] }, ...first.content] }, ...rest];
}

/** Never a heading without what it stands over, while there is anything else. */
function partsOf(blocks: readonly SlackBlock[]): SlackBlock[][] {
  const parts = groups(blocks, messageBudget, mostBlocks);
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (next && part.length > 1 && part.at(-1)?.type === 'header') next.unshift(part.pop() as SlackBlock);
  }
  return parts;
}

function mark(which: 'from' | 'on', index: number, count: number): SlackBlock[] {
  if (index === (which === 'from' ? 0 : count - 1)) return [];
  const text =
    which === 'from' ? `Part ${index + 1} of ${count}, continued` : `Part ${index + 1} of ${count}, more below`;
  return [{ type: 'context', block_id: `continued-${which}`, elements: [plain(text)] }];
}

function blocksOf(block: Block, known: Known, counter: { next: number }): SlackBlock[] {
  switch (block.kind) {
    case 'heading':
      return headingBlocks(block.content, known);
    case 'paragraph':
      return rich(groups(leaves(block.content, known), blockBudget), section);
    case 'note':
      return noteBlocks(leaves(block.content, known));
    case 'quote':
      return rich(groups(leaves(block.content, known), blockBudget), (elements) => ({
        type: 'rich_text_quote',
        elements,
      }));
    case 'list':
      return listBlocks(block, known);
    case 'code':
      return rich(groups(lineLeaves(literalLines(block.text, Number.MAX_SAFE_INTEGER)), blockBudget), (elements) => ({
        type: 'rich_text_preformatted',
        elements,
      }));
    case 'fields':
      return fieldBlocks(block, known);
    case 'buttons':
      return buttonBlocks(block.buttons, counter);
    case 'divider':
      return [{ type: 'divider' }];
  }
}

const isBlank = (line: readonly Leaf[]): boolean =>
  line.every((leaf) => leaf.type === 'text' && leaf.text.trim() === '');

const section = (elements: Leaf[]): RichElement => ({ type: 'rich_text_section', elements });

/** A block of rich text for each line that has words. */
const rich = (lines: readonly Leaf[][], shape: (line: Leaf[]) => RichElement): SlackBlock[] =>
  lines.filter((line) => !isBlank(line)).map((line) => ({ type: 'rich_text', elements: [shape(line)] }));

function headingBlocks(content: readonly Inline[], known: Known): SlackBlock[] {
  const line = leaves(content, known);
  const text = line
    .map((leaf) => (leaf.type === 'text' ? leaf.text : ''))
    .join('')
    .trim();
  const fits = line.every(({ type }) => type === 'text') && text.length <= headerText;
  if (fits) return text === '' ? [] : [{ type: 'header', text: plain(text) }];
  return rich(groups(leaves(content, known, { bold: true }), blockBudget), section);
}

/** Small print where it can be: it takes words and times, no links, and no format that could come from a word. */
function noteBlocks(line: readonly Leaf[]): SlackBlock[] {
  const shown = line.filter((leaf) => !isBlank([leaf]));
  const small = shown.flatMap((leaf): (ReturnType<typeof plain> | ReturnType<typeof timeText>)[] =>
    leaf.style ? [] : leaf.type === 'text' ? [plain(leaf.text)] : leaf.type === 'date' ? [timeText(leaf)] : [],
  );
  const fits = small.length === shown.length && small.length <= elementsPerContext && jsonLength(small) <= blockBudget;
  if (!fits) return rich(groups(line, blockBudget), section);
  return small.length > 0 ? [{ type: 'context', elements: small }] : [];
}

const timeText = ({ timestamp, format, fallback }: Extract<Leaf, { type: 'date' }>) =>
  ({ type: 'mrkdwn', text: `<!date^${timestamp}^${format}|${fallback}>`, verbatim: true }) as const;

/** An item too long for one block goes on below the list, which then counts on from where it was. */
function listBlocks({ ordered, items }: Extract<Block, { kind: 'list' }>, known: Known): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let run: { from: number; lines: Leaf[][] } = { from: 0, lines: [] };
  const flush = (next: number): void => {
    for (const lines of groups(run.lines, blockBudget)) {
      const elements = lines.map((line) => ({ type: 'rich_text_section' as const, elements: line }));
      const offset = ordered && run.from > 0 ? { offset: run.from } : {};
      const style = ordered ? 'ordered' : 'bullet';
      blocks.push({ type: 'rich_text', elements: [{ type: 'rich_text_list', style, ...offset, elements }] });
      run.from += lines.length;
    }
    run = { from: next, lines: [] };
  };
  for (const [index, item] of items.entries()) {
    const [first = [], ...rest] = groups(leaves(item, known), blockBudget);
    // Slack takes no item without words; the next one keeps its number.
    if (isBlank(first) && rest.length === 0) flush(index + 1);
    else run.lines.push(first);
    if (rest.length > 0) {
      flush(index + 1);
      blocks.push(...rich(rest, section));
    }
  }
  flush(0);
  return blocks;
}

/** One line for each, the label bold. Slack's own fields take no literal text beside a bold one. */
function fieldBlocks({ fields }: Extract<Block, { kind: 'fields' }>, known: Known): SlackBlock[] {
  const lines = fields.flatMap(({ label, value }) => {
    const name = literal(label, Number.MAX_SAFE_INTEGER);
    const named = name === '' ? [] : [...literally(`${name}:`, { bold: true }), ...literally(' ')];
    return groups([...named, ...leaves(value, known)], blockBudget);
  });
  const shown = lines.filter((line) => !isBlank(line));
  return groups(shown, blockBudget).map((some) => ({
    type: 'rich_text',
    elements: [
      section(some.flatMap((line, index): Leaf[] => (index > 0 ? [{ type: 'text', text: '\n' }, ...line] : line))),
    ],
  }));
}

/** A label that is cut is written out above; a command no button takes is there to be typed. */
function buttonBlocks(buttons: readonly Button[], counter: { next: number }): SlackBlock[] {
  const made = buttons.map((button) => ({ button, element: buttonElement(button, counter.next++) }));
  const spoken = made.flatMap(({ button, element }) => {
    if (element === null) return [[...literally(`${labelOf(button)}: `), ...literally(button.command, { code: true })]];
    return shortLabel(button) === labelOf(button) ? [] : [literally(labelOf(button))];
  });
  const elements = made.flatMap(({ element }) => element ?? []);
  return [
    ...rich(
      spoken.flatMap((line) => groups(line, blockBudget)),
      section,
    ),
    ...groups(elements, blockBudget, elementsPerActions).map((some) => ({ type: 'actions' as const, elements: some })),
  ];
}
