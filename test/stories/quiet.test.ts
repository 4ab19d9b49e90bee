import { afterEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/alerts/alert.js';
import type { Button, Card } from '../../src/messages/card.js';
import { plainText } from '../../src/messages/plain.js';
import { type Database, databases, type Story, story } from './story.js';

/** 21 November 2026, 12:00 UTC: a Saturday. */
const file = `open-on-loopback: true
people:
  ada: { name: Ada Lovelace, zone: Europe/Berlin }
  bob: { name: Bob Stone }
services:
  registry: { tier: 1, owner: ada, second-owner: bob }
  ci: { tier: 2 }
`;

let told: Story;
afterEach(() => told?.end());

const alert = (name: string, about: object = {}) => ({
  fingerprint: name,
  status: 'firing',
  title: name,
  service: 'ci',
  severity: 'critical',
  ...about,
});
async function report(...alerts: object[]): Promise<Receipt['outcomes']> {
  const { receipt } = await told.alerts('generic', { alerts });
  return (await told.get(`/api/receipts/${receipt}`)).json<Receipt>().outcomes;
}
const buttonsOf = (card: Card | undefined): Button[] =>
  (card?.blocks ?? []).flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
async function press(user: string, card: Card | undefined, label: string) {
  const button = buttonsOf(card).find((each) => each.label === label);
  if (!button) throw new Error(`no ${label} in ${JSON.stringify(card)}`);
  return told.say(user, button.command);
}
async function direct(user: string): Promise<string[]> {
  const channel = (await told.bot.web.channels(user)).find(({ name }) => name === `direct-${user}`);
  return channel ? (await told.bot.web.messages(channel.id, 20)).map(({ card }) => plainText(card)) : [];
}
async function silenceCi(): Promise<void> {
  const preview = await told.say('ada', '/incident silence service=ci for 2h because kernel update');
  await press('ada', preview.card, 'Silence');
}

describe.each<Database>(databases)('what is silenced from chat, on %s', (database) => {
  it('is shown before it is held, is listed while it is, and what still fires is heard when it ends', async () => {
    told = await story({ file, database });
    await report(alert('BuildsFail'));
    await report(alert('BuildsFail', { status: 'resolved' }));

    const preview = await told.say('ada', '/incident silence service=ci for 2h because kernel update');
    const shown = plainText(preview.card!);
    expect(shown).toContain('Nothing is kept quiet yet.');
    expect(shown).toContain('until 21 Nov 15:00 +01:00 Europe/Berlin (2 h)');
    expect(shown).toContain('None of them fires now.');
    expect(shown).toContain('1 alert of the last 7 days is like this: BuildsFail of ci; services: ci (1, tier 2).');
    expect((await told.say('bob', '/incident silences')).text).toContain('Nothing is silenced');
    const set = await press('ada', preview.card, 'Silence');
    expect(set.text).toBe('Silence 1 is set: service ci, until 21 Nov 15:00 +01:00 Europe/Berlin. kernel update');

    const [held] = await report(alert('QueueFull'));
    expect(held).toMatchObject({ outcome: 'suppressed', incidentId: null });
    expect(held?.why).toBe('silence 1 by Ada Lovelace until 21 Nov 14:00 UTC: kernel update');
    await report(alert('Short'));
    expect(plainText((await told.say('bob', '/incident silences')).card!)).toContain(
      'silence 1 · service ci · by Ada Lovelace · until 21 Nov 14:00 UTC · holds 2 alerts now · kernel update',
    );
    await report(alert('Short', { status: 'resolved' }));
    const [other] = await report(alert('PushesFail', { service: 'registry' }));
    expect(other?.outcome).toBe('opened');

    await told.restart();
    await told.forward({ minutes: 119 });
    await told.bot.quiet.look();
    await told.forward({ seconds: 1 });
    expect((await direct('ada')).at(-1)).toContain('Your silence 1 (service ci) ends in 1 min.');
    await told.forward({ seconds: 59 });
    await told.bot.quiet.look();
    await told.bot.quiet.look();
    await told.forward({ minutes: 1 });
    const ends = (await direct('ada')).filter((each) => each.includes('has ended'));
    expect(ends).toEqual(['Silence 1 (service ci) has ended. 1 alert still fires and is heard now: QueueFull of ci.']);
    const { incidents } = await told.bot.store.incidents({ kind: 'machine' }, { limit: 10, offset: 0 });
    const heard = incidents.filter(({ services }) => services.includes('ci'));
    expect(heard.map(({ status, alerts }) => [status, alerts.firing])).toContainEqual(['investigating', 1]);
    const events = (await told.bot.store.systemEvents(0, 500)).filter(({ type }) => type.startsWith('silence'));
    expect(events.map(({ type, actor, body }) => [type, actor.kind, (body as { because: string }).because])).toEqual([
      ['silenceSet', 'person', 'kernel update'],
      ['silenceEnded', 'machine', 'kernel update'],
    ]);
    expect((await told.bot.store.verify()).problems).toEqual([]);
  });
});

describe('a silence', () => {
  it('never holds a suspected compromise, and never the end of what an incident has', async () => {
    told = await story({ file });
    const [opened] = await report(alert('QueueFull'));
    await silenceCi();
    const [leaked] = await report(alert('SecretLeaked', { labels: { category: 'credential' } }));
    expect(leaked).toMatchObject({ incidentId: opened?.incidentId });
    expect(leaked?.why).toContain('this may be a compromise, which is heard all the same');
    const [cleared] = await report(alert('QueueFull', { status: 'resolved' }));
    expect(cleared).toMatchObject({ outcome: 'resolved', incidentId: opened?.incidentId });
    expect((await told.incident(1)).alerts.firing).toBe(1);
  });

  it('that somebody ends is told to whoever set it, and what it held is heard at once', async () => {
    told = await story({ file });
    await silenceCi();
    await report(alert('QueueFull'), alert('BuildsFail'));
    const ended = await told.say('bob', '/incident unsilence 1');
    expect(ended.text).toMatch(
      /^Silence 1 \(service ci\) was ended by Bob Stone\. 2 alerts still fire and are heard now: /,
    );
    await told.forward({ minutes: 1 });
    expect((await told.incident(1)).alerts).toMatchObject({ total: 2, firing: 2 });
    expect((await direct('ada')).at(-1)).toContain('was ended by Bob Stone');
    expect((await told.say('bob', '/incident unsilence 1')).refusal?.code).toBe('no-silence');
    expect((await report(alert('Another')))[0]?.outcome).toBe('attached');
  });

  it('set where an incident is worked on keeps its alerts from opening another, and its end is told there', async () => {
    told = await story({ file });
    await report(alert('QueueFull'));
    await told.forward({ minutes: 1 });
    const preview = await told.say('ada', '/incident silence this for 30m because it flaps', 1);
    expect(plainText(preview.card!)).toContain('1 fires now: QueueFull of ci.');
    const yes = buttonsOf(preview.card).find(({ label }) => label === 'Silence');
    await told.say('ada', yes?.command ?? '', 1);
    await told.forward({ minutes: 1 });
    const said = async () => (await told.channel('inc-1')).map(({ text }) => text);
    expect((await said()).at(-1)).toContain(
      'Ada Lovelace set silence 1: service ci and alert QueueFull and source generic',
    );
    expect((await report(alert('QueueFull', { fingerprint: 'again' })))[0]?.outcome).toBe('suppressed');
    expect((await report(alert('Other')))[0]?.outcome).toBe('attached');
    await told.say('ada', '/incident silence extend 1 10m');
    await told.forward({ minutes: 32 });
    await told.bot.quiet.look();
    expect((await said()).filter((each) => each.includes('has ended'))).toEqual([]);
    await told.forward({ minutes: 10 });
    await told.bot.quiet.look();
    await told.forward({ minutes: 1 });
    expect((await said()).filter((each) => each.includes('Silence 1'))).toEqual([
      expect.stringContaining('has ended. 1 alert still fires and is heard now: QueueFull of ci.'),
    ]);
  });
});

describe('maintenance', () => {
  it('of the configuration holds alerts by the clock of its zone, and what still fires is heard when it is taken out', async () => {
    told = await story({
      file: `${file}maintenance:
  weekly: { services: [ci], every: "30 13 * * sat", for: 2h, zone: Europe/Berlin, because: updates }
`,
    });
    expect((await report(alert('Early')))[0]?.outcome).toBe('opened');
    await report(alert('Early', { status: 'resolved' }));
    await told.forward({ minutes: 31 });
    const [held] = await report(alert('QueueFull'));
    expect(held?.why).toBe('maintenance weekly until 21 Nov 14:30 UTC: updates');
    expect(plainText((await told.say('bob', '/incident silences')).card!)).toContain(
      'maintenance weekly · service ci · now, until 21 Nov 14:30 UTC · holds 1 alert now · updates',
    );
    await told.write(file);
    await told.forward({ minutes: 1 });
    expect((await told.incident(1)).alerts.firing).toBe(1);
  });

  it('from chat begins when it was said to', async () => {
    told = await story({ file });
    const preview = await told.say('ada', '/incident maintenance ci 13:30 for 1h because new disks');
    expect(plainText(preview.card!)).toContain('from 21 Nov 13:30 +01:00 Europe/Berlin until 21 Nov 14:30 +01:00');
    await press('ada', preview.card, 'Set it');
    expect((await report(alert('Early')))[0]?.outcome).toBe('opened');
    await told.forward({ minutes: 30 });
    expect((await report(alert('Late', { fingerprint: 'late', service: 'ci' })))[0]?.outcome).toBe('suppressed');
  });
});

describe('a source that has to be heard', () => {
  const heartbeats = `${file}sources:
  backup: { kind: heartbeat, default-service: ci, expect: { every: 4m, grace: 1m } }
`;
  const beat = async () => fetch(`${told.bot.url}/alerts/backup`, { method: 'POST' });
  const look = async (minutes: number) => {
    // What is counted of a source is written within a second.
    await told.get('/api/sources/backup');
    for (let each = 0; each < minutes; each++) {
      await told.forward({ minutes: 1 });
      await told.bot.heartbeats.look();
    }
    await told.bot.runner.untilIdle();
  };

  it('opens an incident when it stops, which a restart neither ends nor doubles, and ends it when it is back', async () => {
    told = await story({ file: heartbeats });
    expect((await beat()).status).toBe(202);
    await look(4);
    expect((await told.get('/api/incidents')).text).not.toContain('heartbeat missing');
    await look(1);
    expect((await told.incident(1)).title).toContain('heartbeat missing');
    await told.restart();
    await look(9);
    expect((await told.incident(1)).alerts).toMatchObject({ total: 1, firing: 1 });
    await beat();
    await look(1);
    expect((await told.incident(1)).alerts).toMatchObject({ total: 1, firing: 0 });
    expect((await told.get('/metrics')).text).toContain('muster_source_silent{source="backup"} 0');
  });

  it('is not late because Muster was away', async () => {
    told = await story({ file: heartbeats });
    await beat();
    await told.get('/api/sources/backup');
    await told.stop();
    told.sleep({ hours: 5 });
    await told.start();
    await look(4);
    expect((await told.get('/api/incidents')).text).not.toContain('heartbeat missing');
    await look(1);
    expect((await told.incident(1)).title).toContain('heartbeat missing');
  });
});
