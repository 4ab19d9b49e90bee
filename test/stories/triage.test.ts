import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import { databases, type Story, story } from './story.js';

const mild = (name: string, status: 'firing' | 'resolved' = 'firing') => ({
  alerts: [{ title: name, service: 'wiki', severity: 'warning', fingerprint: name, status }],
});

describe.each(databases)('an alert that opens no incident, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());

  const queue = async (): Promise<Incident[]> =>
    (await told.bot.store.incidents(machine, { triage: true, limit: 10, offset: 0 })).incidents;
  const incidents = async () => (await told.get('/api/incidents')).json<{ incidents: Incident[]; total: number }>();
  const outcome = async (receipt: string) =>
    (await told.get(`/api/receipts/${receipt}`)).json<{ outcomes: { outcome: string; why: string }[] }>().outcomes[0];

  it('waits in the triage queue, says why, and becomes an incident when somebody declares it', async () => {
    told = await story({ database });
    const { receipt } = await told.alerts('generic', mild('Pages are slow'));
    expect(await outcome(receipt)).toMatchObject({ outcome: 'triaged', why: expect.stringContaining('sev3, because') });
    expect((await incidents()).total).toBe(0);
    const [card] = await told.channel('triage');
    expect(card?.text).toContain('wiki is tier 3');
    for (const label of ['[Declare]', '[Snooze 1 h…]', '[Dismiss…]']) expect(card?.text).toContain(label);

    await told.press('Ada', 'triage', 'Declare');
    expect((await incidents()).incidents).toMatchObject([{ number: 1, severity: 'sev3', status: 'investigating' }]);
    expect((await told.incident(1)).alerts).toMatchObject({ firing: 1, total: 1 });
    expect((await told.channel('inc-1'))[0]?.text).toContain('1 firing of 1');
    await told.forward({ seconds: 2 });
    expect((await told.channel('triage')).map(({ text }) => text)).toEqual([
      expect.stringMatching(/Declared as #1 by Ada/),
    ]);
    expect((await told.channel('triage'))[0]?.text).not.toContain('[Declare]');
  });

  it('can be snoozed with a reason, and comes back when the snooze ends', async () => {
    told = await story({ database });
    await told.alerts('generic', mild('Pages are slow'));
    await told.press('Ada', 'triage', 'Snooze', 'The owner is at lunch');
    await told.forward({ seconds: 2 });
    const snoozed = await told.channel('triage');
    expect(snoozed).toHaveLength(1);
    expect(snoozed[0]?.text).toMatch(/Snoozed until 21 Nov 13:00 UTC by Ada: The owner is at lunch/);
    await told.forward({ minutes: 58 });
    expect(await told.channel('triage')).toHaveLength(1);
    await told.forward({ minutes: 3 });
    const back = await told.channel('triage');
    expect(back).toHaveLength(2);
    expect(back[0]?.text).not.toContain('Snoozed');
    expect(back[0]?.text).toContain('[Declare]');
    expect(back[1]?.text).toContain('Back in the queue');
    await told.forward({ hours: 5 });
    expect(await told.channel('triage')).toHaveLength(2);
  });

  it('stays quiet after somebody dismissed it, for as long as it would reopen, and no longer', async () => {
    told = await story({ database });
    await told.alerts('generic', mild('Pages are slow'));
    await told.press('Ada', 'triage', 'Dismiss', 'Known noise of the backup');
    await told.forward({ minutes: 20 });
    const { receipt } = await told.alerts('generic', mild('Search is slow'));
    expect(await outcome(receipt)).toMatchObject({
      outcome: 'dismissed',
      why: expect.stringContaining('Known noise of the backup'),
    });
    expect((await queue()).map(({ status }) => status)).toEqual(['dismissed']);
    const quiet = await told.channel('triage');
    expect(quiet).toHaveLength(1);
    expect(quiet[0]?.text).toContain('Dismissed by Ada: Known noise of the backup');
    await told.forward({ minutes: 11 });
    await told.alerts('generic', mild('Login is slow'));
    expect((await queue()).map(({ status }) => status).sort()).toEqual(['dismissed', 'triage']);
    expect(await told.channel('triage')).toHaveLength(2);
  });

  it('becomes an incident by itself when enough of its kind come, dismissed or not', async () => {
    told = await story({ database });
    await told.alerts('generic', mild('Check 0'));
    await told.press('Ada', 'triage', 'Dismiss', 'One is no problem');
    for (let n = 1; n < 9; n++) await told.alerts('generic', mild(`Check ${n}`));
    expect((await incidents()).total).toBe(0);
    await told.alerts('generic', mild('Check 9'));
    const { incidents: open } = await incidents();
    expect(open).toMatchObject([{ number: 1, severity: 'sev2', severityReason: '10 alerts came' }]);
    expect((await told.incident(1)).alerts.total).toBe(10);
    expect((await told.channel('inc-1')).length).toBeGreaterThan(0);
    expect(await told.channel('stakeholders')).toHaveLength(1);
  });

  it('is dismissed by itself when everything has cleared', async () => {
    told = await story({ database });
    await told.alerts('generic', mild('Pages are slow'));
    await told.alerts('generic', mild('Search is slow'));
    await told.alerts('generic', mild('Pages are slow', 'resolved'));
    expect((await queue()).map(({ status }) => status)).toEqual(['triage']);
    await told.alerts('generic', mild('Search is slow', 'resolved'));
    expect(await queue()).toMatchObject([{ status: 'dismissed', outcome: { automatic: true } }]);
    await told.forward({ seconds: 2 });
    expect((await told.channel('triage')).map(({ text }) => text)).toEqual([
      expect.stringContaining('Dismissed by Muster: every alert cleared by itself'),
    ]);
  });
});
