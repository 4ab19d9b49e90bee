import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import { databases, type Story, story } from './story.js';

const alert = (severity: string, title = 'Pushes fail') => ({
  alerts: [{ title, service: 'registry', severity, fingerprint: title, status: 'firing' }],
});
const ended = (title = 'Pushes fail') => ({
  alerts: [{ title, service: 'registry', severity: 'critical', fingerprint: title, status: 'resolved' }],
});

describe.each(databases)('an alert that fires on after its incident has ended, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());

  const total = async () => (await told.get('/api/incidents')).json<{ total: number }>().total;
  const queue = async (): Promise<Incident[]> =>
    (await told.bot.store.incidents(machine, { triage: true, limit: 10, offset: 0 })).incidents;
  const outcome = async (receipt: string) =>
    (await told.get(`/api/receipts/${receipt}`)).json<{
      outcomes: { outcome: string; why: string; incidentId: string }[];
    }>().outcomes[0];

  it('is said at the end, is a repeat for half an hour, and then opens a new incident with its channel', async () => {
    told = await story({ database });
    await told.alerts('generic', alert('critical'));
    await told.say('Ada', 'ack', 1);
    const over = 'if it is reported again later than 30 min from now, a new incident opens.';
    expect((await told.say('Ada', 'resolve', 1)).text).toContain(`1 alert still fires; ${over}`);
    expect((await told.say('Ada', 'close', 1)).text).toContain(`1 alert still fires; ${over}`);
    await told.forward({ seconds: 5 });
    const posts = (await told.channel('inc-1')).map(({ text }) => text);
    for (const what of ['Resolved', 'Closed'])
      expect(posts.find((text) => text.includes(`${what} by Ada`))).toContain('1 alert still firing.');

    await told.forward({ minutes: 29 });
    const quiet = await told.alerts('generic', alert('critical'));
    expect(await outcome(quiet.receipt)).toMatchObject({
      outcome: 'repeat',
      why: expect.stringContaining('reported again after 21 Nov 12:30 UTC, it is an incident anew'),
    });
    expect(await total()).toBe(1);

    await told.forward({ minutes: 2 });
    const { id } = await told.incident(1);
    const before = await told.bot.store.timeline(machine, id);
    const anew = await told.alerts('generic', alert('critical'));
    const second = await told.incident(2);
    expect(await outcome(anew.receipt)).toMatchObject({
      outcome: 'opened',
      why: expect.stringMatching(/^fires on although its incident has ended; opens an incident: sev1, because/),
      incidentId: second.id,
    });
    expect(second).toMatchObject({ status: 'investigating', severity: 'sev1', alerts: { firing: 1, total: 1 } });
    expect(second.impactStartedAt).toBe(told.now());
    expect((await told.channel('inc-2')).length).toBeGreaterThan(0);
    expect(await told.bot.store.timeline(machine, id)).toEqual(before);

    expect(await outcome((await told.alerts('generic', alert('critical'))).receipt)).toMatchObject({
      outcome: 'repeat',
      why: 'known since 21 Nov 12:00 UTC',
    });
    await told.alerts('generic', ended());
    expect(await told.incident(2)).toMatchObject({ alerts: { firing: 0 }, statusProposal: { status: 'monitoring' } });
    expect(await total()).toBe(2);
  });

  it('comes back to the triage queue after a dismissal, half an hour later', async () => {
    told = await story({ database });
    await told.alerts('generic', alert('info'));
    await told.press('Ada', 'triage', 'Dismiss', 'Known noise of the backup');
    await told.forward({ minutes: 29 });
    expect(await outcome((await told.alerts('generic', alert('info'))).receipt)).toMatchObject({ outcome: 'repeat' });
    expect((await queue()).map(({ status }) => status)).toEqual(['dismissed']);
    await told.forward({ minutes: 2 });
    expect(await outcome((await told.alerts('generic', alert('info'))).receipt)).toMatchObject({ outcome: 'triaged' });
    expect((await queue()).map(({ status }) => status).sort()).toEqual(['dismissed', 'triage']);
    expect(await told.channel('triage')).toHaveLength(2);
  });

  it('joins what is open of its group by then', async () => {
    told = await story({ database });
    await told.alerts('generic', alert('critical'));
    await told.say('Ada', 'resolve', 1);
    await told.say('Ada', 'close', 1);
    await told.forward({ minutes: 5 });
    await told.alerts('generic', alert('critical', 'Pulls fail'));
    await told.forward({ hours: 4 });
    const again = await told.alerts('generic', alert('critical'));
    expect(await outcome(again.receipt)).toMatchObject({
      outcome: 'attached',
      incidentId: (await told.incident(2)).id,
    });
    expect((await told.incident(2)).alerts).toMatchObject({ firing: 2, total: 2 });
    expect(await total()).toBe(2);
  });
});
