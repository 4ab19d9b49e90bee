import type { TimelineEvent } from '../incident/events.js';
import type { Saying } from '../incident/jobs.js';
import { type Incident, isOpen } from '../incident/state.js';
import { type Block, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { webHref } from './markdown.js';
import { formatTime } from './zones.js';

type Moved = Extract<TimelineEvent, { type: 'platformLost' | 'platformBack' }>;
export type OutageSaying = Extract<Saying, 'platform-lost' | 'platform-back' | 'channel-lost'>;

/** Adapter names that are no names among people. */
const sayAs: Record<string, string> = { web: 'the web room' };
/** What a chat platform is called among people; it stands inside a sentence. */
export const placeName = (platform: string): string => sayAs[platform] ?? literal(capital(platform), 40);
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `Incident 42, Registry: pushes fail`; who may not be in it learns no title. */
const called = ({ number, title, drill }: Incident, open = true): string =>
  `${drill ? 'Drill: ' : ''}Incident ${number}${open ? `, ${literal(title, 200)}` : ''}`;

/** The incident's page, which everybody may open who is in it. */
function page({ number }: Incident, publicUrl: string): Block[] {
  const href = webHref(`${publicUrl}/incidents/${number}/timeline`);
  return href === null ? [] : [paragraph({ kind: 'link', text: 'What has happened', href })];
}

/** What is said of a change of place, besides what was missed. @param publicUrl without a slash at the end. */
export function movedCard(
  say: OutageSaying,
  incident: Incident,
  { body }: Pick<Moved, 'body'>,
  publicUrl: string,
): Card {
  const { platform, standIn, since } = body;
  const there = placeName(standIn);
  const tone = isOpen(incident) ? incident.severity : 'neutral';
  if (say === 'platform-back') {
    const known = incident.channels[platform]?.name;
    const where = known === undefined ? 'its channel is opened there' : `its channel is #${literal(known, 80)}`;
    const words = `${capital(placeName(platform))} is back, and ${called(incident, false)} goes on there: ${where}.`;
    return {
      tone: 'good',
      summary: words,
      blocks: [
        paragraph(strong(words)),
        paragraph(
          text(`It was away from `),
          time(since),
          text(
            '. Everybody is invited there, and what happened meanwhile is told there. Here only the pinned card is kept up to date; this can still be read.',
          ),
        ),
      ],
    };
  }
  if (say === 'channel-lost') {
    const name = incident.channels[platform]?.name;
    const channel = name === undefined ? 'its channel' : `#${literal(name, 80)}`;
    const isPrivate = incident.visibility === 'private';
    const words = `${called(incident, !isPrivate)}: ${channel} on ${placeName(platform)} cannot be used, so it goes on in ${there}.`;
    const why = 'why' in body ? literal(body.why, 300) : '';
    return {
      tone: 'warning',
      summary: words,
      blocks: [
        paragraph(strong(words)),
        ...(why === '' ? [] : [paragraph(strong('Error: '), text(why))]),
        paragraph(
          text(
            'Was the channel archived, or Muster removed from it? Bring it back or invite Muster again; it looks every few minutes and goes on there by itself.',
          ),
        ),
      ],
    };
  }
  const gone =
    'of' in body && body.of === 'channel'
      ? `Its channel on ${placeName(platform)} cannot be used`
      : `${capital(placeName(platform))} has not answered since ${formatTime(since)}`;
  const words = `${called(incident)} goes on in ${there}. ${gone}.`;
  const sentence: Inline[] =
    'of' in body && body.of === 'channel'
      ? [text(`${gone}.`)]
      : [text(`${capital(placeName(platform))} has not answered since `), time(since), text('.')];
  return {
    tone,
    summary: words,
    blocks: [
      paragraph(strong(`${called(incident)} goes on in ${there}.`), text(' '), ...sentence),
      paragraph({
        kind: 'channel',
        channel: { to: 'incident', incidentId: incident.id },
        label: `incident ${incident.number}`,
      }),
      ...page(incident, publicUrl),
    ],
  };
}

/** For whoever runs Muster. `why`: what the platform, or the way to it, said last. */
export function outageTold(about: {
  platform: string;
  standIn: string;
  since: number;
  why: string | null;
  how: 'lost' | 'back';
}): Card {
  const name = capital(placeName(about.platform));
  const there = placeName(about.standIn);
  if (about.how === 'back') {
    const words = `${name} is back. Incidents go on there again, and hear what they missed.`;
    return { tone: 'good', summary: words, blocks: [paragraph(strong(words))] };
  }
  const words = `${name} has not answered since ${formatTime(about.since)}, so incidents go on in ${there}.`;
  return {
    tone: 'warning',
    summary: words,
    blocks: [
      paragraph(
        strong(`${name} has not answered since `),
        time(about.since),
        strong(`, so incidents go on in ${there}.`),
      ),
      ...(about.why ? [paragraph(strong('It said: '), text(literal(about.why, 300)))] : []),
      paragraph(
        text(
          'Muster asks it at least once a minute and goes back by itself. Nothing has to be done here, unless the error names something only you can put right.',
        ),
      ),
    ],
  };
}
