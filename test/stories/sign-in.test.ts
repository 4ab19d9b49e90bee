import { afterEach, describe, expect, it } from 'vitest';
import { issueToken, revokeToken } from '../../src/access/tokens.js';
import type { Reply } from '../../src/chat/platform.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { databases, type Story, story } from './story.js';

const api = 'api-token-api-token-api-token';
const env = { MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token' };
const file = 'people:\n  ada: { name: Ada Lovelace, email: ada@example.com }\n';

let told: Story;
afterEach(() => told.end());

/** What somebody types on a chat platform that knows them by an account of its own. */
async function typed(personId: string, text: string, incidentId: string | null = null): Promise<Reply> {
  const reply = await told.bot.inbound.command({
    id: crypto.randomUUID(),
    text,
    personId,
    platform: 'remote',
    channel: null,
    incidentId,
  });
  await told.bot.runner.untilIdle();
  return reply;
}
const linkIn = (reply: Reply): string => /"href":"([^"]+\/sign-in\/[^"]+)"/.exec(JSON.stringify(reply.card))![1]!;
const cookieOf = (answer: Response): string => (answer.headers.get('set-cookie') ?? '').split(';')[0]!;
const press = (link: string) => fetch(link, { method: 'POST', redirect: 'manual' });

describe.each(databases)('from chat into the web room, on %s', (database) => {
  it('leads by a link, as the person whose account it is, to the incident it was asked in', async () => {
    told = await story({ database, env, file, config: { policy: { ...builtInPolicy([]), platforms: ['web'] } } });
    const { store } = told.bot;
    const { personId } = await store.identify('remote', 'R7', 'ada.l', 'ada@example.com');
    await typed(personId, '/incident declare --private --sev 2 A token is in a public log');
    const incident = await told.incident(1);
    const link = linkIn(await typed(personId, '/incident web', incident.id));
    expect(link.startsWith(`${told.bot.url}/sign-in/`)).toBe(true);
    const answer = await press(link);
    expect(answer.headers.get('location')).toBe('/incidents/1');
    const headers = { cookie: cookieOf(answer), accept: 'text/html' };
    const room = await fetch(`${told.bot.url}/incidents/1`, { headers });
    expect(room.status).toBe(200);
    const page = await room.text();
    expect(page).toContain('Signed in as <span>Ada Lovelace</span>');
    expect(page).toContain('inc-1');
    const nobody = await fetch(`${told.bot.url}/incidents/1`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(nobody.headers.get('location')).toBe('/sign-in?next=%2Fincidents%2F1');
  });

  it('is over for a page that is open within seconds of signing out everywhere', async () => {
    told = await story({ database, env, file });
    const { store } = told.bot;
    const { personId } = await store.identify('web', 'ada', 'ada');
    const [laptop, phone] = await Promise.all(
      [1, 2].map(async () => ({ cookie: cookieOf(await press(linkIn(await typed(personId, '/incident web')))) })),
    );
    const stream = await fetch(`${told.bot.url}/chat/web/stream`, { headers: phone! });
    expect(stream.status).toBe(200);
    const before = Date.now();
    await fetch(`${told.bot.url}/sign-out/everywhere`, { method: 'POST', headers: laptop!, redirect: 'manual' });
    expect(await stream.text()).toContain('event: reload');
    expect(Date.now() - before).toBeLessThan(5_000);
    expect((await fetch(`${told.bot.url}/api/incidents`, { headers: phone! })).status).toBe(401);
  });

  it('is over, and no way around it, when a token is revoked that could have asked for the link', async () => {
    told = await story({ database, env, file });
    const { store } = told.bot;
    const { personId } = await store.identify('web', 'ada', 'ada');
    const by = { actor: { kind: 'person' as const, personId }, now: told.now() };
    const wanted = { personId, name: 'lost laptop', actAs: false, expiresAt: null };
    const { secret, token } = await issueToken(store, wanted, by);
    const ask = async (): Promise<string> => {
      const answer = await fetch(`${told.bot.url}/api/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ text: '/incident web' }),
      });
      return linkIn((await answer.json()) as Reply);
    };
    const headers = { cookie: cookieOf(await press(await ask())) };
    const unused = await ask();
    expect((await fetch(`${told.bot.url}/api/incidents`, { headers })).status).toBe(200);
    await revokeToken(store, token, by);
    expect((await fetch(`${told.bot.url}/api/incidents`, { headers })).status).toBe(401);
    expect((await press(unused)).status).toBe(404);
  });

  it('keeps the sessions over a restart, and the name of the file however it is spelled', async () => {
    told = await story({ database, env, file });
    const form = (name: string) => ({
      method: 'POST',
      body: new URLSearchParams({ name, token: api }),
      redirect: 'manual' as const,
    });
    const signedIn = await fetch(`${told.bot.url}/sign-in`, form('ADA'));
    await told.restart();
    const headers = { cookie: cookieOf(signedIn), accept: 'text/html' };
    expect(await (await fetch(told.bot.url, { headers })).text()).toContain('Signed in as <span>Ada Lovelace</span>');
    expect((await told.bot.store.people()).map(({ name }) => name)).toEqual(['Ada Lovelace']);
  });
});

describe.skipIf(noBrowser !== null)('signing in with a browser', () => {
  it('goes by the link, its button, and out again', { timeout: 60_000 }, async () => {
    told = await story({ env, file });
    const { personId } = await told.bot.store.identify('web', 'ada', 'ada');
    const browser = await openBrowser();
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
      await page.goto(linkIn(await typed(personId, '/incident web')));
      await page.getByRole('heading', { name: 'Sign in as Ada Lovelace?' }).waitFor();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('All quiet').waitFor();
      expect(await page.locator('.you').textContent()).toContain('Signed in as Ada Lovelace');
      expect(await page.evaluate('document.cookie')).toBe('');
      if (process.env.MUSTER_SCREENSHOTS)
        await page.screenshot({ path: `${process.env.MUSTER_SCREENSHOTS}/signed-in.png` });
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor();
      if (process.env.MUSTER_SCREENSHOTS)
        await page.screenshot({ path: `${process.env.MUSTER_SCREENSHOTS}/sign-in.png` });
      await page.getByLabel('Your token').fill(api);
      await page.getByLabel('Your name').fill('Bob');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('All quiet').waitFor();
      expect(await page.locator('.you').textContent()).toContain('Signed in as Bob');
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
