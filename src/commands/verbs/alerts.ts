import { type Block, type Inline, paragraph, strong, text, time } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { called, sayCard } from '../answers.js';
import type { Verb } from '../verb.js';

const shown = 15;

export const alerts: Verb = {
  name: 'alerts',
  aliases: ['firing', 'show-alerts'],
  group: 'Open and find',
  usage: 'alerts',
  examples: ['alerts'],
  help: 'The alerts of an incident, and whether they fire.',
  plain: true,
  alone: true,
  where: 'incident',
  async read(_, about) {
    const { alerts: all, total } = await about.reads.alerts(about.viewer, about.incident.id, {
      limit: shown,
      offset: 0,
    });
    const { firing, total: known } = about.incident.alerts;
    const summary =
      total === 0
        ? `${called(about.incident)} has no alerts: a person declared it.`
        : `${called(about.incident)}: ${firing} of ${known} alert${known === 1 ? '' : 's'} firing.`;
    const items = all.map((episode): Inline[] => [
      strong(episode.state === 'firing' ? 'firing ' : 'cleared '),
      text(`${literal(episode.name, 200)} · since `),
      time(episode.startedAt, 'date'),
      ...(episode.summary ? [text(` · ${literal(episode.summary, 200)}`)] : []),
    ]);
    const blocks: Block[] = [paragraph(text(summary))];
    if (items.length > 0) blocks.push({ kind: 'list', ordered: false, items });
    if (total > all.length) blocks.push(paragraph(text(`and ${total - all.length} more.`)));
    return sayCard({ tone: about.incident.severity, summary, blocks });
  },
};
