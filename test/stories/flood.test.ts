import { afterEach, expect, it } from 'vitest';
import type { Receipt } from '../../src/alerts/alert.js';
import { machine } from '../../src/people/viewer.js';
import { alertOf } from '../alerts/world.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const requests = 100;
const each = 50;
const flooding = (n: number) =>
  alertOf({ source: 'alertmanager', fingerprint: `f${n}`, service: `service-${n % 8}`, name: 'Down' });

it('of 5,000 alerts at once none that is acknowledged is lost, and another source is heard before they are through', async () => {
  told = await story();
  const { engine, store } = told.bot;
  const answered: string[] = [];
  const take = (source: string, alerts: ReturnType<typeof alertOf>[]): Promise<Receipt> =>
    engine.intake({ source, alerts, receivedAt: told.now() }).then((receipt) => {
      answered.push(source);
      return receipt;
    });
  const flood = Array.from({ length: requests }, (_, request) =>
    take(
      'alertmanager',
      Array.from({ length: each }, (_, i) => flooding(request * each + i)),
    ),
  );
  const leaked = { source: 'generic', fingerprint: 'leak', service: 'vault', name: 'KeyLeaked', severity: 'critical' };
  const grave = await take('generic', [alertOf({ ...leaked, labels: { compromise: 'true' } })]);
  expect(answered.filter((source) => source === 'alertmanager').length).toBeLessThan(requests / 2);

  const receipts = await Promise.all(flood);
  const acknowledged = receipts.flatMap(({ outcomes }) => outcomes.map(({ fingerprint }) => fingerprint));
  expect(new Set(acknowledged).size).toBe(requests * each);
  const stored = await store.episodes(acknowledged.map((fingerprint) => ({ source: 'alertmanager', fingerprint })));
  expect(new Set(stored.map(({ fingerprint }) => fingerprint))).toEqual(new Set(acknowledged));
  expect(stored.filter(({ incidentId }) => incidentId === null)).toEqual([]);
  const all = await Promise.all(
    [true, false].map((triage) => store.incidents(machine, { limit: 100, offset: 0, triage })),
  );
  const counted = all.flatMap(({ incidents }) => incidents).reduce((sum, { alerts }) => sum + alerts.total, 0);
  expect(counted).toBe(requests * each + 1);

  expect(engine.queueDepth()).toBe(0);
  await told.forward({ seconds: 2 });
  expect((await store.nextDueAt(told.now())) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(told.now());
  const incident = await store.incident(machine, { id: grave.outcomes[0]?.incidentId ?? '' });
  expect(incident?.severity).toBe('sev1');
  expect((await told.channel(`inc-${incident?.number}`)).some(({ pinned }) => pinned)).toBe(true);
}, 60_000);
