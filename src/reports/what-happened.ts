import { formatElsewhere } from '../messages/zones.js';
import type { Told } from './postmortem.js';
import { ofType, type Span, spans } from './spans.js';
import { actorName, nameOf } from './timeline-words.js';
import {
  bullets,
  count,
  gap,
  inCell,
  instant,
  type Markdown,
  outside,
  prompt,
  redacted,
  section,
  span,
  table,
} from './write.js';

export function overview({ incident, timeline, names, zones, alerts }: Told): Markdown {
  const began = incident.impactStartedAt ?? incident.firstAlertAt ?? incident.declaredAt ?? incident.openedAt;
  const elsewhere = formatElsewhere(began, zones);
  const { commander } = incident.roles;
  const ending = ofType(timeline, 'resolved').at(-1);
  const summary = ending?.redacted ? redacted : ending?.body.summary && outside(ending.body.summary);
  return section(
    'Overview',
    incident.drill ? gap('This was a drill. Nothing of it counts in the figures.') : '',
    bullets([
      `Incident ${incident.number ?? 'without a number'}, ${incident.visibility}, ${incident.status}`,
      `Severity: ${incident.severity}, because ${outside(incident.severityReason)}`,
      `Services: ${incident.services.length > 0 ? incident.services.map(outside).join(', ') : gap('none named')}`,
      `Began: ${instant(began)}${elsewhere && ` (${elsewhere})`}`,
      `Ended: ${incident.resolvedAt === null ? gap('not resolved') : `${instant(incident.resolvedAt)}, after ${span(Math.max(0, incident.resolvedAt - began))}`}`,
      `Commander: ${commander === undefined ? gap('nobody') : outside(nameOf(commander, names))}`,
      `Alerts: ${alerts.total}${alerts.firing > 0 ? `, ${gap(`${alerts.firing} still firing`)}` : ''}`,
      ...(summary ? [`As resolved: ${summary}`] : []),
      ...(incident.outcome?.automatic ? [`How it ended: ${outside(incident.outcome.reason)}`] : []),
    ]),
    prompt('In two or three sentences: what happened, to whom, and how did it end?'),
  );
}

/** Only what people said; nothing about the impact is made up. */
export function impact({ timeline, names }: Told): Markdown {
  const said = ofType(timeline, 'impactStated').map((event) => [
    instant(event.at),
    inCell(actorName(event.actor, names)),
    event.redacted ? redacted : inCell(event.body.text),
  ]);
  return section(
    'Impact',
    said.length > 0 ? table(['When', 'Who', 'Impact, as stated'], said) : gap('Nobody stated the impact.'),
    prompt('In numbers: how many people, builds, pushes or deployments, and for how long?'),
  );
}

const endWords = (end: { what: string; at: number } | null): Markdown =>
  end ? `${end.what}, ${instant(end.at)}` : gap('not known');
const took = (each: Span): Markdown => ('tookMs' in each ? span(each.tookMs) : `${gap('not known:')} ${each.unknown}`);

export function times({ incident, timeline }: Told): Markdown {
  const reopened = ofType(timeline, 'reopened');
  return section(
    'Times',
    table(
      ['Time to', 'From', 'To', 'Took'],
      spans(incident, timeline).map((each) => [each.name, endWords(each.from), endWords(each.to), took(each)]),
    ),
    reopened.length > 0
      ? `Reopened ${count(reopened.length, 'time')} (${reopened.map(({ at }) => instant(at)).join(', ')}); mitigated and resolved are the last ones.`
      : '',
  );
}

export function severityHistory({ timeline, names }: Told): Markdown {
  const rows = timeline.flatMap((event): Markdown[][] => {
    if (event.type !== 'declared' && event.type !== 'severityChanged' && event.type !== 'triaged') return [];
    const when = instant(event.at);
    const setBy = event.type === 'severityChanged' ? event.body.setBy : event.body.severitySetBy;
    const who = setBy === 'machine' ? 'Muster' : inCell(actorName(event.actor, names));
    if (event.redacted) return [[when, redacted, who, redacted]];
    if (event.type === 'severityChanged')
      return [[when, `${event.body.from} to ${event.body.to}`, who, inCell(event.body.reason)]];
    return [[when, event.body.severity, who, inCell(event.body.severityReason)]];
  });
  return section(
    'Severity history',
    table(['When', 'Severity', 'By', 'Because'], rows),
    prompt('Was the severity right from the beginning? Which trigger would have set it?'),
  );
}

export function detection({ incident, alerts, timeline }: Told): Markdown {
  const rows = alerts.names.map(({ name, count: times_, firstAt, lastEndedAt, hosts }) => [
    inCell(name),
    String(times_),
    instant(firstAt),
    lastEndedAt === null ? gap('still firing') : instant(lastEndedAt),
    hosts.map(inCell).join(', '),
  ]);
  const missed = ofType(timeline, 'acknowledgeMissed').filter(({ body }) => !body.again).length;
  return section(
    'Detection',
    incident.firstAlertAt === null ? gap('No alert came: people found it.') : '',
    table(['Alert', 'Times', 'First fired', 'Last cleared', 'Hosts'], rows),
    missed > 0 ? `Nobody acknowledged in time: ${count(missed, 'reminder')}.` : '',
    prompt('How would the time to detect be halved?'),
  );
}
