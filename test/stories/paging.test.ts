import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventType } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { type FakeMailServer, startMailServer } from '../fakes/mail-server.js';
import { startGotify, startNtfy, startPagerDuty, startTwilio } from '../fakes/page-services.js';
import { type Story, story } from './story.js';

const ntfyToken = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2';
const gotifyToken = 'AbCdEf.GhIjKlMn';
const routingKey = '0123456789abcdef0123456789abcdef';
const account = { sid: `AC${'1'.repeat(32)}`, token: 'auth-token' };
const env = {
  NTFY_TOKEN: ntfyToken,
  GOTIFY_TOKEN: gotifyToken,
  ROUTING_KEY: routingKey,
  TWILIO_SID: account.sid,
  TWILIO_TOKEN: account.token,
  MUSTER_API_TOKEN: 'api-token-api-token-api-token',
  MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
};

let told: Story;
let services: { close(): Promise<void> }[] = [];
let mail: FakeMailServer;
let ntfy: Awaited<ReturnType<typeof startNtfy>>;
let gotify: Awaited<ReturnType<typeof startGotify>>;
let pagerDuty: Awaited<ReturnType<typeof startPagerDuty>>;
let twilio: Awaited<ReturnType<typeof startTwilio>>;

beforeEach(async () => {
  mail = await startMailServer();
  ntfy = await startNtfy(ntfyToken);
  gotify = await startGotify(gotifyToken);
  pagerDuty = await startPagerDuty();
  twilio = await startTwilio(account);
  services = [mail, ntfy, gotify, pagerDuty, twilio];
});
afterEach(async () => {
  await told.end();
  await Promise.all(services.map((each) => each.close()));
});

const token = '{ env: NTFY_TOKEN }';
const ways = {
  ntfy: (url = ntfy.url) => `{ via: ntfy, url: ${url}, topic: ada-x7, token: ${token} }`,
  gotify: () => `{ via: gotify, url: ${gotify.url}, token: { env: GOTIFY_TOKEN } }`,
  pagerduty: () => `{ via: pagerduty, url: ${pagerDuty.url}/v2/enqueue, routing-key: { env: ROUTING_KEY } }`,
};

const phones: Record<string, string> = { ada: '+49 30 123456', dora: '+49 30 222222', eve: '+49 30 333333' };

/** These are called for every sev1, by these ways; Bob is somebody else. */
async function begin(called: Record<string, string[]>, more = '', callsWithinMs?: number): Promise<void> {
  const people = Object.entries(called).map(
    ([id, page]) =>
      `  ${id}: { name: ${id}, email: ${id}@example.com, phone: ${phones[id] ?? '+49 30 1'}${page.length > 0 ? `, page: [${page.join(', ')}]` : ''} }`,
  );
  told = await story({
    ...(callsWithinMs && { callsWithinMs }),
    env,
    file: `mail: { host: 127.0.0.1, port: ${mail.port}, security: none, from: Muster <muster@example.com> }
people:
${people.join('\n')}
  bob: { name: Bob }
severities: { sev1: { page: [${Object.keys(called).join(', ')}] } }
${more}`,
  });
}
const typed = async (line: string, by = 'Bob', incident?: number) => {
  await fetch(`${told.bot.url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${env.MUSTER_API_TOKEN}` },
    body: JSON.stringify({ text: line, user: by, ...(incident && { incident }) }),
  });
  await told.bot.runner.untilIdle();
};
async function calls(title = 'Registry: pushes fail'): Promise<void> {
  const response = await fetch(`${told.bot.url}/alerts/generic`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${env.MUSTER_ALERTS_TOKEN}` },
    body: JSON.stringify({ alerts: [{ title, service: 'registry', severity: 'critical' }] }),
  });
  expect(response.status).toBe(202);
  await told.bot.runner.untilIdle();
}
/** `pageFailed ntfy mail`: what became of the pages of one person, way by way, and which was next. */
const outcomes = async (who: string, types: EventType[] = ['pageHandedOver', 'pageFailed', 'pageUnreached']) => {
  const { id } = await told.incident(1);
  return (await told.bot.store.timeline(machine, id))
    .filter(({ type, body }) => types.includes(type) && (body as { personId: string }).personId === who)
    .map(({ type, body }) => {
      const { way, next } = body as { way?: string; next?: string | null };
      return [type, way, next].filter(Boolean).join(' ');
    });
};
const direct = async (who: string) => {
  const channel = (await told.bot.web.channels(who)).find(({ key }) => key.startsWith('person/'));
  return channel ? told.bot.web.messages(channel.id, 100) : [];
};
const page = (link: string, init: RequestInit = {}) =>
  fetch(link, { redirect: 'manual', ...init, headers: { accept: 'text/html', ...init.headers } });
const press = (link: string, act: 'ack' | 'take' = 'ack', headers: Record<string, string> = {}) =>
  page(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: `act=${act}`,
  });

it('calls each person by all of their own ways, and each outcome stands on the timeline', async () => {
  const api = `${twilio.url}/2010-04-01/Accounts/{{secret.sid}}`;
  const basic = 'basic: { user: { env: TWILIO_SID }, password: { env: TWILIO_TOKEN } }';
  const refusing = await startNtfy('another-token');
  services.push(refusing);
  await begin(
    {
      ada: ['{ via: chat }', '{ via: mail }', ways.ntfy(), ways.gotify(), ways.pagerduty()],
      carl: [],
      dora: ['{ via: webhook, name: sms }', '{ via: webhook, name: voice }', '{ via: mail, severities: [sev3] }'],
      eve: [ways.ntfy(refusing.url)],
    },
    `page-webhooks:
  sms:
    url: ${api}/Messages.json
    ${basic}
    secrets: { sid: { env: TWILIO_SID } }
    body: { To: '{{person.phone}}', From: '+4930987654', Body: '{{title}}. Acknowledge: {{link}}' }
  voice:
    url: ${api}/Calls.json
    ${basic}
    secrets: { sid: { env: TWILIO_SID } }
    headers: { content-type: application/x-www-form-urlencoded }
    body: 'To={{person.phone}}&From=%2B4930987654&Twiml=<Response><Say loop="2">{{xml.title}}</Say></Response>'
`,
  );
  await calls('pushes & pulls fail </Say><Dial>+1900</Dial>&To=+1900');
  expect([ntfy, gotify, pagerDuty, twilio].flatMap(({ complaints }) => complaints)).toEqual([]);

  const title = '[sev1] #1 registry: pushes & pulls fail </Say><Dial>+1900</Dial>&To=+1900';
  const [pushed] = ntfy.taken;
  expect(pushed).toMatchObject({ topic: 'ada-x7', title, priority: 5, actions: [{ label: 'Acknowledge' }] });
  expect(pushed?.click).toMatch(/^http:\/\/\S+\/ack\/[\w-]{43}$/);
  expect(pushed?.actions?.[0]?.url).toBe(pushed?.click);
  expect(gotify.taken[0]).toMatchObject({ title, priority: 10 });
  expect(pagerDuty.taken[0]).toMatchObject({
    event_action: 'trigger',
    dedup_key: `muster/${(await told.incident(1)).id}`,
    payload: { summary: title, severity: 'critical' },
  });
  const mailed = mail.mails.map(({ to, headers }) => [to[0], headers.get('subject')]).sort();
  expect(mailed).toEqual([
    ['ada@example.com', title],
    ['carl@example.com', title],
  ]);
  expect(mail.mails[0]?.text).toMatch(/\/ack\/[\w-]{43}/);
  for (const who of ['ada', 'carl']) expect(await direct(who)).toHaveLength(1);
  expect((await outcomes('ada')).sort()).toEqual(
    ['chat', 'gotify', 'mail', 'ntfy', 'pagerduty'].map((way) => `pageHandedOver ${way}`),
  );

  const [sms, voice] = ['Messages', 'Calls'].map((what) => twilio.taken.find((each) => each.what === what));
  expect(sms).toMatchObject({ To: '+4930222222', From: '+4930987654' });
  expect(sms?.Body).toMatch(/pulls fail <\/Say><Dial>.*Acknowledge: http:\S+\/ack\/[\w-]{43}$/);
  expect(voice).toMatchObject({ To: '+4930222222' });
  expect(voice?.Twiml).toContain('pushes &amp; pulls fail &lt;/Say&gt;');

  expect(refusing.complaints).toEqual(['unauthorized']);
  await typed('/incident page-test', 'eve');
  await expect.poll(async () => (await direct('eve')).at(-1)?.card.summary).toBe('Test page: ntfy did not take it.');
  await typed('/incident page-test', 'dora');
  await expect.poll(async () => (await direct('dora')).at(-1)?.card.summary).toBe('Test page: every way took it.');
  expect(mail.mails.at(-1)?.headers.get('subject')).toBe('Test page from Muster');
  expect(await outcomes('eve')).toEqual(['pageFailed ntfy', 'pageUnreached']);
  const { channels } = await told.incident(1);
  const cards = async () =>
    (await told.channel(String(channels.web?.name))).filter(({ text }) => /could not be paged/.test(text));
  expect((await cards()).map(({ text }) => text.includes('eve: +49 30 333333'))).toEqual([true]);
  // Called again and again, they are named once.
  await told.forward({ minutes: 6 });
  expect(refusing.calls.length).toBeGreaterThan(2);
  expect(await cards()).toHaveLength(1);
});

it('the link acknowledges as whoever was called, with one press, and everything stops everywhere', async () => {
  await begin({ ada: ['{ via: chat }', ways.ntfy(), ways.pagerduty(), '{ via: mail, after: 4m }'] });
  await calls();
  const link = ntfy.taken[0]?.click as string;
  // A program that looks at every link, and a look of one's own, do nothing.
  for (const method of ['HEAD', 'GET', 'GET']) expect((await page(link, { method })).status).toBe(200);
  const html = await (await page(link)).text();
  expect(html).toContain('registry: pushes fail');
  expect(html).not.toMatch(/<script/);
  expect((await told.incident(1)).acknowledgedAt).toBeNull();
  await told.forward({ minutes: 2 });
  expect((await press(link)).status).toBe(303);
  await told.bot.runner.untilIdle();
  expect(await told.incident(1)).toMatchObject({ acknowledgedBy: 'ada', acknowledgedAt: told.now() });
  expect(await (await page(link)).text()).toContain('You acknowledged at 12:02 UTC.');
  const [message, ...more] = await direct('ada');
  expect(more).toEqual([]);
  expect(message?.card.summary).toContain('somebody is on it');
  expect(JSON.stringify(message?.card)).not.toContain('buttons');
  const acts = () => pagerDuty.taken.map(({ event_action }) => event_action);
  expect(acts()).toEqual(['trigger', 'acknowledge']);
  await told.forward({ minutes: 5 });
  expect(mail.mails).toEqual([]);

  expect((await press(link, 'take')).status).toBe(303);
  expect((await told.incident(1)).roles.commander).toBe('ada');
  await typed('/incident resolve it works again', 'ada', 1);
  await told.forward({ seconds: 5 });
  expect(acts()).toEqual(['trigger', 'acknowledge', 'resolve']);
  expect(new Set(pagerDuty.taken.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  expect(await (await page(link)).text()).toMatch(/You acknowledged at 12:02 UTC\.\s*It is resolved/);
  expect(pagerDuty.complaints).toEqual([]);
});

it('a link pressed late says calmly who was faster, runs out, and opens nothing else', async () => {
  await begin({ ada: [ways.ntfy()] });
  await calls();
  const link = ntfy.taken[0]?.click as string;
  await typed('/incident ack', 'Bob', 1);
  const said = await (await page(link)).text();
  expect(said).toContain('Bob acknowledged at 12:00 UTC.');
  expect(said).not.toContain('>Acknowledge<');
  expect((await press(link)).status).toBe(303);
  expect((await told.incident(1)).acknowledgedBy).toBe('bob');
  expect((await press(link, 'take', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await press(`${link}x`)).status).toBe(404);
  expect((await page(`${told.bot.url}/incidents/1`)).headers.get('location')).toMatch(/^\/sign-in/);
  expect((await told.incident(1)).roles).toEqual({});
  told.sleep({ hours: 12 });
  for (const answer of [await page(link), await press(link, 'take')]) {
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('pushes fail');
  }
});

const troubles = {
  refused: { kind: 'status', status: 401 },
  failing: { kind: 'status', status: 500 },
  limited: { kind: 'status', status: 429, headers: { 'retry-after': '120' } },
  broken: { kind: 'reset' },
  silent: { kind: 'hang' },
} as const;

it('has the next way at once where one is refused or asks to wait, and within 30 s where one only fails', async () => {
  const servers = new Map<string, Awaited<ReturnType<typeof startNtfy>>>();
  for (const [who, fault] of Object.entries(troubles)) {
    const server = await startNtfy(ntfyToken);
    server.fail(fault);
    servers.set(who, server);
  }
  services.push(...servers.values());
  const later = '{ via: chat, after: 15m }';
  await begin(Object.fromEntries([...servers].map(([who, { url }]) => [who, [ways.ntfy(url), later]])), '', 400);
  const called = async () => {
    const messages = await Promise.all([...servers.keys()].map(async (who) => [who, await direct(who)] as const));
    return messages.flatMap(([who, all]) => all.map(() => who)).sort();
  };
  await calls();
  expect(await called()).toEqual(['limited', 'refused']);
  await told.forward({ seconds: 30 });
  expect(await called()).toEqual(Object.keys(troubles).sort());
  for (const who of servers.keys())
    expect(await outcomes(who)).toEqual(['pageFailed ntfy chat', 'pageHandedOver chat']);
  // What fails only for now is tried on; what was refused is not.
  for (const server of servers.values()) server.heal();
  await told.forward({ minutes: 3 });
  expect([...servers].filter(([, { taken }]) => taken.length > 0).map(([who]) => who)).toEqual(
    Object.keys(troubles).filter((who) => who !== 'refused'),
  );
});

it('a private incident is called by its number alone; a Muster that was restored calls nobody before it is released', async () => {
  await begin({ ada: [ways.ntfy()] });
  await typed('/incident declare --private --sev 2 Signing key has leaked');
  await told.bot.store.hold({}, told.now());
  await typed('/incident page @ada', 'Bob', 1);
  await told.forward({ minutes: 3 });
  expect(ntfy.calls).toEqual([]);
  await told.bot.store.release({ messagesFrom: null, now: told.now() });
  await told.forward({ minutes: 2 });
  const [pushed] = ntfy.taken;
  expect(pushed?.title).toBe('[sev2] #1 (private)');
  expect(JSON.stringify(ntfy.taken)).not.toContain('leaked');
  expect(await (await page(String(pushed?.click))).text()).toContain('Signing key has leaked');
});
