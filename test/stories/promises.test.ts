import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { type FakeMailServer, startMailServer, type TakenMail } from '../fakes/mail-server.js';
import { type Receiver, startReceiver } from '../fakes/webhook-receiver.js';
import { type Database, databases, type Story, story } from './story.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
let told: Story;
let server: FakeMailServer;
let receiver: Receiver;
afterEach(async () => {
  await told.end();
  await server.close();
  await receiver.close();
});

async function begin(database: Database, more = ''): Promise<void> {
  server = await startMailServer();
  receiver = await startReceiver();
  told = await story({
    database,
    env: { HOOK: secret },
    file: `
open-on-loopback: true
public-status: true
platform-lead: lea
mail: { host: 127.0.0.1, port: ${server.port}, security: none, from: Muster <muster@example.com> }
people:
  cleo: { name: Cleo, email: cleo@example.com, zone: Europe/Berlin }
  ada: { name: Ada }
  lea: { name: Lea }
audiences:
  board: { mail: [board@example.com], kind: executives }
  world: { webhook: ${JSON.stringify(receiver.url)}, secrets: [{ env: HOOK }], kind: public }
${more}`,
  });
}

const of = (address: string): TakenMail[] => server.mails.filter(({ to }) => to.includes(address));
const head = (mail: TakenMail | undefined, name: string): string => mail?.headers.get(name) ?? '';
const direct = async (person: string) => {
  const channels = await told.bot.web.channels(person);
  const found = await Promise.all(channels.map(({ id }) => told.bot.web.messages(id, 100)));
  return found.flat().map(({ card }) => plainText(card));
};
const called = async (person: string) => (await direct(person)).filter((text) => text.includes('You are called as'));

describe.each(databases)('one incident for two audiences, on %s', (database) => {
  it('executives read little, everybody only what a person confirms, and nothing internal leaves', async () => {
    await begin(database);
    await told.say('Ada', '/incident declare --sev 1 CANARY registry-1 is down');
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident impact Nobody can publish images', 1);
    await told.say('Ada', '/incident workaround CANARY push to mirror-2', 1);
    await told.say('Ada', '/incident update CANARY: registry-1 has a full disk.', 1);
    expect(receiver.calls).toEqual([]);
    expect((await told.get('/public')).text).toContain('Nothing is known to be broken');

    const asked = await told.say('Ada', '/incident publish Some of you cannot publish images on registry-1.', 1);
    expect(asked.refusal?.code).toBe('confirm');
    expect(asked.text).toContain('It names what is internal: registry-1.');
    expect(receiver.calls).toEqual([]);
    const draft = await told.say('Ada', '/incident publish', 1);
    expect(draft.text).toContain('Nobody can publish images.');
    expect(draft.text).not.toMatch(/CANARY|registry-1|mirror-2/);

    const words = 'Some of you cannot publish images.';
    await told.say('Ada', `/incident publish --title "Publishing images fails" --confirm ${words}`, 1);
    await told.say('Ada', '/incident update Half of it is back. Decision: May we stop all builds?', 1);
    const [first] = receiver.taken;
    expect(receiver.taken).toHaveLength(1);
    expect(first?.body).toMatchObject({
      type: 'incident.published',
      data: { incident: { title: 'Publishing images fails', services: [] }, update: { text: words, impact: null } },
    });
    const everybody = [
      receiver.calls.map(({ text }) => text).join(),
      (await told.get('/public')).text,
      (await told.get('/public/incidents/1')).text,
      (await told.get('/public/feed.atom')).text,
    ];
    for (const text of everybody) {
      expect(text).not.toMatch(/CANARY|registry-1|mirror-2|Half of it/);
      expect(text).toContain(words);
    }

    const brief = of('board@example.com').map(({ text }) => text);
    expect(brief[1]).toContain('Impact: Nobody can publish images');
    expect(brief.at(-1)).toContain('Decision needed: May we stop all builds?');
    expect(brief.join()).not.toContain('full disk');

    const over = await told.say('Ada', '/incident resolve The disk of registry-1 is replaced.', 1);
    expect(over.text).toContain('Everybody outside still reads that it goes on.');
    await told.say('Ada', '/incident publish --confirm It works again.', 1);
    expect(receiver.taken).toHaveLength(2);
    expect((await told.get('/public')).text).toContain('Nothing is known to be broken');
    await told.say('Ada', '/incident close', 1);
    const closing = (await told.channel('inc-1')).map(({ text }) => text).find((text) => text.includes('Closed'));
    expect(closing).toContain('Updates on time: 3 of 3');
  });
});

describe('while an update is owed', () => {
  it('communications, the commander and the lead are called once each; a person’s word ends it, Muster’s own does not', async () => {
    await begin('SQLite');
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident assign communications @Cleo', 1);
    await told.forward({ minutes: 31 });
    expect([await called('cleo'), await called('ada'), await called('lea')].map(({ length }) => length)).toEqual([
      1, 0, 0,
    ]);
    await told.forward({ minutes: 10 });
    const [ada] = await called('ada');
    expect(ada).toContain('You are called as the commander, after communications.');
    await told.forward({ minutes: 10 });
    const [lea] = await called('lea');
    expect(lea).toContain('owed for #1 Nothing builds since 12:30 UTC');
    await told.forward({ hours: 3 });
    expect([await called('cleo'), await called('ada'), await called('lea')].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
    const stakeholders = (await told.channel('stakeholders')).map(({ text }) => text);
    expect(stakeholders.filter((text) => text.includes('Automatic update'))).toHaveLength(2);
    expect(receiver.calls).toEqual([]);
    expect(of('board@example.com')).toHaveLength(1);

    await told.say('Cleo', '/incident update We look.', 1);
    await told.say('Ada', '/incident resolve Done.', 1);
    const { updates } = await told.incident(1);
    expect(updates.punctuality).toMatchObject({ made: 4, kept: 1, latestMs: (181 + 20) * 60_000 });
    expect(updates.climb).toBeNull();
  });
});

describe('a subscription', () => {
  it('brings mail of a service with a link that ends it alone, in the person’s own zone', async () => {
    await begin('SQLite', 'subscriptions: [{ for: [lea, cleo], services: [storage] }]');
    const alert = (service: string) => ({
      alerts: [{ title: 'Disk full', service, severity: 'critical', fingerprint: service }],
    });
    expect((await told.say('Ada', '/incident subscribe registry')).refusal?.code).toBe('no-address');
    await told.say('Cleo', '/incident subscribe registry by mail');
    expect((await told.say('Cleo', '/incident subscribe')).text).toBe('You get mail about registry.');
    await told.alerts('generic', alert('registry'));
    const [mail, ...more] = of('cleo@example.com');
    expect(more).toEqual([]);
    expect(mail?.text).toMatch(/UTC \(\d\d:\d\d \+01:00 Europe\/Berlin\)/);
    expect(mail?.text).toContain('because you subscribed to registry');
    expect(head(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const link = head(mail, 'list-unsubscribe').slice(1, -1);

    expect(await (await fetch(link)).text()).toContain('You get mail about registry.');
    await told.alerts('generic', alert('storage'));
    expect(of('cleo@example.com')).toHaveLength(2);
    const pressed = await fetch(link, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('You are unsubscribed')]);
    await told.say('Ada', '/incident update We look.', 1);
    expect(of('cleo@example.com')).toHaveLength(2);
    await told.say('Ada', '/incident update We look.', 2);
    expect(of('cleo@example.com')).toHaveLength(3);

    await told.say('Cleo', '/incident unsubscribe storage');
    await told.say('Ada', '/incident update We still look.', 2);
    expect(of('cleo@example.com')).toHaveLength(3);
    expect((await told.say('Cleo', '/incident subscribe')).text).toContain('You get no mail of incidents.');
    expect((await fetch(`${link}x`)).status).toBe(404);
  });

  it('never tells of private incidents and drills', async () => {
    await begin('SQLite');
    await told.say('Cleo', '/incident subscribe everything');
    await told.say('Cleo', '/incident declare --private --sev 1 Keys are out');
    expect((await told.say('Cleo', '/incident subscribe #1')).refusal?.code).toBe('not-by-mail');
    expect((await told.say('Ada', '/incident subscribe #1')).refusal?.code).toBe('unknown-incident');
    await told.say('Cleo', '/incident update We rotate them.', 1);
    expect((await told.say('Cleo', '/incident publish --confirm Keys are out.', 1)).refusal?.code).toBe('not-public');
    expect(server.tries()).toBe(0);
    expect(receiver.calls).toEqual([]);
  });
});
