import type { Block, Button, Inline } from '../../messages/card.js';
import { literal, literalLines } from '../../messages/literal.js';
import { BREAK, quiet } from './escape.js';
import { cutUp, type Known, line, partsOf } from './inline.js';
import { type Action, type Field, jsonSize } from './post.js';

/** Text a post may end in the middle of: between any two parts. */
export interface TextPiece {
  kind: 'text';
  parts: string[];
  write(parts: readonly string[]): string;
  /** The next line of the same list, rather than a paragraph of its own. */
  tight?: boolean;
}
export type Piece = TextPiece | { kind: 'field'; field: Field } | { kind: 'button'; action: Action };

export interface Surroundings extends Known {
  /** Where clicks go. */
  actionUrl: string;
  /** What goes along with a click beside the command: a signature. */
  context(button: Button): Record<string, unknown>;
}

/** Characters of a cut piece of code; of the longest field beside others; of a field that shares its row; of a label. */
const CODE_PART = 1_000;
const FIELD_LIMIT = 1_500;
const SHORT_LIMIT = 40;
const LABEL_LIMIT = 100;
/** JSON of the largest button; a longer command is shown to be typed. */
const BUTTON_LIMIT = 4_000;

/** A fence is longer than any run of backticks inside, so none is long. */
const LONG_RUN = /`{10}(?=`)/g;
const RULE = '---';
/** These are drawn as formulas. */
const FORMULAS = ['latex', 'tex', 'katex', 'math'];

export function piecesOf(blocks: readonly Block[], around: Surroundings): Piece[] {
  const buttonId = counter();
  return blocks.flatMap((block, index) => {
    const pieces = blockPieces(block, around, buttonId);
    // Two lists in a row would be one, counted on.
    const again = block.kind === 'list' && blocks[index - 1]?.kind === 'list';
    return again ? [ruled(RULE), ...pieces] : pieces;
  });
}

const counter = (): (() => string) => {
  let last = 0;
  return () => `b${++last}`;
};

const ruled = (rule: string): TextPiece => ({ kind: 'text', parts: [rule], write: () => rule });

function blockPieces(block: Block, around: Surroundings, buttonId: () => string): Piece[] {
  const text = (content: readonly Inline[], before = '', tight = false): TextPiece[] => {
    const parts = partsOf(content, around);
    if (line(parts) === '') return [];
    return [{ kind: 'text', parts, write: (some) => before + line(some), tight }];
  };
  switch (block.kind) {
    case 'heading':
      return text(block.content, '#### ');
    case 'paragraph':
      return text(block.content);
    case 'note':
      return text([{ kind: 'emphasis', children: block.content }]);
    case 'quote':
      return text(block.content, '> ');
    case 'list':
      return block.items.flatMap((item, index) => text(item, block.ordered ? `${index + 1}. ` : '- ', index > 0));
    case 'code':
      return codePieces(block.text, block.language);
    case 'divider':
      return [ruled(RULE)];
    case 'fields':
      return block.fields.flatMap(({ label, value }): Piece[] => {
        const title = line(partsOf([{ kind: 'text', text: label }], around));
        const written = line(partsOf(value, around));
        const field: Field = { title, value: written, short: plainLength(value) <= SHORT_LIMIT };
        if (title === '' && written === '') return [];
        // Older servers tell nobody who is named in a field.
        if (jsonSize(field) <= FIELD_LIMIT && !notifies(value)) return [{ kind: 'field', field }];
        return text([
          { kind: 'strong', children: [{ kind: 'text', text: `${label}:` }] },
          { kind: 'text', text: ' ' },
          ...value,
        ]);
      });
    case 'buttons':
      return block.buttons.flatMap((button): Piece[] => {
        const action = actionOf(button, buttonId(), around);
        if (jsonSize(action) <= BUTTON_LIMIT) return [{ kind: 'button', action }];
        return text([
          { kind: 'text', text: `${button.label}: ` },
          { kind: 'code', text: button.command },
        ]);
      });
  }
}

const notifies = (content: readonly Inline[]): boolean =>
  content.some((node) => ('children' in node ? notifies(node.children) : node.kind === 'person' && node.notify));

const plainLength = (content: readonly Inline[]): number =>
  content.reduce((length, node) => {
    if ('children' in node) return length + plainLength(node.children);
    if (node.kind === 'time') return length + 16;
    return length + (node.kind === 'person' ? node.name : node.kind === 'channel' ? node.label : node.text).length;
  }, 0);

function codePieces(code: string, language = ''): TextPiece[] {
  const text = literalLines(code, Number.MAX_SAFE_INTEGER).replace(LONG_RUN, `$&${BREAK}`);
  if (text === '') return [];
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  const named = /^[\w+-]{1,20}$/.test(language) && !FORMULAS.includes(language.toLowerCase()) ? language : '';
  const parts = text.split(/(?<=\n)/).flatMap((each) => cutUp(each, CODE_PART));
  return [{ kind: 'text', parts, write: (some) => `${fence}${named}\n${some.join('').replace(/\n$/, '')}\n${fence}` }];
}

/** `dialog`: ask for one line before the command runs; the answer is put behind it. */
function actionOf(button: Button, id: string, around: Surroundings): Action {
  const { label, command, incidentId, style, input } = button;
  return {
    id,
    name: quiet(literal(label, LABEL_LIMIT)) || 'Run',
    type: 'button',
    ...(style && { style }),
    integration: {
      url: around.actionUrl,
      context: {
        command,
        ...(incidentId !== undefined && { incidentId }),
        ...(input && { dialog: input }),
        ...around.context(button),
      },
    },
  };
}
