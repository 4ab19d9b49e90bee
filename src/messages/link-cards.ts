import type { TimelineEvent } from '../incident/events.js';
import type { Saying } from '../incident/jobs.js';
import { type Link, nameOf, type Other } from '../incident/links.js';
import type { Incident } from '../incident/state.js';
import { type Card, type Inline, paragraph, strong, text } from './card.js';
import { count } from './count.js';
import { literal } from './literal.js';
import { channelName } from './names.js';
import { stormOverCard } from './noise-cards.js';

export type LinkSaying = Extract<Saying, 'merged' | 'split' | 'storm-over'>;
export const isLinkSaying = (say: Saying): say is LinkSaying =>
  say === 'merged' || say === 'split' || say === 'storm-over';

const titleKept = 200;
const reasonKept = 500;
const titled = ({ number, title }: Other): string => `#${number} ${literal(title, titleKept)}`;

const channelOf = ({ incidentId, number, title }: Other, isPrivate: boolean): Inline[] =>
  number === null
    ? []
    : [
        {
          kind: 'channel',
          channel: { to: 'incident', incidentId },
          label: `#${channelName(number, title, isPrivate)}`,
        },
      ];

/** Said once where it was worked on: where it goes on from here. */
export function linkCard(incident: Incident, event: TimelineEvent): Card {
  if (event.type === 'stormEnded') return stormOverCard(incident, event);
  const isPrivate = incident.visibility === 'private';
  const drill = incident.drill ? 'Drill: ' : '';
  if (event.type === 'mergedInto') {
    const { other, reason } = event.body;
    const words = `${drill}#${incident.number} is merged into ${titled(other)}.`;
    return {
      tone: 'neutral',
      summary: words,
      blocks: [
        paragraph(strong(words), text(reason ? ` Because: ${literal(reason, reasonKept)}` : '')),
        paragraph(
          text('Its alerts, follow-ups and people are there now. Go on there: '),
          ...channelOf(other, isPrivate),
        ),
      ],
    };
  }
  if (event.type !== 'splitInto') throw new Error(`Nothing of ${event.type} is said about two incidents.`);
  const { other, alerts, left } = event.body;
  const went = alerts.total === 0 ? 'Part of this' : count(alerts.total, 'alert');
  const words = `${drill}${went} goes on in ${titled(other)}.`.replace(/(\d+ alerts) goes/, '$1 go');
  return {
    tone: incident.severity,
    summary: words,
    blocks: [
      paragraph(strong(words)),
      paragraph(
        text(
          `${count(left.total, 'alert')} stay here, ${left.firing} firing. `.replace('1 alert stay ', '1 alert stays '),
        ),
        ...channelOf(other, isPrivate),
      ),
    ],
  };
}

const how: Record<Link['how'], string> = {
  related: 'linked with',
  'merged-into': 'merged into',
  'merged-from': 'merged from',
  'split-into': 'split into',
  'split-from': 'split from',
};
const linksShown = 5;

/** What it belongs to, the latest first, for the card. */
export function linkField({ links = [] }: Pick<Incident, 'links'>): { label: string; value: Inline[] }[] {
  if (links.length === 0) return [];
  const shown = [...links].reverse().slice(0, linksShown);
  const words = shown.map((each) => {
    const other = each.number === null ? literal(nameOf(each), titleKept) : titled(each);
    return `${how[each.how]} ${other}${each.reason ? `, because ${literal(each.reason, titleKept)}` : ''}`;
  });
  const more = links.length - shown.length;
  return [{ label: 'Belongs together', value: [text(`${words.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`)] }];
}
