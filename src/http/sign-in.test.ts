import { afterEach, describe, expect, it } from 'vitest';
import { type Other, startServer, type TestServer } from '../../test/fakes/http-server.js';

const api = 'api-token-api-token-api-token';
const alerts = 'alerts-token-alerts-token';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
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
      /^muster_session=\S+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is refused with the wrong token, and shows neither it nor markup of the name', async () => {
    const { ask } = await start(withTokens);
    const answer = await ask('/sign-in', form({ name: '"><script>', token: 'guessed-token' }));
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    const page = await answer.text();
    expect(page).not.toMatch(/guessed-token|"><script>/);
  });

  it.each(['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/a\r\nx: y'])(
    'never leads to %j',
    async (next) => {
      const { ask } = await start(withTokens);
      const answer = await ask('/sign-in', form({ name: 'Ada', token: api, next }));
      expect(answer.headers.get('location')).toBe('/');
    },
  );

  it('is a session under that name; a user in a body is not believed', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    expect((await server.store.people()).map(({ name }) => name)).toEqual(['Ada']);
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(200);
    await server.command({ text: 'x', user: 'Bob' }, { cookie });
    expect(await server.actors()).toEqual(['Ada']);
    expect((await server.command({ text: 'x' }, { cookie, origin: 'http://evil.test' })).status).toBe(403);
  });

  it('ends after 12 hours, and with the token it was made with', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    const other = await start({ config: { apiToken: `${api}2`, alertsToken: alerts } });
    expect((await other.ask('/api/incidents', { headers: { cookie } })).status).toBe(401);
    server.clock.now += 12 * 3_600_000 - 1;
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(200);
    server.clock.now += 1;
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(401);
  });

  it('cannot be forged by changing the name in the cookie', async () => {
    const server = await start(withTokens);
    const [body = '', signature = ''] = (await signedIn(server)).replace('muster_session=', '').split('.');
    const changed = Buffer.from(Buffer.from(body, 'base64url').toString().replace('Ada', 'Bob')).toString('base64url');
    expect(
      (await server.ask('/api/incidents', { headers: { cookie: `muster_session=${changed}.${signature}` } })).status,
    ).toBe(401);
  });
});
