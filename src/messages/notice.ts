import type { NoticeKind } from '../incident/audiences.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Saying, TaskDraft } from '../incident/jobs.js';
import { mergedInto, nameOf } from '../incident/links.js';
import type { Incident, Severity, Status } from '../incident/state.js';
import { maskAll } from '../secrets/find.js';
import { type Card, paragraph, text } from './card.js';
import { literal } from './literal.js';

/**
 * What is told outside chat of one event of a public incident: the facts as they were then, and the words. Frozen when
 * the event is written; mail, webhooks and the feed say the same.
 */
export interface Notice {
  incidentId: string;
  /** Of the event it tells. */
  seq: number;
  /** When it happened. */
  at: number;
  kind: NoticeKind;
  number: number;
  /** One line, from outside. */
  title: string;
  status: Status;
  severity: Severity;
  /** Muster did it by itself: an update nobody wrote, a close nobody asked for. */
  automatic: boolean;
  /** Before it changed; null when that is not what is told. */
  severityWas: Severity | null;
  services: string[];
  startedAt: number | null;
  declaredAt: number | null;
  resolvedAt: number | null;
  /** Of a status update; null for everything else. */
  update: {
    number: number;
    text: string | null;
    impact: string | null;
    workaround: string | null;
    expectedAt: number | null;
    doing: string | null;
    nextAt: number | null;
  } | null;
  card: Card;
  /** The same in short, where there are executives; null: there are none, or it is for everybody. */
  brief?: Card | null;
}

type Post = Extract<TaskDraft, { kind: 'post' }>;
type Compose = (task: Post, after: Incident, event: TimelineEvent) => Card;

const sayings: Record<Exclude<NoticeKind, 'closed'>, Saying> = {
  declared: 'announcement',
  reached: 'announcement',
  update: 'status-update',
  resolved: 'status-update',
  severity: 'severity-changed',
  reopened: 'reopened',
  published: 'public-update',
};
const titleAtMost = 300;

/** What a person published: their words, and nothing else that is known of the incident. */
function publicNotice(compose: Compose, after: Incident, event: Extract<TimelineEvent, { type: 'published' }>): Notice {
  const { id: incidentId, number } = after;
  const { title, text: words, status, severity, nextAt } = event.body;
  return maskAll({
    incidentId,
    seq: event.seq,
    at: event.at,
    kind: 'published',
    number: number ?? 0,
    title: literal(title, titleAtMost),
    status,
    severity,
    automatic: false,
    severityWas: null,
    services: [],
    startedAt: null,
    declaredAt: null,
    resolvedAt: null,
    update: {
      number: event.body.number,
      text: words,
      impact: null,
      workaround: null,
      expectedAt: null,
      doing: null,
      nextAt,
    },
    card: compose(postOf('published', incidentId), after, event),
  });
}

/** @param after the incident as the whole commit leaves it. @param compose as for the stakeholders' channel. */
export function noticeOf(compose: Compose, kind: NoticeKind, after: Incident, event: TimelineEvent): Notice {
  const { id: incidentId, number, severity, services, impactStartedAt, declaredAt, resolvedAt } = after;
  if (number === null) throw new Error(`Incident ${incidentId} is not declared, so nothing of it is told outside.`);
  if (event.type === 'published') return publicNotice(compose, after, event);
  const said = event.type === 'updatePosted' ? event.body : null;
  const executives = after.policy.audiences?.some((rule) => rule.kind === 'executives') === true;
  return maskAll({
    incidentId,
    seq: event.seq,
    at: event.at,
    kind,
    number,
    title: literal(after.title, titleAtMost),
    status: said?.status ?? after.status,
    severity: said?.severity ?? severity,
    automatic: (event.type === 'updatePosted' || event.type === 'closed') && event.body.automatic,
    severityWas: event.type === 'severityChanged' ? event.body.from : null,
    services,
    startedAt: impactStartedAt,
    declaredAt,
    resolvedAt,
    update: said && {
      number: said.number,
      text: said.text,
      impact: said.impact?.text ?? null,
      workaround: said.workaround ?? null,
      expectedAt: said.expected?.at ?? null,
      doing: said.doing,
      nextAt: said.nextAt,
    },
    card: kind === 'closed' ? closedCard(event, after) : compose(postOf(kind, incidentId), after, event),
    brief: !executives
      ? null
      : kind === 'closed'
        ? closedCard(event, after)
        : compose({ ...postOf(kind, incidentId), say: 'executive-brief' }, after, event),
  });
}

const postOf = (kind: keyof typeof sayings, incidentId: string): Post => ({
  kind: 'post',
  incidentId,
  platform: '',
  to: { to: 'named', name: 'stakeholders' },
  say: sayings[kind],
});

/** Follow-ups and steps are nobody's business outside. */
function closedCard(event: TimelineEvent, after: Incident): Card {
  const there = mergedInto(after);
  const itself = event.type === 'closed' && event.body.automatic;
  const summary = itself
    ? 'Closed by itself: every alert has cleared.'
    : there
      ? `Merged: it goes on in ${nameOf(there)}.`
      : 'Closed: nothing more follows.';
  return { tone: 'good', summary, blocks: [paragraph(text(summary))] };
}
