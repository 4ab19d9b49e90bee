import { afterEach, describe, expect, it } from 'vitest';
import { type Other, startServer, type TestServer } from '../../test/fakes/http-server.js';
import { issueToken } from '../access/tokens.js';

const api = 'api-token-api-token-api-token';
const alerts = 'alerts-token-alerts-token';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0).reverse()) await server.close();
});
async function start(other: Other = {}): Promise<TestServer> {
  const server = await startServer(other);
  running.push(server);
  return server;
}
const withTokens = { config: { apiToken: api, alertsToken: alerts } };

describe('signing in', () => {
  const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });
  async function signedIn(server: TestServer): Promise<string> {
    const answer = await server.ask('/sign-in', form({ name: 'Ada', token: api, next: '/' }));
    return (answer.headers.get('set-cookie') ?? '').split(';')[0] as string;
  }

  it('leads a browser to the page and back to where it wanted', async () => {
    const { ask } = await start(withTokens);
    const away = await ask('/api/incidents?status=open', { headers: { accept: 'text/html' } });
    expect([away.status, away.headers.get('location')]).toEqual([
      303,
      '/sign-in?next=%2Fapi%2Fincidents%3Fstatus%3Dopen',
    ]);
    const page = await ask(away.headers.get('location') as string);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*nonce-.*form-action 'self'/);
    expect(await page.text()).toContain('value="/api/incidents?status=open"');
    const back = await ask('/sign-in', form({ name: 'Ada', token: api, next: '/api/incidents?status=open' }));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/api/incidents?status=open']);
    expect(back.headers.get('set-cookie')).toMatch(
      /^muster_session=\S+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is refused with the wrong token, and shows neither it nor markup of the name', async () => {
    const { ask } = await start(withTokens);
    const answer = await ask('/sign-in', form({ name: '"><script>', token: 'guessed-token' }));
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    const page = await answer.text();
    expect(page).not.toMatch(/guessed-token|"><script>/);
  });

  it.each([
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '\t//evil.test',
    '/\n/evil.test',
    '/..//evil.test',
    '/.//evil.test',
    'javascript:alert(1)',
  ])('never leads to %j', async (next) => {
    const { ask } = await start(withTokens);
    const answer = await ask('/sign-in', form({ name: 'Ada', token: api, next }));
    expect(answer.headers.get('location')).toBe('/');
  });

  it.each([
    ['/c/störung?x=☃', '/c/st%C3%B6rung?x=%E2%98%83'],
    ['/a\r\nx: y', '/ax:%20y'],
    ['/a\u0001b', '/a%01b'],
  ])('leads to %j as an address can say it', async (next, location) => {
    const { ask } = await start(withTokens);
    const answer = await ask('/sign-in', form({ name: 'Ada', token: api, next }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
  });

  it('is a session under that name; a user in a body is not believed', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    expect((await server.store.people()).map(({ name }) => name)).toEqual(['Ada']);
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(200);
    await server.command({ text: 'x', user: 'Bob' }, { cookie });
    expect(await server.actors()).toEqual(['Ada']);
    expect((await server.command({ text: 'x' }, { cookie, origin: 'http://evil.test' })).status).toBe(403);
  });

  const there = async (server: TestServer, cookie: string): Promise<number> =>
    (await server.ask('/api/incidents', { headers: { cookie } })).status;
  const hours = 3_600_000;

  it('ends when nobody uses it for 12 hours, and after 7 days whoever uses it', async () => {
    const server = await start(withTokens);
    const idle = await signedIn(server);
    const used = await signedIn(server);
    for (let passed = 0; passed < 7 * 24; passed += 11) {
      expect([passed, await there(server, used)]).toEqual([passed, 200]);
      server.clock.now += 11 * hours;
      if (passed === 11) expect(await there(server, idle)).toBe(401);
    }
    expect(await there(server, used)).toBe(401);
  });

  it('lasts as long as the configuration says now', async () => {
    const rules = { idleMs: 60_000, absoluteMs: 24 * hours };
    const server = await start({ ...withTokens, sessionRules: () => rules });
    const cookie = await signedIn(server);
    server.clock.now += 59_999;
    expect(await there(server, cookie)).toBe(200);
    server.clock.now += 59_999;
    expect(await there(server, cookie)).toBe(200);
    rules.absoluteMs = 100_000;
    expect(await there(server, cookie)).toBe(401);
  });

  it('ends with the personal token it was made with', async () => {
    const server = await start(withTokens);
    const { personId } = await server.store.identify('web', 'ada', 'Ada');
    const expiresAt = server.clock.now + 60_000;
    const wanted = { personId, name: 'laptop', actAs: false, expiresAt };
    const { secret } = await issueToken(server.store, wanted, {
      actor: { kind: 'person', personId },
      now: server.clock.now,
    });
    const answer = await server.ask('/sign-in', form({ token: secret }));
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] as string;
    const status = async () => (await server.ask('/api/incidents', { headers: { cookie } })).status;
    expect(await status()).toBe(200);
    server.clock.now = expiresAt;
    expect(await status()).toBe(401);
  });

  it('ends with the shared token it was made with', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    const next = await start({ ...withTokens, keep: server, config: { apiToken: `${api}2`, alertsToken: alerts } });
    expect(await there(next, cookie)).toBe(401);
    const same = await start({ ...withTokens, keep: server });
    expect(await there(same, cookie)).toBe(200);
  });

  it('is a new one at each sign-in, and the one before is over', async () => {
    const server = await start(withTokens);
    const before = await signedIn(server);
    const answer = await server.ask('/sign-in', {
      ...form({ name: 'Bob', token: api }),
      headers: { cookie: before },
    });
    const after = (answer.headers.get('set-cookie') ?? '').split(';')[0] as string;
    expect(after).not.toBe(before);
    expect([await there(server, before), await there(server, after)]).toEqual([401, 200]);
  });

  it('cannot be chosen by whoever sets the cookie', async () => {
    const server = await start(withTokens);
    const planted = 'muster_session=chosen-by-somebody-else';
    await server.ask('/sign-in', { ...form({ name: 'Ada', token: api }), headers: { cookie: planted } });
    expect(await there(server, planted)).toBe(401);
  });

  it('is over after signing out, here or everywhere', async () => {
    const server = await start(withTokens);
    const [laptop, phone, other] = [await signedIn(server), await signedIn(server), await signedIn(server)];
    const out = await server.ask('/sign-out', { method: 'POST', headers: { cookie: laptop } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([303, expect.stringContaining('Max-Age=0')]);
    expect([await there(server, laptop), await there(server, phone)]).toEqual([401, 200]);
    await server.ask('/sign-out/everywhere', { method: 'POST', headers: { cookie: phone } });
    expect([await there(server, phone), await there(server, other)]).toEqual([401, 401]);
    expect((await server.store.systemEvents(0, 100)).at(-1)).toMatchObject({
      type: 'signedOutEverywhere',
      actor: { kind: 'person' },
    });
  });

  it('is kept as a digest only, in a cookie that no script and no other host gets', async () => {
    const server = await start({ config: { ...withTokens.config, publicUrl: 'https://muster.test' } });
    const answer = await server.ask('/sign-in', form({ name: 'Ada', token: api }));
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-muster_session=\S{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    const secret = cookie.slice('__Host-muster_session='.length, -'; Max-Age'.length).split(';')[0] as string;
    expect(await server.store.session(secret)).toBeNull();
    expect(await there(server, `__Host-muster_session=${secret}`)).toBe(200);
    expect(server.logged.join('')).not.toContain(secret);
  });

  it('does not let in whoever has left', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    const [ada] = await server.store.people();
    await server.store.access([{ setGone: { personId: ada!.personId, at: 1 } }]);
    expect(await there(server, cookie)).toBe(401);
    const again = await server.ask('/sign-in', form({ name: 'Ada', token: api }));
    expect([again.status, again.headers.get('set-cookie')]).toEqual([401, null]);
  });
});
