import { webhookId } from '../../src/audiences/webhook.js';
import { noticeKind } from '../../src/incident/audiences.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import { react } from '../../src/incident/react.js';
import type { Incident } from '../../src/incident/state.js';
import { addresses, leads, type Outside, page } from './outside.js';

export interface Told {
  incident: Incident;
  events: readonly TimelineEvent[];
}

/** Whoever is told, and what they have in their books, in the order in which it came. */
interface Place {
  audience: string;
  name: string;
  arrivals: { id: string; seq: number }[];
}

/**
 * Compares the books of those outside chat with the timelines. Every line is a notice that was lost, that came under
 * two ids or out of order, that nothing in the ledger tells of, or that is private. `secrets` are words of private
 * incidents; `onTheirWay` are keys of jobs.
 */
export function accountOutside(
  outside: Outside,
  told: readonly Told[],
  { secrets, onTheirWay }: { secrets: readonly string[]; onTheirWay: readonly string[] },
): string[] {
  const wrong = leaks(outside, secrets);
  for (const { incident, events } of told) {
    const places = booksOn(outside, incident);
    for (const place of places) wrong.push(...ofPlace(place, incident, events, onTheirWay));
    // Beside what follows from the code under test: every word of a person, wherever everything is told.
    const called = new Set(places.find(({ name }) => name === page)?.arrivals.map(({ seq }) => seq));
    for (const { seq } of wordsOf(incident, events))
      if (!called.has(seq) && !onTheirWay.some((key) => key.startsWith(`notify/${incident.id}/${page}/${seq}`)))
        wrong.push(`update ${seq} of #${incident.number} was acknowledged and never told outside`);
  }
  return wrong;
}

function leaks({ receiver, mails }: Outside, secrets: readonly string[]): string[] {
  const all = [...receiver.calls.map(({ text }) => text), ...mails.mails.map(({ raw, text }) => raw + text)].join('\n');
  return secrets.filter((secret) => all.includes(secret)).map((secret) => `${secret} is private and was told outside`);
}

const messageId = /^<incident\.([\w-]+?)(?:\.(\d+)\.\w+)?@example\.com>$/;

function booksOn({ receiver, mails }: Outside, { id: incidentId, number }: Incident): Place[] {
  const calls = receiver.calls.flatMap(({ id, body }) =>
    body.data.incident.number === number ? [{ id, seq: body.data.sequence }] : [],
  );
  const mailed = (address: string) =>
    mails.mails.flatMap(({ to, headers }) => {
      const id = headers.get('message-id') ?? '';
      const [, of, seq] = messageId.exec(id) ?? [];
      // The first mail of an incident begins the thread and has no number.
      return to.includes(address) && of === incidentId ? [{ id, seq: Number(seq ?? 0) }] : [];
    });
  return [
    { audience: page, name: page, arrivals: calls },
    ...addresses.map((address) => ({ audience: leads, name: address, arrivals: mailed(address) })),
  ];
}

function ofPlace(
  { audience, name, arrivals }: Place,
  incident: Incident,
  events: readonly TimelineEvent[],
  onTheirWay: readonly string[],
): string[] {
  const wrong: string[] = [];
  const called = (seq: number): string => `notice ${seq} of #${incident.number} for ${name}`;
  const expected = noticesOf(incident, events, audience);
  const ids = new Map<number, string>();
  let last = 0;
  for (const { id, seq } of arrivals) {
    if (!expected.has(seq)) wrong.push(`${called(seq)} was told and is not in the ledger (${incident.visibility})`);
    if ((ids.get(seq) ?? id) !== id) wrong.push(`${called(seq)} came under two ids`);
    if (seq < last) wrong.push(`${called(seq)} came after ${last}`);
    const at = events.find((event) => event.seq === seq)?.at ?? 0;
    if (audience === page && id !== webhookId(`notify/${incident.id}/${page}/${seq}`, at))
      wrong.push(`${called(seq)} came under an id that is not its job’s`);
    ids.set(seq, id);
    last = seq;
  }
  for (const [seq, { key, mayBeLeftOut }] of expected)
    if (!mayBeLeftOut && !ids.has(seq) && !onTheirWay.some((each) => each === key || each.startsWith(`${key}/`)))
      wrong.push(`${called(seq)} never arrived`);
  return wrong;
}

/** What is for this audience, by the number of its event; the first mail's is 0. */
function noticesOf(incident: Incident, events: readonly TimelineEvent[], audience: string) {
  const notices = new Map<number, { key: string; mayBeLeftOut: boolean }>();
  let before: Incident | null = null;
  for (const event of events) {
    const after: Incident = evolve(before, event);
    const kind = noticeKind(before, after, event);
    for (const job of react(before, after, event)) {
      if (!('put' in job) || job.put.task.kind !== 'notify' || job.put.task.audience !== audience) continue;
      const byMail = audience === leads;
      const overtaken =
        event.type === 'updatePosted' && event.body.automatic && incident.updates.count > event.body.number;
      const endIsTold = byMail && event.type === 'closed' && !event.body.automatic;
      notices.set(byMail && kind === 'declared' ? 0 : event.seq, {
        key: job.put.key,
        mayBeLeftOut: overtaken || endIsTold,
      });
    }
    before = after;
  }
  return notices;
}

function wordsOf(incident: Incident, events: readonly TimelineEvent[]): TimelineEvent[] {
  const declared = events.find(({ type }) => type === 'declared');
  if (incident.visibility === 'private' || !declared) return [];
  return events.filter(({ type, body, seq }) => type === 'updatePosted' && !body.automatic && seq > declared.seq);
}
