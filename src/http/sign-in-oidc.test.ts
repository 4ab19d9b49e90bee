import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../test/fakes/http-server.js';
import { PlainBrowser, type ProviderAccount, signInProvider } from '../../test/fakes/sign-in-provider.js';
import type { OidcSettings } from '../access/oidc.js';

const tokens = { apiToken: 'api-token-api-token-api-token', alertsToken: 'alerts-token-alerts-token' };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The provider has to know where Muster is before either is there. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

interface Begun {
  server: TestServer;
  browser: PlainBrowser;
  provider: { close(): Promise<void> };
  url: string;
}

async function begun(
  about: {
    accounts?: Record<string, ProviderAccount>;
    settings?: Partial<OidcSettings>;
    clientSecret?: string | null;
  } = {},
): Promise<Begun> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { clientSecret = 'the-secret-of-the-client', accounts = {} } = about;
  const provider = await signInProvider({ redirectUri: `${url}/sign-in/oidc/callback`, clientSecret, accounts });
  closing.push(provider.close);
  const settings: OidcSettings = {
    issuer: provider.issuer,
    clientId: 'muster',
    clientSecret,
    label: 'Example ID',
    domains: null,
    knownOnly: false,
    scopes: [],
    ...about.settings,
  };
  const server = await startServer({ config: { ...tokens, publicUrl: url }, oidc: () => settings, port });
  closing.push(server.close);
  return { server, provider, browser: new PlainBrowser(), url };
}

const ada = { name: 'Ada Lovelace', email: 'Ada@Example.com', email_verified: true };
const cookieLine = (browser: PlainBrowser, url: string) =>
  [...browser.cookiesOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');

describe('signing in by a provider', () => {
  it.each([
    ['with a secret', 'the-secret-of-the-client'],
    ['as a public client', null],
  ])('leads there and back to where somebody wanted, %s', async (_, clientSecret) => {
    const { server, browser, url } = await begun({ accounts: { ada }, clientSecret });
    const page = await (await server.ask('/sign-in?next=/incidents/7')).text();
    expect(page).toContain('href="/sign-in/oidc?next=%2Fincidents%2F7">Sign in with Example ID</a>');
    const { url: at } = await browser.signIn(`${url}/sign-in/oidc?next=/incidents/7`, 'ada');
    expect(at.pathname).toBe('/incidents/7');
    await server.command({ text: 'x', user: 'somebody else' }, { cookie: cookieLine(browser, url) });
    expect(await server.actors()).toEqual(['Ada Lovelace']);
    const [person] = await server.store.people();
    expect(person?.email).toBe('ada@example.com');
    expect(await server.store.systemEvents(0, 9)).toMatchObject([
      { type: 'signedIn', body: { personId: person?.personId, how: 'oidc', tokenId: null } },
    ]);
    // The next time it is the same person.
    await new PlainBrowser().signIn(`${url}/sign-in/oidc`, 'ada');
    expect(await server.store.people()).toHaveLength(1);
    expect(server.logged.join('')).not.toMatch(/code=(?!\[hidden\])/);
  });

  it('is the person known by that address from the file or from chat', async () => {
    const { server, browser, url } = await begun({ accounts: { a1: ada } });
    await server.store.putPerson({ personId: 'ada', name: 'Ada', email: 'ada@example.com' }, []);
    await browser.signIn(`${url}/sign-in/oidc`, 'a1');
    await server.command({ text: 'x' }, { cookie: cookieLine(browser, url) });
    expect(server.asked[0]?.personId).toBe('ada');
  });

  it('takes no address for somebody’s that the provider has not verified', async () => {
    const { server, browser, url } = await begun({ accounts: { mallory: { ...ada, email_verified: false } } });
    await server.store.putPerson({ personId: 'ada', name: 'Ada', email: 'ada@example.com' }, []);
    await browser.signIn(`${url}/sign-in/oidc`, 'mallory');
    await server.command({ text: 'x' }, { cookie: cookieLine(browser, url) });
    expect(server.asked[0]?.personId).toBeDefined();
    expect(server.asked[0]?.personId).not.toBe('ada');
  });

  it('lets only those in whom the configuration wants', async () => {
    const eve = { name: 'Eve', email: 'eve@example.com.evil.test', email_verified: true };
    const bob = { name: 'Bob', email: 'bob@example.com', email_verified: true };
    const { server, url } = await begun({
      accounts: { ada, eve, bob, nobody: { name: 'Nobody' } },
      settings: { domains: ['example.com'], knownOnly: true },
    });
    await server.store.putPerson({ personId: 'ada', name: 'Ada', email: 'ada@example.com' }, []);
    const tried = async (account: string) => {
      const browser = new PlainBrowser();
      const { response, page } = await browser.signIn(`${url}/sign-in/oidc`, account);
      return [response.status, /role="alert">([^<]*)/.exec(page)?.[1], browser.cookiesOf(url).has('muster_session')];
    };
    expect(await tried('eve')).toEqual([403, 'Only addresses of example.com may come in.', false]);
    expect(await tried('nobody')).toEqual([
      403,
      'Example ID has not verified your e-mail address, and only addresses of example.com may come in.',
      false,
    ]);
    expect(await tried('bob')).toEqual([
      403,
      'Muster does not know you yet. Ask whoever runs it to add you, with your e-mail address.',
      false,
    ]);
    expect((await tried('ada'))[2]).toBe(true);
    expect((await server.store.people()).map(({ name }) => name)).toEqual(['Ada']);
  });

  it('lets nobody in who has left', async () => {
    const { server, browser, url } = await begun({ accounts: { ada } });
    await browser.signIn(`${url}/sign-in/oidc`, 'ada');
    const [person] = await server.store.people();
    await server.store.access([{ setGone: { personId: person?.personId as string, at: 1 } }]);
    const again = new PlainBrowser();
    const { response, page } = await again.signIn(`${url}/sign-in/oidc`, 'ada');
    expect([response.status, again.cookiesOf(url).has('muster_session')]).toEqual([403, false]);
    expect(page).toContain('You may not come in any more.');
  });

  it('takes nothing back that it did not send out: another browser, another state, a used code', async () => {
    const { browser, url } = await begun({ accounts: { ada } });
    await browser.signIn(`${url}/sign-in/oidc`, 'ada');
    const back = browser.visited.find((each) => each.includes('/callback?')) as string;
    const other = await new PlainBrowser().open(back);
    expect([other.response.status, await other.response.text()]).toEqual([
      400,
      expect.stringContaining('not begun in this browser'),
    ]);
    const fresh = new PlainBrowser();
    await fresh.open(`${url}/sign-in/oidc`);
    const replayed = await fresh.open(back);
    expect(replayed.response.status).toBe(401);
    expect(await replayed.response.text()).toContain('gave an answer that Muster does not trust');
    expect(fresh.cookiesOf(url).has('muster_session')).toBe(false);
  });

  it('says what the provider said, and never what somebody put into the address', async () => {
    const { url } = await begun({ accounts: { ada } });
    const answered = async (error: string) => {
      const browser = new PlainBrowser();
      await browser.open(`${url}/sign-in/oidc`);
      const state = new URL(browser.visited[1] as string).searchParams.get('state') as string;
      const query = new URLSearchParams({ error, error_description: 'call 555-EVIL', state });
      const issuer = new URL(browser.visited[1] as string).origin;
      query.set('iss', issuer);
      return (await browser.open(`${url}/sign-in/oidc/callback?${query}`)).response;
    };
    const denied = await answered('access_denied');
    expect([denied.status, await denied.text()]).toEqual([
      401,
      expect.stringContaining('Example ID did not sign you in (access_denied). Try again'),
    ]);
    const strange = await (await answered('<b>call 555</b>')).text();
    expect(strange).toContain('for a reason it did not give');
    expect(strange).not.toMatch(/555/);
  });

  it('points to the other ways while the provider does not answer', async () => {
    const { provider, server } = await begun({ accounts: { ada } });
    await provider.close();
    const answer = await server.ask('/sign-in/oidc?next=/incidents/7');
    expect(answer.status).toBe(503);
    const page = await answer.text();
    expect(page).toContain('Example ID does not answer. Sign in with a token, or by a link from chat.');
    expect(page).toContain('value="/incidents/7"');
  });

  it('is not held up by those who guess tokens elsewhere', async () => {
    const { server, browser, url } = await begun({ accounts: { ada } });
    const guess = (n: number) =>
      server.ask('/sign-in', {
        method: 'POST',
        body: new URLSearchParams({ token: 'guessed' }),
        headers: { 'x-forwarded-for': `198.51.100.${n}` },
      });
    for (let n = 0; n < 100; n++) expect((await guess(n)).status).toBe(401);
    expect((await guess(101)).status).toBe(429);
    await browser.signIn(`${url}/sign-in/oidc`, 'ada');
    expect(browser.cookiesOf(url).has('muster_session')).toBe(true);
  });

  it.each(['//evil.test', 'https://evil.test'])('never leads to %j', async (next) => {
    const { browser, url } = await begun({ accounts: { ada } });
    const { url: at } = await browser.signIn(`${url}/sign-in/oidc?next=${encodeURIComponent(next)}`, 'ada');
    expect(at.origin).toBe(url);
  });
});
