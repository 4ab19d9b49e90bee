import type { TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import { react } from '../../src/incident/react.js';
import type { Incident } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import type { RemoteChat } from '../fakes/remote-chat.js';
import type { Ledger } from './traffic.js';

/** Compares the harness's books, the store and the chat. Every line is something that was lost, doubled or orphaned. */
export async function account(ledger: Ledger, store: Store, chat: RemoteChat): Promise<string[]> {
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
  for (const { marker } of ledger.done.filter((each) => each.marker)) {
    // A resolve with a summary says it twice: once as itself, once as an update.
    const times = said.filter((line) => line.includes(marker)).length;
    const expected = said.some((line) => line.startsWith('resolved') && line.includes(marker)) ? 2 : 1;
    if (times === 0) wrong.push(`command ${marker} was acknowledged and is lost`);
    if (times > expected) wrong.push(`command ${marker} took effect ${times} times`);
  }

  const now = Date.now();
  const waiting = await store.jobs({ state: 'waiting', limit: 10_000 });
  const onTheirWay = new Set(waiting.map(({ key }) => key));
  for (const incident of incidents)
    wrong.push(...deliveries(incident, timelines.get(incident.id) ?? [], chat, onTheirWay));

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
