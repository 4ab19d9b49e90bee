import { type Incident, isOpen } from '../incident/state.js';
import { type Block, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { webHref } from './markdown.js';
import { formatTime } from './zones.js';

/**
 * What may be known of an incident anywhere: its number, severity, status and times. Nothing in it comes from a
 * template, an alert or a person.
 * @param publicUrl without a slash at the end.
 */
export function outlineCard(incident: Incident, publicUrl: string): Card {
  const { number, severity, status, declaredAt, resolvedAt, closedAt, updates } = incident;
  const over = !isOpen(incident);
  const times: { label: string; at: number | null }[] = [
    { label: 'Declared', at: declaredAt },
    { label: 'Resolved', at: over ? resolvedAt : null },
    { label: 'Closed', at: over ? closedAt : null },
    { label: 'Next update', at: over ? null : updates.dueAt },
  ];
  const href = webHref(`${publicUrl}/incidents/${number}/status`);
  const next = !over && updates.dueAt !== null ? ` Next update: ${formatTime(updates.dueAt)}.` : '';
  return {
    tone: over ? 'good' : severity,
    summary: `Incident ${number}: ${severity}, ${status}.${next}`,
    blocks: [
      paragraph(strong(`Incident ${number}`), text(` · ${severity} · ${status}`)),
      {
        kind: 'fields',
        fields: times.flatMap(({ label, at }) => (at === null ? [] : [{ label, value: [time(at, 'date')] }])),
      },
      ...(href === null ? [] : [paragraph({ kind: 'link', text: 'How it stands now', href })]),
    ],
  };
}

/**
 * A message for a platform where the incident is not worked on: it calls nobody, points at no channel there is not,
 * and has nothing to press.
 */
export const asMirrored = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.flatMap((block): Block[] => {
    switch (block.kind) {
      case 'buttons':
        return [];
      case 'heading':
      case 'paragraph':
      case 'note':
      case 'quote':
        return [{ ...block, content: block.content.map(quiet) }];
      case 'list':
        return [{ ...block, items: block.items.map((item) => item.map(quiet)) }];
      case 'fields':
        return [{ ...block, fields: block.fields.map(({ label, value }) => ({ label, value: value.map(quiet) })) }];
      default:
        return [block];
    }
  }),
});

function quiet(inline: Inline): Inline {
  switch (inline.kind) {
    case 'person':
      return { ...inline, notify: false };
    case 'channel':
      return text(inline.label);
    case 'strong':
    case 'emphasis':
      return { ...inline, children: inline.children.map(quiet) };
    default:
      return inline;
  }
}
