import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../test/fakes/http-server.js';
import { linkLastsMs, makeLink } from '../access/links.js';

const config = { apiToken: 'api-token-api-token-api-token', alertsToken: 'alerts-token-alerts-token' };
let server: TestServer;
afterEach(() => server.close());

async function begun(): Promise<{ secret: string; personId: string }> {
  server = await startServer({ config });
  const { personId } = await server.store.identify('slack', 'U1', 'Ada');
  const secret = await makeLink(server.store, { personId, leadsTo: '/incidents/7', now: server.clock.now });
  return { secret, personId };
}
const press = (secret: string) => server.ask(`/sign-in/${secret}`, { method: 'POST' });

describe('a sign-in link', () => {
  it('signs in the one who asked, where they asked, once a button is pressed', async () => {
    const { secret, personId } = await begun();
    const page = await server.ask(`/sign-in/${secret}`);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await page.text()).toContain('Sign in as Ada?');
    const pressed = await press(secret);
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/incidents/7']);
    const cookie = (pressed.headers.get('set-cookie') ?? '').split(';')[0] as string;
    await server.command({ text: 'x' }, { cookie });
    expect(server.asked[0]?.personId).toBe(personId);
    expect((await server.store.systemEvents(0, 9)).map(({ type, body }) => [type, body])).toEqual([
      ['signedIn', { personId, how: 'link', tokenId: null, from: '127.0.0.1' }],
    ]);
  });

  it('is not used up by being looked at, as programs do with every link', async () => {
    const { secret } = await begun();
    for (let times = 0; times < 3; times++) {
      const looked = await server.ask(`/sign-in/${secret}`);
      expect([looked.status, looked.headers.get('set-cookie')]).toEqual([200, null]);
    }
    expect((await server.ask(`/sign-in/${secret}`, { method: 'HEAD' })).status).toBe(200);
    expect((await press(secret)).status).toBe(303);
  });

  it('works once, however many press at the same moment', async () => {
    const { secret } = await begun();
    const answers = await Promise.all([1, 2, 3, 4].map(() => press(secret)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404, 404]);
    expect((await server.ask(`/sign-in/${secret}`)).status).toBe(404);
  });

  it('is over after ten minutes, after signing out everywhere, and when its person has left', async () => {
    const { secret, personId } = await begun();
    server.clock.now += linkLastsMs - 1;
    expect((await server.ask(`/sign-in/${secret}`)).status).toBe(200);
    server.clock.now += 1;
    expect((await server.ask(`/sign-in/${secret}`)).status).toBe(404);
    expect((await press(secret)).status).toBe(404);
    const second = await makeLink(server.store, { personId, leadsTo: '/', now: server.clock.now });
    await server.store.access([{ endSessionsOf: personId }]);
    expect((await press(second)).status).toBe(404);
    const third = await makeLink(server.store, { personId, leadsTo: '/', now: server.clock.now });
    await server.store.access([{ setGone: { personId, at: 1 } }]);
    expect([(await server.ask(`/sign-in/${third}`)).status, (await press(third)).status]).toEqual([404, 404]);
  });

  it('says the same of one that was used and one that never was', async () => {
    const { secret } = await begun();
    await press(secret);
    const [used, never] = await Promise.all([press(secret), press('never-made')]);
    const words = async (answer: Response) => (await answer.text()).replaceAll(/nonce="[^"]*"/g, '');
    expect(await words(used)).toBe(await words(never));
  });

  it('leads nowhere else, is kept as a digest, and stands in no log', async () => {
    const { secret, personId } = await begun();
    const away = await makeLink(server.store, { personId, leadsTo: '//evil.test', now: server.clock.now });
    expect((await press(away)).headers.get('location')).toBe('/');
    await press(secret);
    await press(secret);
    expect(await server.store.link(secret)).toBeNull();
    expect(server.logged.join('')).not.toContain(secret);
    expect(server.logged.join('')).toContain('/sign-in/[hidden]');
  });

  it('is refused when another page presses', async () => {
    const { secret } = await begun();
    const foreign = { method: 'POST', headers: { origin: 'https://evil.test' } };
    expect((await server.ask(`/sign-in/${secret}`, foreign)).status).toBe(403);
    expect((await press(secret)).status).toBe(303);
  });
});

describe('guessing', () => {
  const guess = (token: string) =>
    server.ask('/sign-in', { method: 'POST', body: new URLSearchParams({ name: 'Ada', token }) });

  it('is stopped after ten refusals within a minute, for the right token too, and goes on later', async () => {
    await begun();
    for (let times = 0; times < 10; times++) expect((await guess(`wrong-${times}`)).status).toBe(401);
    const stopped = await guess(config.apiToken);
    expect([stopped.status, stopped.headers.get('retry-after')]).toEqual([429, '60']);
    server.clock.now += 60_000;
    expect((await guess(config.apiToken)).status).toBe(303);
  });

  it('does not keep anybody from a link of theirs', async () => {
    const { secret } = await begun();
    for (let times = 0; times < 12; times++) await press(`wrong-${times}`);
    expect((await press('wrong')).status).toBe(429);
    expect((await press(secret)).status).toBe(303);
  });

  it('is one event a minute on the system stream, however often it is tried', async () => {
    await begun();
    for (let times = 0; times < 10; times++) await guess(`wrong-${times}`);
    server.clock.now += 60_000;
    await guess('wrong-again');
    await expect
      .poll(async () => (await server.store.systemEvents(0, 99)).map(({ body }) => body))
      .toEqual([
        { count: 1, from: ['127.0.0.1'], why: ['token'] },
        { count: 10, from: ['127.0.0.1'], why: ['token'] },
      ]);
    expect(JSON.stringify(await server.store.systemEvents(0, 99))).not.toContain('wrong-');
  });
});
