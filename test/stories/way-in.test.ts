import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/platform.js';
import { builtInChat, builtInPolicy } from '../../src/config/defaults.js';
import { type FakeMailServer, startMailServer, type TakenMail } from '../fakes/mail-server.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { isSignedBy, type Receiver, startReceiver } from '../fakes/webhook-receiver.js';
import { type Database, databases, noon, type Story, story } from './story.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let told: Story;
let chat: RemoteChat;
let server: FakeMailServer;
let phone: Receiver;
/** Those that call somebody are told of elsewhere. */
const mails = () => server.mails.filter(({ headers }) => headers.get('importance') !== 'high');
const pushes = () =>
  phone.taken.filter(({ text }) =>
    /cannot be reached|cannot be used/.test((JSON.parse(text) as { title: string }).title),
  );
/** Known to the remote chat alone, with an address that it has made sure of. */
let cleo: string;

beforeEach(async () => {
  server = await startMailServer();
  phone = await startReceiver();
  chat = await startRemoteChat({ now: () => told?.now() ?? noon });
});
afterEach(async () => {
  await told.end();
  await Promise.all([server.close(), phone.close(), chat.close()]);
});

const file = (open: boolean) => `
open-on-loopback: ${open}
mail: { host: 127.0.0.1, port: ${server.port}, security: none, from: Muster <muster@example.com> }
people:
  ada:
    name: Ada Lovelace
    email: ada@example.com
    push: { to: ${JSON.stringify(phone.url)}, secrets: [{ env: PUSH }], topic: ada-on-call }
  bob: { name: Bob Stone }
services:
  vault: { name: Vault, owner: ada, data: restricted }
`;

async function begin({ database, open = false }: { database?: Database; open?: boolean } = {}): Promise<void> {
  const policy = builtInPolicy([]);
  told = await story({
    ...(database && { database }),
    file: file(open),
    env: {
      PUSH: secret,
      ...(!open && {
        MUSTER_API_TOKEN: 'api-token-api-token-api-token',
        MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
      }),
    },
    config: {
      policy: {
        ...policy,
        platforms: ['remote'],
        severities: { ...policy.severities, sev1: { ...policy.severities.sev1, page: ['ada', 'bob'] } },
      },
      chat: { ...builtInChat, awayAfterMs: 120_000 },
    },
    platforms: [remoteChatPlatform({ url: chat.url })],
    callsWithinMs: 3_000,
  });
  ({ personId: cleo } = await told.bot.store.identify('remote', 'R7', 'Cleo', 'cleo@example.com'));
}

async function typed(text: string, incident?: number, personId = cleo): Promise<Reply> {
  const incidentId = incident === undefined ? null : (await told.incident(incident)).id;
  const about = { personId, platform: 'remote', channel: null, incidentId };
  const reply = await told.bot.inbound.command({ id: crypto.randomUUID(), text, ...about });
  await told.bot.runner.untilIdle();
  return reply;
}
const declared = async (line = '/incident declare --sev 1 Registry: pushes fail'): Promise<void> => {
  await typed(line);
  await typed('/incident take commander', 1);
  await told.forward({ seconds: 10 });
};
async function lost(): Promise<void> {
  chat.fail({ kind: 'status', status: 503 }, { times: 100_000 });
  await typed('/incident note is anybody there?', 1);
  await told.forward({ minutes: 4 });
}
async function back(): Promise<void> {
  chat.heal();
  await told.forward({ minutes: 8 });
}
const to = (address: string): TakenMail[] => mails().filter((mail) => mail.to.includes(address));
const linkIn = ({ text }: TakenMail): string => /^https?:\S+$/m.exec(text)![0];
const press = (link: string) => fetch(link, { method: 'POST', redirect: 'manual' });
const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0]!;

it.each(databases)(
  'chat is down: whoever leads and is on call gets a way in, once, as themselves, on %s',
  async (database) => {
    await begin({ database });
    await declared();
    await lost();

    expect(
      mails()
        .map((mail) => mail.to[0])
        .sort(),
    ).toEqual(['ada@example.com', 'cleo@example.com']);
    const [mail] = to('cleo@example.com') as [TakenMail];
    expect(mail.headers.get('subject')).toBe('[sev1] #1 Registry: pushes fail: Remote cannot be reached');
    expect(mail.text).toMatch(
      /^Remote cannot be reached since 21 Nov 12:0\d UTC\. Incident #1 \(sev1, investigating\) goes on in the web room\.\n/,
    );
    expect(mail.text).toContain('\nYou command it.\n');
    expect(mail.text).toContain('It signs you in as Cleo, once, within 60 minutes, and asks for one click.');
    expect(mail.html).toContain(linkIn(mail));
    expect(to('ada@example.com')[0]?.text).toContain('\nYou are on call for it.\n');

    // The telephone is told by a signed call; what it is called does not show on a locked screen.
    expect(pushes()).toHaveLength(1);
    const [call] = pushes();
    expect(isSignedBy(secret, call!)).toBe(true);
    const pushed = call!.body as unknown as Record<string, unknown>;
    expect(pushed).toMatchObject({ topic: 'ada-on-call', title: '[sev1] #1: Remote cannot be reached', priority: 5 });
    expect(JSON.stringify(pushed)).not.toContain('pushes');
    expect(pushed.click).not.toBe(linkIn(to('ada@example.com')[0]!));

    // Whoever has no address is named where it goes on.
    const operators = (await told.channel('operators')).map(({ text }) => text).join('\n');
    expect(operators).toContain('these people have no address to be told so: Bob Stone');

    // A program that looks at every link changes nothing.
    const link = linkIn(mail);
    told.sleep({ hours: 0.8 });
    for (let i = 0; i < 3; i++) expect(await (await fetch(link)).text()).toContain('Sign in as Cleo?');
    const answer = await press(link);
    expect(answer.headers.get('location')).toBe('/incidents/1');
    const room = await fetch(`${told.bot.url}/incidents/1`, {
      headers: { cookie: cookieOf(answer), accept: 'text/html' },
    });
    const page = await room.text();
    expect(page).toContain('Signed in as <span>Cleo</span>');
    expect(page).toContain('inc-1');
    expect((await press(link)).status).toBe(404);
    // Nobody has used the others, and by now they are too old.
    told.sleep({ hours: 0.3 });
    expect((await press(linkIn(to('ada@example.com')[0]!))).status).toBe(404);
    expect((await press(String(pushed.click))).status).toBe(404);
  },
);

it('chat that comes and goes is one outage to people; another one later is told again', async () => {
  await begin();
  await declared();
  await lost();
  await back();
  expect((await told.incident(1)).away).toBeNull();
  await lost();
  expect((await told.incident(1)).away).not.toBeNull();
  expect(to('cleo@example.com')).toHaveLength(1);
  expect(pushes()).toHaveLength(1);
  chat.heal();
  await told.forward({ minutes: 12 });
  expect((await told.incident(1)).away).toBeNull();
  told.sleep({ hours: 1 });
  await lost();
  expect(to('cleo@example.com')).toHaveLength(2);
  expect(new Set(to('cleo@example.com').map(({ headers }) => headers.get('message-id'))).size).toBe(2);
});

it('who comes to lead or to be on call during the outage is told then, and not who takes it themselves', async () => {
  await begin();
  await declared('/incident declare --sev 2 Registry: pushes fail');
  await lost();
  expect(mails().map((mail) => mail.to[0])).toEqual(['cleo@example.com']);
  await typed('/incident sev 1 nobody can publish', 1);
  expect(mails().map((mail) => mail.to[0])).toEqual(['cleo@example.com', 'ada@example.com']);
  const { personId } = await told.bot.store.identify('remote', 'R8', 'Dora', 'dora@example.com');
  await typed('/incident take commander', 1, personId);
  expect(to('dora@example.com')).toEqual([]);
});

it('a mail server in trouble gets it later, and one that took it is not asked again for long', async () => {
  await begin();
  await declared();
  server.fail({ kind: 'status', code: 451, text: 'later' });
  phone.fail({ kind: 'lost' }, 1);
  await lost();
  expect(mails()).toEqual([]);
  await told.forward({ minutes: 2 });
  server.heal();
  await told.forward({ minutes: 2 });
  expect(to('cleo@example.com')).toHaveLength(1);
  expect(to('ada@example.com')).toHaveLength(1);
  // A repeat after a lost answer has the same id, so that its receiver shows it once.
  expect(new Set(pushes().map(({ id }) => id)).size).toBe(1);
});

it('home that is back before anybody could be told leaves nobody to be told', async () => {
  await begin();
  await declared();
  server.fail({ kind: 'status', code: 451, text: 'later' });
  await lost();
  await back();
  server.heal();
  await told.forward({ minutes: 5 });
  expect(mails()).toEqual([]);
  expect((await told.bot.store.jobs({ limit: 100 })).filter(({ key }) => key.startsWith('way-in/'))).toEqual([]);
});

it.each([
  ['a private incident', '/incident declare --private --sev 1 A key of Vault has leaked', false],
  ['an incident of a service whose data is restricted', '/incident declare --sev 1 A key of Vault has leaked', true],
])('the title of %s is not in the mail', async (_, line, restricted) => {
  await begin();
  if (restricted) {
    const body = [{ title: 'A key of Vault has leaked', service: 'vault', severity: 'critical' }];
    await fetch(`${told.bot.url}/alerts/generic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer alerts-token-alerts-token' },
      body: JSON.stringify({ alerts: body }),
    });
    await typed('/incident take commander', 1);
    if ((await told.incident(1)).severity !== 'sev1') await typed('/incident sev 1 it is grave', 1);
    await told.forward({ seconds: 10 });
  } else await declared(line);
  await lost();
  const [mail] = to('cleo@example.com') as [TakenMail];
  expect(mail.headers.get('subject')).toBe('[sev1] #1: Remote cannot be reached');
  expect(mail.raw).not.toMatch(/leaked|Vault/i);
  // Of a private one nobody hears who is not in it.
  expect(to('ada@example.com')).toHaveLength(restricted ? 1 : 0);
});

it('where nobody signs in the link leads straight to the incident', async () => {
  await begin({ open: true });
  await declared();
  await lost();
  const [mail] = to('cleo@example.com') as [TakenMail];
  expect(linkIn(mail)).toBe(`${told.bot.url}/incidents/1`);
  expect(mail.text).not.toContain('signs you in');
});

it('a Muster that was restored calls nobody before it is released', async () => {
  await begin();
  await declared();
  await told.bot.store.hold({}, told.now());
  await lost();
  expect((await told.incident(1)).away ?? null).toBeNull();
  await typed('/incident note somebody looks around in it', 1);
  await told.forward({ minutes: 2 });
  expect((await told.incident(1)).away?.platform).toBe('remote');
  expect([mails().length, pushes().length]).toEqual([0, 0]);
  await told.bot.store.release({ messagesFrom: null, now: told.now() });
  await told.forward({ minutes: 2 });
  expect(to('cleo@example.com')).toHaveLength(1);
});
