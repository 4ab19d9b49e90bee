import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.js';
import { isQuiet } from './noise.js';
import { databases, type Story, story } from './story.js';

const critical = (instance: string, status: 'firing' | 'resolved' = 'firing', at = '2026-11-21T11:58:00Z') => ({
  status,
  labels: { alertname: 'RegistryPushFails', service: 'registry', severity: 'critical', instance },
  annotations: { summary: `Pushes to ${instance} fail <!channel> @all` },
  startsAt: at,
  endsAt: status === 'resolved' ? '2026-11-21T12:40:00Z' : '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example.org/graph',
  fingerprint: instance.padEnd(16, '0'),
});

const webhook = (...alerts: ReturnType<typeof critical>[]) => ({
  version: '4',
  groupKey: '{}:{alertname="RegistryPushFails"}',
  truncatedAlerts: 0,
  status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
  receiver: 'muster',
  groupLabels: { alertname: 'RegistryPushFails' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.org',
  alerts,
});

describe.each(databases)('a registry outage, on %s', (database) => {
  let told: Story;
  afterEach(async () => {
    await isQuiet(told).finally(() => told.end());
  });

  it('goes from the first alert to a postmortem with everything said where it belongs', async () => {
    told = await story({ database });
    const taken = await told.alerts('alertmanager', webhook(critical('r1'), critical('r2')));
    expect(taken).toMatchObject({ status: 202, accepted: 2 });

    const [shown] = (await told.get('/api/incidents')).json<{ incidents: Incident[] }>().incidents;
    expect(shown).toMatchObject({ number: 1, severity: 'sev1', status: 'investigating', services: ['registry'] });
    expect(shown?.severityReason).toContain('registry is tier 1');

    const first = await told.channel('inc-1');
    expect(first[0]?.pinned).toBe(true);
    expect(first[0]?.text).toContain('registry is tier 1');
    const stakeholders = await told.channel('stakeholders');
    expect(stakeholders).toHaveLength(1);

    expect((await told.say('Ada', '/incident ack', 1)).text).not.toBe('');
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident impact Nobody can publish images.', 1);
    await told.say('Ada', '/incident next', 1);
    await told.say('Bob', '/incident done 503 from both', 1);
    await told.say('Bob', '/incident skip publishing was frozen already', 1);
    let walk = (await told.incident(1)).walk;
    expect(walk?.steps[0]).toMatchObject({ state: 'done', said: '503 from both', by: expect.any(String) });
    expect(walk?.steps[1]?.state).toBe('skipped');
    expect(walk?.current).toBe(2);

    await told.forward({ minutes: 26 });
    expect((await told.channel('inc-1')).some(({ text }) => /update is due at/.test(text))).toBe(true);
    await told.say('Ada', '/incident update We have found the cause: the disk is full.', 1);
    await told.forward({ minutes: 31 });
    const updates = (await told.channel('stakeholders')).slice(1).map(({ text }) => text);
    expect(updates).toHaveLength(2);
    expect(updates[0]).toContain('the disk is full');
    expect(updates[0]).toContain('Nobody can publish images.');
    expect(updates[1]).toMatch(/automatic/i);

    await told.say('Ada', '/incident action Alert on disk space @bob 2030-01-15', 1);
    await told.alerts('alertmanager', webhook(critical('r1', 'resolved'), critical('r2', 'resolved')));
    expect((await told.incident(1)).statusProposal?.status).toBe('monitoring');
    await told.say('Ada', '/incident status monitoring', 1);
    await told.say('Ada', '/incident resolve Pushes work again.', 1);
    expect((await told.say('Ada', '/incident close', 1)).refusal?.code).toBe('required-open');
    await told.say('Ada', '/incident carry 19 @bob 2030-01-16', 1);
    await told.say('Ada', '/incident close', 1);

    const closed = await told.incident(1);
    walk = closed.walk;
    expect(closed.status).toBe('closed');
    expect(closed.followUps.length).toBe(1 + (walk?.steps.filter(({ state }) => state === 'open').length ?? 0));
    const { status, text } = await told.get('/api/incidents/1/postmortem');
    expect(status).toBe(200);
    for (const words of ['503 from both', 'Nobody can publish images.', 'Alert on disk space', '2030-01-15'])
      expect(text).toContain(words);
    expect(text).not.toMatch(/(^|\s)@(all|channel)/);
    expect(readFileSync(`${told.folder}/data/postmortems/inc-1-v1.md`, 'utf8')).toBe(text);
    expect((await told.channel('inc-1')).at(-1)?.text).toMatch(/postmortem/i);
    const all = (await told.channel('stakeholders')).length;
    await told.forward({ hours: 72 });
    expect(await told.channel('stakeholders')).toHaveLength(all);

    const verified = await told.bot.store.verify();
    expect(verified).toMatchObject({ ok: true, problems: [] });
  });

  it('goes on after a restart in the middle as if nothing had been', async () => {
    told = await story({ database });
    await told.alerts('alertmanager', webhook(critical('r1')));
    await told.say('Ada', '/incident next', 1);
    await told.restart();
    await told.say('Ada', '/incident done seen', 1);
    expect((await told.incident(1)).walk?.current).toBe(1);
    await told.forward({ minutes: 31 });
    expect((await told.channel('stakeholders')).filter(({ text }) => /automatic/i.test(text))).toHaveLength(1);
  });

  it('posts an overdue update once after three days of silence', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.stop();
    told.sleep({ hours: 72 });
    await told.start();
    expect((await told.channel('stakeholders')).filter(({ text }) => /automatic/i.test(text))).toHaveLength(1);
  });
});
