import { isDeepStrictEqual } from 'node:util';
import type { TimelineEvent } from '../../src/incident/events.js';
import { evolve, fold } from '../../src/incident/evolve.js';
import { react } from '../../src/incident/react.js';
import type { Incident } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import type { RemoteChat } from '../fakes/remote-chat.js';
import { accountOutside } from './account-outside.js';
import type { Outside } from './outside.js';
import type { Ledger } from './traffic.js';

/**
 * Compares the harness's books, the store, the chat, and whoever was told outside it. Every line is something that was
 * lost, doubled or orphaned.
 */
export async function account(
  ledger: Ledger,
  store: Store,
  chat: RemoteChat,
  outside?: Outside,
  /** Until when somebody was there to carry jobs out. */
  now = Date.now(),
): Promise<string[]> {
  const wrong: string[] = [...ledger.faults, ...chat.violations];

  for (const { receipt, fingerprint } of ledger.receipts) {
    const stored = await store.receipt(receipt);
    if (!stored?.outcomes.some((line) => line.fingerprint === fingerprint))
      wrong.push(`alert ${fingerprint} was acknowledged and is lost`);
  }

  const page = { limit: 10_000, offset: 0 };
  const [declared, queued] = await Promise.all([
    store.incidents(machine, page),
    store.incidents(machine, { ...page, triage: true }),
  ]);
  const incidents = [...declared.incidents, ...queued.incidents];
  const timelines = new Map<string, TimelineEvent[]>();
  for (const { id } of incidents) timelines.set(id, await store.timeline(machine, id));

  const said = [...timelines.values()].flat().map(({ type, body }) => `${type} ${JSON.stringify(body)}`);
  for (const { marker, number } of ledger.done.filter((each) => each.marker)) {
    const lines = said.filter((line) => line.includes(marker));
    // A title is told again by every update.
    const times = number === null ? lines.filter((line) => line.startsWith('declared ')).length : lines.length;
    // A resolve with a summary says it twice: once as itself, once as an update.
    const expected = lines.some((line) => line.startsWith('resolved ')) ? 2 : 1;
    if (times === 0) wrong.push(`command ${marker} was acknowledged and is lost`);
    if (times > expected) wrong.push(`command ${marker} took effect ${times} times`);
  }

  const waiting = await store.jobs({ state: 'waiting', limit: 10_000 });
  const onTheirWay = new Set(waiting.map(({ key }) => key));
  const told = incidents.map((incident) => ({ incident, events: timelines.get(incident.id) ?? [] }));
  for (const { incident, events } of told) {
    wrong.push(...deliveries(incident, events, chat, onTheirWay));
    wrong.push(...walks(incident, events));
  }
  if (outside) wrong.push(...accountOutside(outside, told, { secrets: ledger.secrets, onTheirWay: [...onTheirWay] }));
  wrong.push(...approvals(ledger, told));

  for (const job of waiting)
    if (job.dueAt < now - 2_000) wrong.push(`job ${job.key} is due and nobody carries it out (${job.lastError})`);
  for (const job of await store.jobs({ state: 'quarantined', limit: 10_000 }))
    wrong.push(`job ${job.key} was given up: ${job.lastError}`);

  const verified = await store.verify();
  for (const problem of verified.problems) wrong.push(`chain: ${problem.stream} ${problem.seq ?? ''} ${problem.what}`);
  return wrong;
}

/** Every post that follows from the timeline is in the chat exactly once or on its way, and nothing else is. */
function deliveries(
  incident: Incident,
  events: readonly TimelineEvent[],
  chat: RemoteChat,
  onTheirWay: ReadonlySet<string>,
): string[] {
  const wrong: string[] = [];
  const expected = new Set<string>();
  /** Taken back before or after it was sent. */
  const either = new Set<string>();
  let before: Incident | null = null;
  for (const event of events) {
    const after: Incident = evolve(before, event);
    for (const job of react(before, after, event)) {
      if ('drop' in job && expected.delete(job.drop)) either.add(job.drop);
      if ('put' in job && (job.put.task.kind === 'post' || job.put.task.kind === 'card')) expected.add(job.put.key);
    }
    before = after;
  }
  const seen = new Map<string, number>();
  for (const { messages } of chat.channels.values())
    for (const { key } of messages) if (key.includes(incident.id)) seen.set(key, (seen.get(key) ?? 0) + 1);
  for (const key of expected)
    if (!seen.has(key) && !onTheirWay.has(key)) wrong.push(`message ${key} never reached the chat`);
  for (const [key, times] of seen) {
    if (times > 1) wrong.push(`message ${key} is in the chat ${times} times`);
    if (!expected.has(key) && !either.has(key)) wrong.push(`message ${key} is in the chat and not in the ledger`);
  }

  const promises = events.flatMap(({ type, body }) =>
    type === 'updatePosted' && body.automatic && body.promisedAt !== null && body.status !== 'resolved'
      ? [body.promisedAt]
      : [],
  );
  if (new Set(promises).size !== promises.length)
    wrong.push(`inc-${incident.number}: one promise, two automatic updates`);
  return wrong;
}

/** The row is what the timeline comes to, the walk in hand included; a time-box that is exceeded is asked about once. */
function walks(incident: Incident, events: readonly TimelineEvent[]): string[] {
  const wrong: string[] = [];
  const folded = fold(events);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(folded)), JSON.parse(JSON.stringify(incident))))
    wrong.push(`inc-${incident.number}: its row is not what its timeline comes to`);
  const asked = events.flatMap(({ type, body }) => (type === 'stepOverdue' ? [body.dueAt] : []));
  if (new Set(asked).size !== asked.length) wrong.push(`inc-${incident.number}: one time-box, asked about twice`);
  return wrong;
}

/** What was answered took effect once; what was not may have. */
function approvals(ledger: Ledger, told: readonly { events: readonly TimelineEvent[] }[]): string[] {
  const isApproval = ({ text }: { text: string }): boolean => text === '/incident approve';
  const answered = ledger.done.filter(isApproval).length;
  const atMost = answered + ledger.unanswered.filter(isApproval).length;
  const given = told.flatMap(({ events }) => events).filter(({ type }) => type === 'approvalGiven').length;
  return given < answered || given > atMost ? [`${answered} approvals were acknowledged, ${given} were given`] : [];
}
