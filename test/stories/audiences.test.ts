import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookShape } from '../../src/audiences/webhook-shape.js';
import { pasted } from '../../src/secrets/testing.js';
import { type FakeMailServer, ownCertificate, startMailServer, type TakenMail } from '../fakes/mail-server.js';
import { isSignedBy, type Receiver, startReceiver } from '../fakes/webhook-receiver.js';
import { type Database, databases, type Story, story } from './story.js';

const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDAAECAwQFBgc='];

let told: Story;
let server: FakeMailServer;
let receiver: Receiver;
afterEach(async () => {
  await told.end();
  await server.close();
  await receiver.close();
});

const file = (audiences: string, mail = '') => `
open-on-loopback: true
mail: { host: 127.0.0.1, port: ${server.port}, security: none, from: Muster <muster@example.com>${mail} }
audiences:
${audiences}`;
const leads = '  leads: { mail: [cto@example.com, ceo@example.com] }';
const page = () => `  status-page: { webhook: ${JSON.stringify(receiver.url)}, secrets: [{ env: HOOK }] }`;

async function begin(audiences: () => string, about: { database?: Database; callsWithinMs?: number } = {}) {
  server = await startMailServer();
  receiver = await startReceiver();
  const env = { HOOK: secrets[0] as string };
  told = await story({ ...about, file: file(audiences()), env, callsWithinMs: about.callsWithinMs ?? 5_000 });
}

const of = (address: string): TakenMail[] => server.mails.filter(({ to }) => to.includes(address));
const head = (mail: TakenMail | undefined, name: string): string => mail?.headers.get(name) ?? '';
const ids = (mails: readonly TakenMail[]): string[] => mails.map((mail) => head(mail, 'message-id'));
const types = () => receiver.taken.map(({ body }) => body.type);
const waiting = async () => (await told.bot.store.jobs({ limit: 100 })).filter(({ key }) => key.startsWith('notify/'));
const given = async () =>
  (await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).map(({ lastError }) => lastError);

describe.each(databases)('an incident as those outside chat hear of it, on %s', (database) => {
  it('is one thread of mail to each address and one call after another, once each, whatever restarts in between', async () => {
    await begin(() => `${leads}\n${page()}`, { database });
    await told.say('Ada', '/incident declare --sev 2 Registry: pushes fail');
    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident sev 1 nobody can publish', 1);
    await told.restart();
    await told.say('Ada', '/incident update We look at the disks.', 1);
    await told.forward({ minutes: 5 });
    await told.say('Ada', '/incident resolve The disk is replaced.', 1);
    await told.restart();
    await told.say('Ada', '/incident close', 1);
    await told.forward({ minutes: 1 });

    for (const address of ['cto@example.com', 'ceo@example.com']) {
      const mails = of(address);
      expect(mails.map((mail) => head(mail, 'subject'))).toEqual([
        '[sev2] #1 Registry: pushes fail (investigating)',
        '[sev1] #1 Registry: pushes fail (investigating)',
        '[sev1] #1 Registry: pushes fail (investigating)',
        '[sev1] #1 Registry: pushes fail (resolved)',
      ]);
      expect(new Set(ids(mails)).size).toBe(4);
      const [first, ...later] = mails;
      expect(head(first, 'in-reply-to')).toBe('');
      for (const mail of later) {
        expect(head(mail, 'in-reply-to')).toBe(head(first, 'message-id'));
        expect(head(mail, 'references')).toBe(head(first, 'message-id'));
      }
      expect(head(first, 'to')).toBe(address);
    }
    const [declared, , update, resolved] = of('cto@example.com');
    expect(head(declared, 'from')).toBe('Muster <muster@example.com>');
    expect(head(declared, 'auto-submitted')).toBe('auto-generated');
    expect(head(declared, 'list-id')).toBe('<leads.muster.example.com>');
    expect(update?.text).toContain('We look at the disks.');
    expect(update?.html).toContain('We look at the disks.');
    expect(update?.text).toMatch(/http:\/\/127\.0\.0\.1:\d+\/incidents\/1\/status/);
    expect(resolved?.text).toContain('The disk is replaced.');

    expect(types()).toEqual([
      'incident.declared',
      'incident.severity_changed',
      'incident.updated',
      'incident.resolved',
      'incident.closed',
    ]);
    expect(receiver.calls).toHaveLength(5);
    for (const { text } of receiver.calls) expect(webhookShape.parse(JSON.parse(text))).toEqual(JSON.parse(text));
    expect(new Set(receiver.calls.map(({ id }) => id)).size).toBe(5);
    expect(receiver.calls.every((call) => isSignedBy(secrets[0] as string, call))).toBe(true);
    expect(receiver.calls.some((call) => isSignedBy(secrets[1] as string, call))).toBe(false);
    const order = receiver.taken.map(({ body }) => body.data.sequence);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(receiver.taken[1]?.body.data.incident).toMatchObject({ severity: 'sev1', severityWas: 'sev2', number: 1 });
    expect(receiver.taken[2]?.body.data.update).toMatchObject({ number: 1, text: 'We look at the disks.' });
    expect(await waiting()).toEqual([]);
  });

  it('stays inside when it is private', async () => {
    await begin(() => `${leads}\n${page()}`, { database });
    await told.say('Ada', '/incident declare --private --sev 1 Keys are out');
    await told.say('Ada', '/incident update We rotate them.', 1);
    await told.say('Ada', '/incident resolve Rotated.', 1);
    await told.forward({ minutes: 1 });
    expect(server.tries()).toBe(0);
    expect(receiver.calls).toEqual([]);
    expect(await told.bot.store.notices(10)).toEqual([]);
  });
});

describe('an audience', () => {
  it('that asks for a severity hears from the moment it is reached, and then to the end', async () => {
    await begin(() => `  board: { mail: [board@example.com], severities: [sev1] }\n${page()}`);
    await told.say('Ada', '/incident declare --sev 2 Builds are slow');
    await told.say('Ada', '/incident update We look.', 1);
    expect(of('board@example.com')).toEqual([]);
    await told.say('Ada', '/incident sev 1 nothing builds', 1);
    await told.say('Ada', '/incident sev 3 it builds again', 1);
    await told.say('Ada', '/incident resolve Done.', 1);
    const mails = of('board@example.com');
    expect(mails.map((mail) => head(mail, 'subject').slice(0, 6))).toEqual(['[sev1]', '[sev3]', '[sev3]']);
    const [thread] = [...new Set(mails.map((mail) => head(mail, 'in-reply-to')))];
    expect(thread).toMatch(/^<incident\.[\w-]+@example\.com>$/);
    expect(receiver.taken).toHaveLength(5);
  });

  it('that asks for a service hears of that one alone', async () => {
    await begin(() => `  storage: { mail: [storage@example.com], services: [storage] }\n${page()}`);
    const alert = (service: string) => ({
      alerts: [{ title: 'Disk full', service, severity: 'critical', fingerprint: service }],
    });
    await told.alerts('generic', alert('registry'));
    await told.alerts('generic', alert('storage'));
    await told.say('Ada', '/incident update We look.', 1);
    expect(of('storage@example.com').map((mail) => head(mail, 'subject'))).toEqual([
      '[sev2] #2 storage: Disk full (investigating)',
    ]);
    expect(receiver.taken).toHaveLength(3);
  });

  it('that is taken out of the file gets nothing more, and that is no failure', async () => {
    await begin(() => `${leads}\n${page()}`);
    server.fail({ kind: 'status', code: 451, text: 'Come back later' });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    expect((await waiting()).length).toBe(2);
    await told.write(file(page()));
    server.heal();
    await told.forward({ minutes: 5 });
    expect(server.mails).toEqual([]);
    expect(await waiting()).toEqual([]);
    expect(types()).toEqual(['incident.declared']);
  });

  it.each(databases)('is not told any more of what has been erased, on %s', async (database) => {
    await begin(() => leads, { database });
    server.fail({ kind: 'status', code: 451, text: 'Come back later' });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident update The password is hunter2.', 1);
    const { id } = await told.incident(1);
    const [posted] = (await told.bot.store.timeline({ kind: 'machine' }, id)).filter(
      ({ type }) => type === 'updatePosted',
    );
    const { redactedForm } = await import('../../src/incident/redact.js');
    const { fold } = await import('../../src/incident/evolve.js');
    const actor = { kind: 'machine', name: 'test' } as const;
    await told.bot.store.redact(
      `incident/${id}`,
      posted?.seq ?? 0,
      { reason: 'a password', actor, at: told.now(), remnant: redactedForm },
      (events) => fold(events) as NonNullable<ReturnType<typeof fold>>,
    );
    server.heal();
    await told.forward({ minutes: 5 });
    expect(of('cto@example.com')).toHaveLength(1);
    expect(server.mails.map(({ raw }) => raw).join()).not.toContain('hunter2');
    expect(JSON.stringify(await told.bot.store.notices(10))).not.toContain('hunter2');
    expect(await waiting()).toEqual([]);
  });
});

describe('the mail server', () => {
  it('that defers one address (451) keeps the others going, and the mail is sent when it takes it', async () => {
    await begin(() => leads);
    server.fail(
      { kind: 'status', code: 451, text: 'Greylisted, come back later' },
      { to: 'cto@example.com', times: 6 },
    );
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident update We look.', 1);
    await told.forward({ seconds: 5 });
    expect(of('ceo@example.com')).toHaveLength(2);
    expect(of('cto@example.com')).toHaveLength(0);
    await told.forward({ minutes: 5 });
    expect(of('cto@example.com').map((mail) => mail.text.includes('We look.'))).toEqual([false, true]);
    expect(ids(of('cto@example.com'))).toEqual(ids(of('ceo@example.com')));
    expect(await given()).toEqual([]);
  });

  it('that refuses an address for ever (550) is not asked again, and the operators are told', async () => {
    await begin(() => leads);
    server.fail({ kind: 'status', code: 550, text: 'No such user' }, { to: 'cto@example.com', times: 1 });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident update We look.', 1);
    await told.forward({ minutes: 5 });
    expect(of('ceo@example.com')).toHaveLength(2);
    expect(of('cto@example.com')).toHaveLength(1);
    const [error, ...more] = await given();
    expect(error).toMatch(/did not take the mail for cto@example\.com: .*550 No such user/);
    expect(more).toEqual([]);
    const operators = (await told.channel('operators')).map(({ text }) => text).join('\n');
    expect(operators).toContain('No such user');
  });

  it.each<['hangs' | 'dies in the middle of the mail' | 'takes it and dies before it says so', number]>([
    ['hangs', 1],
    ['dies in the middle of the mail', 1],
    ['takes it and dies before it says so', 2],
  ])('that %s gets the mail again, under the same Message-ID', async (trouble, copies) => {
    await begin(() => '  leads: { mail: [cto@example.com] }', { callsWithinMs: 250 });
    const kind = ({ hangs: 'hang', dies: 'dies', takes: 'lost' } as const)[trouble.split(' ')[0] as 'hangs'];
    server.fail({ kind }, { times: 1 });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ minutes: 2 });
    expect(of('cto@example.com')).toHaveLength(copies);
    expect(new Set(ids(server.mails)).size).toBe(1);
    expect(server.tries()).toBe(2);
    expect(await waiting()).toEqual([]);
  });

  it('that is down holds up neither the channel nor the calls, and of automatic updates the latest comes', async () => {
    await begin(() => `  leads: { mail: [cto@example.com] }\n${page()}`, { callsWithinMs: 200 });
    server.fail({ kind: 'hang' }, { times: 5 });
    server.fail({ kind: 'status', code: 421, text: 'Service not available' });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident note the cache is cold', 1);
    const room = async () => (await told.channel('inc-1')).map(({ text }) => text);
    expect((await room()).some((text) => text.includes('the cache is cold'))).toBe(true);
    await told.forward({ minutes: 65 });
    expect(types()).toEqual(['incident.declared', 'incident.updated', 'incident.updated']);
    expect(server.mails).toEqual([]);
    expect(await given()).toEqual([]);
    server.heal();
    await told.forward({ minutes: 2 });
    const late = of('cto@example.com');
    expect(late).toHaveLength(2);
    expect(late[0]?.text).toMatch(/^From 21 Nov 12:00 UTC, arrives 1 h \d+ min late\./);
    expect(late[1]?.text).toContain('Automatic update');
    expect(late[1]?.text).toMatch(/^From 21 Nov 13:00 UTC/);
  }, 60_000);

  it('is spoken to over STARTTLS and with a password, and nothing goes out when it cannot', async () => {
    server = await startMailServer();
    await server.close();
    receiver = await startReceiver();
    const tls = ownCertificate();
    server = await startMailServer({ tls, auth: { user: 'muster', pass: 'let me in' } });
    const folder = mkdtempSync(join(tmpdir(), 'muster-ca-'));
    writeFileSync(join(folder, 'ca.pem'), tls.cert);
    const mail = (more: string) => `
open-on-loopback: true
mail: { host: localhost, port: ${server.port}, user: muster, from: muster@example.com${more} }
audiences:
${leads}`;
    told = await story({ file: mail(''), env: { MUSTER_SMTP_PASSWORD: 'let me in' } });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ seconds: 5 });
    expect(server.mails).toEqual([]);
    expect((await waiting())[0]?.lastError).toMatch(/self.signed certificate/);
    await told.write(mail(`, ca: ${join(folder, 'ca.pem')}`));
    await told.forward({ minutes: 2 });
    expect(server.mails.map(({ user, encrypted }) => ({ user, encrypted }))).toEqual([
      { user: 'muster', encrypted: true },
      { user: 'muster', encrypted: true },
    ]);
    rmSync(folder, { recursive: true });
  });

  it('that cannot encrypt is told nothing unless the file says so', async () => {
    await begin(() => leads);
    await told.write(file(leads).replace('security: none', 'security: starttls'));
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ seconds: 5 });
    expect(server.mails).toEqual([]);
    expect((await told.bot.store.jobs({ limit: 10 })).map(({ lastError }) => lastError).join()).toMatch(/STARTTLS/);
  });

  it('that refuses the password is not asked for ever: the operators are told', async () => {
    await begin(() => leads);
    await server.close();
    server = await startMailServer({ tls: ownCertificate(), auth: { user: 'muster', pass: 'let me in' } });
    await told.end();
    told = await story({ file: file(leads, ', user: muster'), env: { MUSTER_SMTP_PASSWORD: 'wrong' } });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ minutes: 2 });
    expect(server.mails).toEqual([]);
    expect((await given())[0]).toMatch(/535/);
    const operators = (await told.channel('operators')).map(({ text }) => text).join();
    expect(operators).toContain('535');
    expect(operators).not.toContain('wrong');
  });
});

describe('the receiver of calls', () => {
  it.each<[string, Parameters<Receiver['fail']>[0]]>([
    ['answers 500', { kind: 'status', status: 500 }],
    ['does not answer in time', { kind: 'hang' }],
    ['resets the connection', { kind: 'reset' }],
    ['takes it and resets the connection', { kind: 'lost' }],
  ])('that %s is called again with the same id and body', async (_, fault) => {
    await begin(page, { callsWithinMs: 250 });
    receiver.fail(fault, 2);
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident update We look.', 1);
    await told.forward({ minutes: 2 });
    expect(receiver.calls.map(({ body }) => body.type)).toEqual([
      'incident.declared',
      'incident.declared',
      'incident.declared',
      'incident.updated',
    ]);
    const [first, second, third] = receiver.calls;
    expect(second?.id).toBe(first?.id);
    expect(third?.text).toBe(first?.text);
    expect(third?.at).toBeGreaterThan(first?.at ?? Number.POSITIVE_INFINITY);
    expect(isSignedBy(secrets[0] as string, third!)).toBe(true);
    expect(await given()).toEqual([]);
  });

  it('that says 429 with Retry-After is left alone until then', async () => {
    await begin(page);
    receiver.fail({ kind: 'status', status: 429, headers: { 'retry-after': '120' } }, 1);
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident declare --sev 1 Nothing else builds');
    await told.forward({ seconds: 119 });
    expect(receiver.taken.length).toBeLessThan(2);
    const asked = receiver.calls.length;
    await told.forward({ minutes: 2 });
    expect(receiver.taken).toHaveLength(2);
    expect(asked).toBeLessThanOrEqual(2);
  });

  it('that refuses (400), or sends elsewhere, is given up alone, in words that do not tell the address', async () => {
    await begin(page);
    receiver.fail({ kind: 'status', status: 400, body: 'no such\nfield' }, 1);
    receiver.fail({ kind: 'status', status: 302, headers: { location: 'http://169.254.169.254/' } }, 1);
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident update We look.', 1);
    await told.say('Ada', '/incident resolve Done.', 1);
    await told.forward({ minutes: 1 });
    expect(types()).toEqual(['incident.resolved']);
    const errors = await given();
    expect(errors[0]).toMatch(/^127\.0\.0\.1:\d+ answered 400: no such field$/);
    expect(errors[1]).toMatch(/answered 302 \(redirects are not followed\)/);
    expect(errors.join()).not.toContain('/hooks/');
    expect((await told.channel('operators')).map(({ text }) => text).join()).toContain('no such field');
  });

  it('finds both signatures while one secret follows another', async () => {
    await begin(page);
    writeFileSync(join(told.folder, 'next'), `${secrets[1]}\n`);
    await told.write(
      file(`  status-page: { webhook: ${JSON.stringify(receiver.url)}, secrets: [{ env: HOOK }, { file: next }] }`),
    );
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    const [call] = receiver.taken;
    expect(secrets.map((secret) => isSignedBy(secret, call!))).toEqual([true, true]);
  });
});

describe('a hostile title', () => {
  it('is one line of every header and nothing but text in the mail', async () => {
    await begin(() => `${leads}\n${page()}`);
    const title = 'x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script> @all \u202Eevil';
    await told.alerts('generic', { alerts: [{ title, service: 'registry', severity: 'critical', fingerprint: 'f' }] });
    await told.forward({ minutes: 1 });
    const mails = of('cto@example.com');
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail?.to).toEqual(['cto@example.com']);
    expect(head(mail, 'subject')).toContain('Bcc: victim@example.com');
    expect(head(mail, 'subject')).not.toMatch(/[\r\n\u202e]/);
    expect(mail?.html).not.toContain('<script>');
    expect(mail?.html).toContain('&lt;script&gt;');
    expect(receiver.taken[0]?.body.data.incident.title).not.toMatch(/[\r\n\u202e]/);
  });
});

describe('a secret that somebody pastes', () => {
  it('goes to nobody outside', async () => {
    await begin(() => `${leads}\n${page()}`);
    const { 'GitHub token': token } = pasted();
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', `/incident update The runner used ${token} for it.`, 1);
    await told.forward({ minutes: 1 });
    const told1 = of('cto@example.com').at(-1)?.text ?? '';
    expect(told1).toContain('[GitHub token hidden]');
    expect(JSON.stringify(receiver.calls.map(({ text }) => text))).toContain('[GitHub token hidden]');
    expect(server.mails.map(({ raw }) => raw).join() + receiver.calls.map(({ text }) => text).join()).not.toContain(
      token,
    );
    expect((await told.get('/feed.atom')).text).not.toContain(token);
  });
});
