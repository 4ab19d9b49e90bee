import { approversWords, requestsOf } from '../incident/approvals.js';
import type { Told } from './postmortem.js';
import { ofType } from './spans.js';
import { nameOf } from './timeline-words.js';
import { bullets, gap, inCell, instant, type Markdown, outside, prompt, redacted, section, table } from './write.js';

/** What was asked of others, how they answered, and whether it was right to go ahead without. Nothing where nobody asked. */
export function approvals({ incident, timeline, names }: Told): Markdown {
  const requests = requestsOf(incident);
  const broken = ofType(timeline, 'glassBroken');
  if (requests.length === 0 && broken.length === 0) return '' as Markdown;
  const who = (personId: string | null): Markdown =>
    personId === null ? gap('nobody') : inCell(nameOf(personId, names));
  const ends: Record<(typeof requests)[number]['state'], string> = {
    asked: gap('never answered'),
    given: 'approved',
    declined: 'declined',
    lapsed: gap('nobody answered in time'),
    broken: gap('gone ahead without'),
    dropped: 'not needed any more',
  };
  const rows = requests.map((request) => [
    String(request.id),
    inCell(request.step ? `Step ${request.step.index + 1}: ${request.what}` : request.what),
    who(request.askedBy),
    inCell(approversWords(request.levels)),
    [ends[request.state], request.said === null ? '' : inCell(request.said)].filter((part) => part !== '').join(': '),
    request.given.length > 0 ? request.given.map((each) => who(each)).join(', ') : who(request.by),
    request.endedAt === null ? '' : instant(request.endedAt),
  ]);
  const alone = broken.map(
    (event) =>
      (event.redacted
        ? redacted
        : `${instant(event.at)}: ${outside(nameOf(event.actor.kind === 'person' ? event.actor.personId : '', names))} went ahead alone with ${outside(event.body.what)}, because ${outside(event.body.reason)}`) as Markdown,
  );
  return section(
    'Approvals',
    rows.length > 0 ? table(['No.', 'What', 'Asked by', 'Of', 'Outcome', 'By', 'When'], rows) : '',
    alone.length > 0 ? bullets(alone) : '',
    ...broken.map((event) =>
      prompt(event.redacted ? 'Was it right to go ahead alone?' : outside(event.body.followUp.text)),
    ),
  );
}
