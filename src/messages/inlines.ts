import type { Block, Card, Inline } from './card.js';
import { formatTime, isZone } from './zones.js';

/** The same block with each piece of its text as `change` makes it, those inside others too. */
function withInlines(block: Block, change: (content: readonly Inline[]) => Inline[]): Block {
  const deep = (content: readonly Inline[]): Inline[] =>
    change(content).map((node) =>
      node.kind === 'strong' || node.kind === 'emphasis' ? { ...node, children: deep(node.children) } : node,
    );
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
    case 'note':
    case 'quote':
      return { ...block, content: deep(block.content) };
    case 'list':
      return { ...block, items: block.items.map(deep) };
    case 'fields':
      return { ...block, fields: block.fields.map(({ label, value }) => ({ label, value: deep(value) })) };
    default:
      return block;
  }
}

/** Times with those of the reader's zone beside them, where they do not stand there already. */
export function inZone(card: Card, zone: string | null): Card {
  if (zone === null || !isZone(zone) || formatTime(0, zone) === formatTime(0)) return card;
  const beside = (content: readonly Inline[]): Inline[] =>
    content.flatMap((node, index): Inline[] => {
      const next = content[index + 1];
      const has = next?.kind === 'text' && next.text.startsWith(' (') && next.text.includes(zone);
      return node.kind === 'time' && !has ? [node, { kind: 'text', text: ` (${formatTime(node.at, zone)})` }] : [node];
    });
  return { ...card, blocks: card.blocks.map((block) => withInlines(block, beside)) };
}
