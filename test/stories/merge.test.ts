import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const alert = (name: string, service: string | null, more: object = {}) => ({
  title: name,
  status: 'firing',
  severity: 'critical',
  fingerprint: name,
  ...(service && { service }),
  ...more,
});
async function send(...alerts: object[]): Promise<void> {
  const response = await fetch(`${told.bot.url}/alerts/generic`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alerts }),
  });
  expect(response.status).toBe(202);
  await told.bot.runner.untilIdle();
}
const alertsOf = async (number: number) => {
  const { id } = await told.incident(number);
  return (await told.bot.store.alerts(machine, id, { limit: 100, offset: 0 })).alerts.map(({ name }) => name).sort();
};

describe('merging', () => {
  it('takes alerts, follow-ups and people along, ends the one, and later alerts of its group go on', async () => {
    told = await story();
    await send(alert('PushFails', 'registry'));
    await send(alert('DiskFull', 'storage'));
    await told.say('Bob', '/incident action Order disks @bob 2031-01-01', 2);
    const { text } = await told.say('Ada', '/incident #2 merge into #1 because it is the same disk');
    expect(text).toMatch(/^#2 is merged into #1 /);

    const [one, two] = [await told.incident(1), await told.incident(2)];
    expect(two).toMatchObject({
      status: 'closed',
      outcome: { reason: 'merged into #1' },
      alerts: { firing: 0, total: 0 },
      followUps: [],
      links: [{ how: 'merged-into', number: 1, reason: 'it is the same disk' }],
    });
    expect(one).toMatchObject({ alerts: { firing: 2, total: 2 }, links: [{ how: 'merged-from', number: 2 }] });
    expect(one.followUps).toMatchObject([{ text: 'Order disks', owner: expect.any(String) }]);
    expect(one.responders).toContain(one.followUps[0]?.owner);
    expect(await alertsOf(1)).toEqual(['DiskFull', 'PushFails']);
    expect(await alertsOf(2)).toEqual([]);
    const said = await told.channel('inc-2');
    expect(said?.filter(({ text: words }) => words.includes('is merged into #1'))).toHaveLength(1);
    expect(said?.at(-1)?.text).toContain('is merged into #1');

    await send(alert('InodesGone', 'storage'));
    expect(await alertsOf(1)).toEqual(['DiskFull', 'InodesGone', 'PushFails']);
    await send(alert('DiskFull', 'storage', { status: 'resolved' }));
    expect((await told.incident(1)).alerts).toMatchObject({ firing: 2, total: 3 });
    expect((await told.bot.store.verify()).ok).toBe(true);
  });

  it('is undone: what stands again has its own alerts, those that came meanwhile too', async () => {
    told = await story();
    await send(alert('PushFails', 'registry'));
    await send(alert('DiskFull', 'storage'));
    await told.say('Ada', '/incident merge #2 into #1', 1);
    await send(alert('InodesGone', 'storage'));
    expect((await told.say('Ada', '/incident #2 reopen it was not')).refusal?.code).toBe('merged');
    const { text } = await told.say('Ada', '/incident #2 unmerge');
    expect(text).toMatch(/^#2 stands again, investigating, with 2 alerts/);
    expect(await alertsOf(1)).toEqual(['PushFails']);
    expect(await alertsOf(2)).toEqual(['DiskFull', 'InodesGone']);
    expect((await told.incident(1)).alerts).toMatchObject({ firing: 1, total: 1 });
    await send(alert('DiskFull', 'storage', { status: 'resolved' }));
    expect((await told.incident(2)).alerts).toMatchObject({ firing: 1, total: 2 });
    await send(alert('Third', 'storage'));
    expect(await alertsOf(2)).toEqual(['DiskFull', 'InodesGone', 'Third']);
  });

  it('follows a merge of what was merged', async () => {
    told = await story();
    for (const service of ['registry', 'storage', 'mirror']) await send(alert(`${service} fails`, service));
    await told.say('Ada', '/incident merge #3 into #2', 1);
    await told.say('Ada', '/incident merge #2 into #1', 1);
    await send(alert('mirror is slow', 'mirror'));
    expect(await alertsOf(1)).toEqual(['mirror fails', 'mirror is slow', 'registry fails', 'storage fails']);
    await told.say('Ada', '/incident #3 unmerge');
    expect(await alertsOf(3)).toEqual(['mirror fails', 'mirror is slow']);
    expect((await told.incident(3)).links).toMatchObject([{ how: 'split-from', number: 1 }]);
    expect((await told.say('Ada', '/incident #2 merge into #3')).refusal?.code).toBe('merged');
  });

  it('says what to do instead where it cannot be', async () => {
    told = await story();
    await told.say('Ada', '/incident declare Builds are slow');
    await told.say('Ada', '/incident declare The wiki is down');
    const refused = async (line: string) => (await told.say('Ada', line)).refusal?.code;
    expect(await refused('/incident #1 merge into #1')).toBe('same');
    expect(await refused('/incident #1 merge into #9')).toBe('unknown-incident');
    expect(await refused('/incident #1 unmerge')).toBe('not-merged');
    await told.say('Ada', '/incident #2 resolve');
    expect(await refused('/incident #1 merge into #2')).toBe('ended');
    expect((await told.incident(1)).links).toBeUndefined();
  });
});

describe('splitting', () => {
  it('opens another with the alerts that are named, both linked, and they stay there when they fire on', async () => {
    told = await story();
    await send(alert('PushFails', 'registry'), alert('DiskFull', 'registry'), alert('PullFails', 'registry'));
    const { text } = await told.say('Ada', '/incident split DiskFull, pull as Storage is full', 1);
    expect(text).toMatch(/^#2 is open, with 2 alerts of #1/);
    expect(await alertsOf(1)).toEqual(['PushFails']);
    expect(await alertsOf(2)).toEqual(['DiskFull', 'PullFails']);
    expect(await told.incident(1)).toMatchObject({
      alerts: { firing: 1, total: 1 },
      links: [{ how: 'split-into', number: 2 }],
    });
    expect(await told.incident(2)).toMatchObject({
      title: 'Storage is full',
      alerts: { firing: 2, total: 2 },
      links: [{ how: 'split-from', number: 1 }],
    });
    await told.forward({ minutes: 5 });
    await send(alert('DiskFull', 'registry'), alert('PushFails', 'registry'));
    expect(await alertsOf(2)).toEqual(['DiskFull', 'PullFails']);
    await send(alert('DiskFull', 'registry', { status: 'resolved' }));
    expect((await told.incident(2)).alerts).toMatchObject({ firing: 1, total: 2 });
    expect((await told.incident(1)).alerts).toMatchObject({ firing: 1, total: 1 });
  });

  it('offers what there is when nothing is called so', async () => {
    told = await story();
    await send(alert('PushFails', 'registry'));
    const { card } = await told.say('Ada', '/incident split Disk as Storage is full', 1);
    expect(JSON.stringify(card)).toContain('Split without alerts');
    expect((await told.say('Ada', '/incident split as Storage is full', 1)).text).toMatch(/#2 is open, with 0 alerts/);
  });
});

describe('linking', () => {
  it('shows on both, and is taken back on both', async () => {
    told = await story();
    await told.say('Ada', '/incident declare Builds are slow');
    await told.say('Ada', '/incident declare The wiki is down');
    await told.say('Ada', '/incident link #2 because of the same switch', 1);
    expect((await told.incident(1)).links).toMatchObject([{ how: 'related', number: 2, reason: 'the same switch' }]);
    expect((await told.incident(2)).links).toMatchObject([{ how: 'related', number: 1 }]);
    expect(JSON.stringify((await told.say('Ada', '/incident status', 2)).card)).toContain(
      'linked with #1 Builds are slow',
    );
    await told.say('Ada', '/incident unlink #1', 2);
    expect([(await told.incident(1)).links, (await told.incident(2)).links]).toEqual([[], []]);
  });
});

describe('a private incident', () => {
  it('is neither merged nor linked with one that others see, and not shown to who may not see it', async () => {
    told = await story();
    await told.say('Ada', '/incident declare The wiki is down');
    await told.say('Ada', '/incident declare --private A key is burnt');
    for (const line of ['#2 merge into #1', '#1 merge into #2', '#1 link #2', '#2 link #1'])
      expect((await told.say('Ada', `/incident ${line}`)).refusal?.code, line).toBe('private');
    for (const line of ['#1 merge into #2', '#1 link #2', '#1 unlink #2']) {
      const { refusal, text } = await told.say('Bob', `/incident ${line}`);
      expect([refusal?.code, text.includes('burnt')], line).toEqual(['unknown-incident', false]);
    }
  });

  it('is merged into another only where the same people are in both', async () => {
    told = await story();
    await told.say('Bob', '/incident list');
    await told.say('Ada', '/incident declare --private A key is burnt');
    await told.say('Ada', '/incident declare --private --new The signing key leaked');
    await told.say('Ada', '/incident assign scribe @bob', 1);
    expect((await told.say('Ada', '/incident merge #2 into #1', 1)).refusal?.code).toBe('private');
    await told.say('Ada', '/incident assign scribe @bob', 2);
    expect((await told.say('Ada', '/incident merge #2 into #1', 1)).text).toMatch(/^#2 is merged/);
  });
});

describe('over any order of alerts, merges and splits', () => {
  it('every alert is in exactly one incident that goes on, and each counts what fires in it', async () => {
    told = await story();
    const { engine, store } = told.bot;
    let seed = 7;
    const pick = <T>(of: readonly T[]): T => {
      seed = (seed * 48_271) % 2_147_483_647;
      return of[seed % of.length] as T;
    };
    const act = async (line: string, incidentId: string) =>
      told.bot.inbound.command({
        ...{ id: randomUUID(), text: `/incident ${line}`, personId: 'ada', platform: 'web', channel: null, incidentId },
      });
    const done = { merge: 0, split: 0, unmerge: 0 };
    const sent = new Set<string>();
    for (let turn = 0; turn < 150; turn++) {
      const { incidents } = await store.incidents(machine, { limit: 100, offset: 0 });
      const kind = pick(['alert', 'alert', 'clear', 'merge', 'split', 'unmerge'] as const);
      const [service, name] = [pick(['a', 'b', 'c', 'd']), pick(['x', 'y', 'z'])];
      const fingerprint = `${name}-${service}`;
      if (kind === 'alert' || kind === 'clear') {
        if (kind === 'clear' && !sent.has(fingerprint)) continue;
        sent.add(fingerprint);
        const status = kind === 'clear' ? ('resolved' as const) : ('firing' as const);
        const known = { source: 'generic', fingerprint, name: fingerprint, summary: '', service, severity: 'critical' };
        const rest = {
          host: null,
          labels: {},
          annotations: {},
          links: [],
          groupHint: '',
          startsAt: null,
          endsAt: null,
        };
        await engine.intake({ source: 'generic', alerts: [{ ...known, ...rest, status }], receivedAt: told.now() });
      } else if (incidents.length > 1) {
        const { id } = pick(incidents);
        const lines = {
          merge: `merge into #${pick(incidents).number}`,
          split: `split ${name}- as Part ${turn}`,
          unmerge: kind,
        };
        const reply = await act(lines[kind], id);
        if (!reply.refusal) done[kind]++;
      }
    }
    expect(Math.min(...Object.values(done))).toBeGreaterThan(3);
    const { incidents } = await store.incidents(machine, { limit: 100, offset: 0 });
    const firing: string[] = [];
    for (const { id, number, alerts: counted, links = [] } of incidents) {
      const { alerts } = await store.alerts(machine, id, { limit: 100, offset: 0 });
      if (links.some(({ how }) => how === 'merged-into')) expect(alerts).toEqual([]);
      const here = alerts.filter(({ state }) => state === 'firing').map(({ fingerprint }) => fingerprint);
      expect(counted.firing, `#${number}`).toBe(here.length);
      firing.push(...here);
    }
    expect(firing.length).toBeGreaterThan(2);
    expect(new Set(firing).size).toBe(firing.length);
    expect((await store.verify()).ok).toBe(true);
  });
});
