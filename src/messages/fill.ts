import type { Block, Inline } from './card.js';
import { BLOCK_LIMIT, INLINE_LIMIT, literal, literalLines } from './literal.js';
import { inlineText, merged } from './plain.js';
import { isPlaceholder, PLACEHOLDER, type Slot } from './words.js';

/** Most characters of outside text in one message; what comes later is cut to an ellipsis. */
const TEXT_LIMIT = 40_000;

/**
 * Puts the values where their placeholders stand. Values are never parsed and never read for placeholders themselves:
 * outside text becomes a `text` node, or the literal content of code.
 */
export function fill(blocks: readonly Block[], slots: readonly Slot[]): Block[] {
  let left = TEXT_LIMIT;

  const shown = (value: string, inBlock: boolean): string => {
    if (left <= 0) return '…';
    const limit = inBlock ? BLOCK_LIMIT : INLINE_LIMIT;
    const text = inBlock ? literalLines(value, Math.min(limit, left)) : literal(value, Math.min(limit, left));
    left -= text.length;
    return text;
  };

  const slotInlines = (slot: Slot | undefined): Inline[] => {
    if (slot === undefined) return [];
    if ('content' in slot) return slot.content;
    if ('href' in slot) return [{ kind: 'link', text: shown(slot.label, false), href: slot.href }];
    return [{ kind: 'text', text: shown(slot.text, false) }];
  };

  const slotText = (slot: Slot | undefined, inBlock: boolean): string => {
    if (slot === undefined) return '';
    if ('content' in slot) return inlineText(slot.content);
    return shown('href' in slot ? slot.href : slot.text, inBlock);
  };

  const slotOf = (digits: string | undefined): Slot | undefined => slots[Number(digits)];
  const fillText = (text: string, inBlock = false): string =>
    text.replace(PLACEHOLDER, (_, digits: string) => slotText(slotOf(digits), inBlock));

  /** Splitting by a pattern with one group puts the group's match at every odd place. */
  const split = (text: string): Inline[] =>
    text
      .split(PLACEHOLDER)
      .flatMap((part, index): Inline[] =>
        index % 2 === 1 ? slotInlines(slotOf(part)) : [{ kind: 'text', text: part }],
      );

  const fillInline = (node: Inline): Inline[] => {
    switch (node.kind) {
      case 'text':
        return split(node.text);
      case 'strong':
      case 'emphasis':
        return [{ kind: node.kind, children: fillInlines(node.children) }];
      case 'code':
        return [{ kind: 'code', text: fillText(node.text) }];
      case 'link': {
        const text = fillText(node.text);
        if (!isPlaceholder(node.href)) return [{ ...node, text }];
        const slot = slotOf(node.href.slice(1, -1));
        if (slot !== undefined && 'href' in slot) return [{ kind: 'link', text, href: slot.href }];
        return [{ kind: 'text', text: `[${text}](${slotText(slot, false)})` }];
      }
      default:
        return [node];
    }
  };

  const fillInlines = (content: readonly Inline[]): Inline[] => merged(content.flatMap(fillInline));

  return blocks.map((block): Block => {
    switch (block.kind) {
      case 'heading':
      case 'paragraph':
      case 'quote':
      case 'note':
        return { kind: block.kind, content: fillInlines(block.content) };
      case 'list':
        return { ...block, items: block.items.map(fillInlines) };
      case 'code':
        return { ...block, text: fillText(block.text, true) };
      default:
        return block;
    }
  });
}
