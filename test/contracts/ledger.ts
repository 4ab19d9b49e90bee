import type { Episode, Receipt } from '../../src/alerts/alert.js';
import type { EventBodies, EventType, TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import type { Actor, Incident } from '../../src/incident/state.js';
import { policy } from '../../src/incident/testing.js';
import type { Change, JobWrite, Store, Task } from '../../src/store/port.js';

export const start = Date.UTC(2030, 0, 15, 2, 0);
export const ada: Actor = { kind: 'person', personId: 'ada' };
const muster: Actor = { kind: 'machine', name: 'alerts' };

type Said = { [T in EventType]: { type: T; body: EventBodies[T]; actor?: Actor; at?: number } }[EventType];

const opening = (id: string, given: Partial<EventBodies['triaged']>): EventBodies['triaged'] => ({
  incidentId: id,
  title: `About ${id}`,
  severity: 'sev2',
  severityReason: 'two hosts',
  severitySetBy: 'machine',
  visibility: 'public',
  drill: false,
  services: ['registry'],
  groupKey: null,
  policy,
  ...given,
});

export const triaged = (id: string, given: Partial<EventBodies['triaged']> = {}): Said => ({
  type: 'triaged',
  body: opening(id, given),
});

export const declared = (id: string, number: number, given: Partial<EventBodies['triaged']> = {}): Said => ({
  type: 'declared',
  body: {
    number,
    opening: opening(id, given),
    severity: 'sev2',
    severityReason: 'two hosts',
    severitySetBy: 'machine',
    acknowledgeDueAt: null,
    updateDueAt: null,
  },
});

export const noted = (text: string, actor: Actor = ada): Said => ({ type: 'noted', body: { text }, actor });
export const resolved: Said = { type: 'resolved', body: { summary: null, updateDueAt: null } };

/** The change that adds these events to the incident as the store has it now; nothing is written. */
export async function change(store: Store, id: string, ...said: Said[]): Promise<Change> {
  const loaded = await store.load(id);
  let incident: Incident | null = loaded?.incident ?? null;
  let seq = loaded?.seq ?? 0;
  const events = said.map(({ type, body, actor = muster, at = start + seq * 1000 }) => {
    const event = { type, body, actor, at, recordedAt: at + 5 };
    incident = evolve(incident, { ...event, seq: ++seq } as TimelineEvent);
    return event;
  });
  return {
    stream: { id: `incident/${id}`, expectedSeq: loaded?.seq ?? 0, prevHash: loaded?.head ?? '' },
    events,
    incident,
  };
}

export async function append(store: Store, id: string, ...said: Said[]): Promise<void> {
  await store.commit([await change(store, id, ...said)]);
}

/** Written on no timeline. */
export const aside = (given: Partial<Change>): Change => ({ stream: null, events: [], incident: null, ...given });

export const episode = (id: string, given: Partial<Episode> = {}): Episode => ({
  id,
  source: 'alertmanager',
  fingerprint: 'f1',
  incidentId: null,
  state: 'firing',
  startedAt: start,
  endedAt: null,
  reported: { firing: [start], clearFrom: null },
  lastSeenAt: start,
  name: 'PushFails',
  summary: 'pushes fail',
  service: 'registry',
  host: 'r1',
  severity: 'critical',
  groupKey: 'service:registry',
  labels: { alertname: 'PushFails', instance: 'r1:5000' },
  annotations: { summary: 'pushes fail' },
  links: [{ label: 'graph', href: 'https://graphs.example.com/1' }],
  ...given,
});

export const receipt = (id: string, given: Partial<Receipt> = {}): Receipt => ({
  id,
  source: 'alertmanager',
  receivedAt: start,
  outcomes: [{ fingerprint: 'f1', name: 'PushFails', outcome: 'opened', incidentId: 'a', why: 'critical on r1' }],
  ...given,
});

type Put = Extract<JobWrite, { put: unknown }>['put'];
const ask: Task = { kind: 'ask', incidentId: 'a', command: { type: 'acknowledge' } };
export const situation: Extract<Task, { kind: 'card' }> = {
  kind: 'card',
  incidentId: 'a',
  platform: 'web',
  to: { to: 'incident', incidentId: 'a' },
  card: 'situation',
};

export const put = (key: string, given: Partial<Put> = {}): JobWrite => ({
  put: { key, lane: null, position: 1, dueAt: start, platform: null, incidentId: 'a', task: ask, ...given },
});

export const enqueue = (store: Store, ...jobs: JobWrite[]): Promise<void> => store.commit([aside({ jobs })]);
