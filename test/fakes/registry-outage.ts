import { builtInPolicy } from '../../src/config/defaults.js';
import type { EventBodies, EventType, TimelineEvent } from '../../src/incident/events.js';
import { noEvidence } from '../../src/incident/severity.js';
import type { Actor } from '../../src/incident/state.js';

export const names = new Map([
  ['p-ada', 'Ada'],
  ['p-bob', 'Bob'],
  ['p-cleo', 'Cleo'],
]);
const who = (personId: string): Actor => ({ kind: 'person', personId });
const [ada, bob, cleo] = [who('p-ada'), who('p-bob'), who('p-cleo')];
const muster: Actor = { kind: 'machine', name: 'Muster' };
const alertmanager: Actor = { kind: 'machine', name: 'alertmanager' };

const began = Date.UTC(2026, 10, 21, 2, 10);
const minutes = (count: number): number => count * 60_000;
/** Minutes after the beginning, as a time. */
export const past = (count: number): number => began + minutes(count);

/** One event, `count` minutes after the beginning; `numbered` gives it its place. */
export const said = <T extends EventType>(count: number, type: T, actor: Actor, body: EventBodies[T]): TimelineEvent =>
  ({ type, body, actor, at: past(count), recordedAt: past(count), seq: 0 }) as TimelineEvent;
export const numbered = (events: readonly TimelineEvent[]): TimelineEvent[] =>
  events.map((event, index) => ({ ...event, seq: index + 1 }));

const update = {
  happened: 'Registry: pushes fail',
  doing: null,
  status: 'investigating',
  severity: 'sev1',
} as const;

/** The words that come from outside, so that a test can put hostile ones in their place. */
export interface Words {
  title: string;
  alert: string;
  service: string;
  said: string;
}
const calm: Words = { title: 'Registry: pushes fail', alert: 'RegistryDown', service: 'registry', said: '' };

/** An outage of the registry from its first alert to the end, with most of what can happen to an incident. */
export function registryOutage(words: Partial<Words> = {}, drill = false): TimelineEvent[] {
  const { title, alert, service, said: extra } = { ...calm, ...words };
  const text = (ours: string): string => (extra === '' ? ours : extra);
  return numbered([
    said(1, 'declared', alertmanager, {
      number: 42,
      opening: {
        incidentId: 'i-42',
        title,
        severity: 'sev2',
        severityReason: 'an alert is labelled critical',
        severitySetBy: 'machine',
        visibility: 'public',
        drill,
        services: [service],
        groupKey: 'service:registry',
        policy: builtInPolicy(['Europe/Berlin']),
      },
      severity: 'sev2',
      severityReason: 'an alert is labelled critical',
      severitySetBy: 'machine',
      acknowledgeDueAt: past(16),
      updateDueAt: past(61),
    }),
    said(1, 'alertsAttached', alertmanager, {
      count: 2,
      firing: 2,
      names: [alert],
      evidence: { ...noEvidence, alerts: 2, services: [service], worst: 'critical' },
      startedAt: began,
      receipts: ['r1'],
      acknowledgeDueAt: null,
    }),
    said(1, 'playbookAttached', alertmanager, {
      hash: 'h',
      playbookId: 'registry-outage',
      title: text('Registry outage'),
      reason: 'it is for the service registry',
      steps: ['Confirm that a push fails', 'Freeze the publishing jobs', 'Restart one node', 'Unfreeze the jobs'].map(
        (step, index) => ({
          title: text(step),
          phase: ['Detect', 'Contain', 'Recover', 'Recover'][index]!,
          role: null,
          thenTo: null,
          approve: null,
          withinMs: null,
          substeps: 0,
        }),
      ),
      later: false,
      others: [],
    }),
    said(1.1, 'channelOpened', muster, { platform: 'web', channel: 'c1', name: 'inc-42-registry-pushes-fail' }),
    said(3, 'acknowledged', ada, {}),
    said(3.5, 'roleAssigned', ada, { role: 'commander', personId: 'p-ada', previous: null }),
    said(4, 'severityChanged', ada, {
      from: 'sev2',
      to: 'sev1',
      reason: text('nobody can publish'),
      setBy: 'person',
      acknowledgeDueAt: null,
      updateDueAt: past(34),
    }),
    said(4.5, 'roleAssigned', ada, { role: 'communications', personId: 'p-cleo', previous: null }),
    said(5, 'impactStated', cleo, { text: text('Pushes fail for everybody; pulls work.') }),
    said(6, 'walkStarted', bob, { index: 0 }),
    said(8, 'stepDone', bob, { index: 0, next: 1, evidence: text('503 from both'), answers: {} }),
    said(14, 'stepSkipped', bob, { index: 1, next: 2, reason: text('no job is running') }),
    said(29, 'updateWarned', muster, { dueAt: past(34) }),
    said(34, 'updatePosted', muster, {
      ...update,
      number: 1,
      automatic: true,
      text: null,
      impact: { text: text('Pushes fail for everybody; pulls work.'), at: past(5) },
      promisedAt: past(34),
      lateMs: 0,
      nextAt: past(64),
    }),
    said(40, 'stepFailed', bob, { index: 2, next: 3, what: text('the node does not come back'), branch: false }),
    said(46, 'updatePosted', cleo, {
      ...update,
      number: 2,
      automatic: false,
      text: text('The storage is full; we are making room.'),
      impact: { text: text('Pushes fail for everybody; pulls work.'), at: past(5) },
      promisedAt: past(34),
      lateMs: minutes(12),
      nextAt: past(76),
    }),
    said(50, 'noted', bob, { text: text('garbage collection had stopped in October') }),
    said(60, 'statusChanged', ada, { from: 'investigating', to: 'monitoring', reason: text('space freed') }),
    said(61, 'alertsResolved', alertmanager, { count: 2, names: [alert], receipts: ['r2'] }),
    said(65, 'followUpAdded', ada, {
      id: 1,
      text: text('Alert before the disk is full'),
      owner: 'p-bob',
      dueOn: '2030-01-15',
      fromStep: null,
    }),
    said(65.5, 'followUpAdded', ada, {
      id: 2,
      text: text('Run garbage collection weekly'),
      owner: null,
      dueOn: null,
      fromStep: null,
    }),
    said(73, 'resolved', ada, { summary: text('Space freed, pushes work.'), updateDueAt: null }),
    said(73, 'updatePosted', ada, {
      ...update,
      status: 'resolved',
      number: 3,
      automatic: false,
      text: text('Space freed, pushes work.'),
      impact: null,
      promisedAt: past(76),
      lateMs: 0,
      nextAt: null,
    }),
    said(80, 'closed', ada, {
      automatic: false,
      openSteps: [3],
      followUps: [
        {
          id: 3,
          text: text('Finish step 4 of Registry outage: Unfreeze the jobs'),
          owner: null,
          dueOn: null,
          fromStep: 3,
        },
      ],
    }),
  ]);
}
