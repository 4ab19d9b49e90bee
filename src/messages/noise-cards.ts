import type { TimelineEvent } from '../incident/events.js';
import { type Incident, isDeclared, isOpen } from '../incident/state.js';
import { type Block, type Button, buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { count } from './count.js';
import { literal } from './literal.js';
import { countsWords } from './noise-words.js';
import { incidentButton } from './sensible-now.js';

const wordsKept = 600;
const nameKept = 80;
const onLabel = 40;
const flappingShown = 3;
const partsOffered = 3;

type Field = { label: string; value: Inline[] };

/** Alerts that are too many, and those that come and go. */
export function noiseFields({ storm, flapping = [] }: Incident): Field[] {
  const fields: Field[] = [];
  if (storm) {
    const when = storm.endedAt === null ? [] : [text(', over at '), time(storm.endedAt)];
    fields.push({
      label: 'Alert storm',
      value: [
        text(`${count(storm.alerts, 'alert')} of ${literal(storm.source, nameKept)} since `),
        time(storm.since),
        ...when,
        text(` · ${literal(countsWords(storm.counts), wordsKept)}`),
      ],
    });
  }
  if (flapping.length > 0)
    fields.push({
      label: 'Comes and goes',
      value: flapping
        .slice(-flappingShown)
        .flatMap(({ name, times, since }, i) => [
          text(`${i > 0 ? ' · ' : ''}${literal(name, nameKept)} ${times} times since `),
          time(since),
        ]),
    });
  return fields;
}

const splitting = (incident: Incident, what: string, title: string): Button =>
  incidentButton(
    incident,
    `Split off ${literal(what, onLabel)}`,
    `split ${literal(what, wordsKept)} as ${literal(title, wordsKept)}`,
  );

/** Said on the card and nowhere else: whoever works on it decides. */
export function unlikeOffer(incident: Incident): Block[] {
  const { unlike } = incident;
  const [name] = unlike?.names ?? [];
  if (!unlike || name === undefined || !isOpen(incident) || !isDeclared(incident)) return [];
  if ((incident.links ?? []).some(({ how }) => how === 'split-into')) return [];
  const hosts = unlike.hosts.length > 0 ? ` on ${unlike.hosts.join(', ')}` : '';
  const words = `${unlike.names.join(', ')}${hosts} may be something else: it has nothing in common with the other alerts.`;
  return [paragraph(text(literal(words, wordsKept))), buttons(splitting(incident, name, name))];
}

/** Said once when a storm is over: what was in it, and how parts of it go elsewhere. */
export function stormOverCard(incident: Incident, event: Extract<TimelineEvent, { type: 'stormEnded' }>): Card {
  const { source, alerts, counts } = event.body;
  const words = `${incident.drill ? 'Drill: ' : ''}The alert storm from ${literal(source, nameKept)} is over: ${count(alerts, 'alert')}.`;
  const { '': _, ...services } = counts.service;
  const parts = Object.entries(services)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, partsOffered);
  const own = parts.length > 1 ? [buttons(...parts.map(([service]) => splitting(incident, service, service)))] : [];
  return {
    tone: incident.severity,
    summary: words,
    blocks: [
      paragraph(strong(words), text(` What comes now goes its usual way again.`)),
      paragraph(text(literal(countsWords(counts), wordsKept))),
      ...own,
    ],
  };
}
