import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { databases, type Story, story } from './story.js';

const token = 'feed-token-of-the-story-0123456789';
let told: Story;
afterEach(() => told.end());

const closedEnv = {
  MUSTER_API_TOKEN: 'api-token-of-the-story-0123456789',
  MUSTER_ALERTS_TOKEN: 'alerts-token-of-the-story-0123456789',
};
const get = (path: string, headers: Record<string, string> = {}) => fetch(told.bot.url + path, { headers });
const titles = (feed: string): string[] =>
  [...feed.matchAll(/<entry>[\s\S]*?<title>([^<]*)<\/title>/g)].map(([, title]) => title as string);
const idsOf = (feed: string): string[] => [...feed.matchAll(/<id>([^<]*)<\/id>/g)].map(([, id]) => id as string);

describe.each(databases)('the feed, on %s', (database) => {
  it('has what was told of public incidents, newest first, the same for whoever asks again', async () => {
    told = await story({ database });
    expect(titles(await (await get('/feed.atom')).text())).toEqual([]);
    await told.say('Ada', '/incident declare --sev 2 Registry: pushes fail');
    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident declare --private --sev 1 Keys are out');
    await told.say('Ada', '/incident update We rotate them.', 2);
    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident update We look at the disks.', 1);
    const answer = await get('/feed.atom');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const feed = await answer.text();
    expect(titles(feed)).toEqual([
      '[sev2] #1 Registry: pushes fail (investigating)',
      '[sev2] #1 Registry: pushes fail (investigating)',
    ]);
    expect(feed).toContain('We look at the disks.');
    expect(feed).not.toMatch(/Keys are out|rotate/);
    const etag = answer.headers.get('etag') ?? '';
    const again = await get('/feed.atom', { 'if-none-match': `"other", W/${etag}` });
    expect({ status: again.status, text: await again.text() }).toEqual({ status: 304, text: '' });

    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident resolve Fixed.', 1);
    const later = await get('/feed.atom', { 'if-none-match': etag });
    expect(later.status).toBe(200);
    const text = await later.text();
    expect(titles(text)[0]).toBe('[sev2] #1 Registry: pushes fail (resolved)');
    expect(idsOf(text).slice(-2)).toEqual(idsOf(feed).slice(-2));
    expect(idsOf(text)[0]).toBe(idsOf(feed)[0]);
    expect(new Set(idsOf(text)).size).toBe(4);
  });
});

describe('the feed', () => {
  it('of one service has what concerns it, and at most fifty entries', async () => {
    told = await story();
    const alert = (service: string) => ({
      alerts: [{ title: `${service} fails`, service, severity: 'critical', fingerprint: service }],
    });
    await told.alerts('generic', alert('registry'));
    await told.alerts('generic', alert('git & co'));
    const of = async (query: string) => titles(await (await get(`/feed.atom${query}`)).text());
    expect(await of('?service=registry')).toHaveLength(1);
    expect((await of('?service=registry'))[0]).toContain('registry: fails');
    expect(await of(`?service=${encodeURIComponent('git & co')}`)).toHaveLength(1);
    expect(await of('?service=nobody')).toEqual([]);
    expect((await get('/feed.atom?service=a&service=b')).status).toBe(400);
    for (let i = 0; i < 52; i++) {
      await told.say('Ada', `/incident update Look ${i}.`, 1);
      told.sleep({ seconds: 1 });
    }
    const all = await of('');
    expect(all).toHaveLength(50);
  });

  it('asks for its token where people sign in, and takes it in the address or as a password', async () => {
    told = await story({ env: { ...closedEnv, MUSTER_FEED_TOKEN: token } });
    const basic = (password: string) => `Basic ${Buffer.from(`reader:${password}`).toString('base64')}`;
    const refused = await get('/feed.atom');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Basic');
    expect((await refused.json()) as { hint: string }).toMatchObject({
      hint: expect.stringContaining('MUSTER_FEED_TOKEN'),
    });
    expect((await get('/feed.atom?token=wrong-wrong-wrong-wrong')).status).toBe(401);
    expect((await get('/feed.atom', { authorization: basic('wrong') })).status).toBe(401);
    expect((await get('/feed.atom', { authorization: `Bearer ${closedEnv.MUSTER_ALERTS_TOKEN}` })).status).toBe(401);
    expect((await get(`/feed.atom?token=${token}`)).status).toBe(200);
    expect((await get('/feed.atom', { authorization: basic(token) })).status).toBe(200);
    expect((await get('/feed.atom', { authorization: `Bearer ${closedEnv.MUSTER_API_TOKEN}` })).status).toBe(200);
    expect((await get(`/api/incidents?token=${token}`)).status).toBe(401);
  });

  it('is closed to strangers where no token for it is set', async () => {
    told = await story({ env: closedEnv });
    expect((await get('/feed.atom')).status).toBe(401);
    expect((await get('/feed.atom?token=')).status).toBe(401);
    expect((await get('/feed.atom?token=null')).status).toBe(401);
  });
});

const inPage = `(xml) => {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  const textOf = (of, name) => of.getElementsByTagNameNS('http://www.w3.org/2005/Atom', name)[0]?.textContent;
  const entries = [...parsed.getElementsByTagNameNS('http://www.w3.org/2005/Atom', 'entry')];
  return {
    error: parsed.querySelector('parsererror')?.textContent ?? null,
    root: parsed.documentElement.namespaceURI,
    missing: entries.flatMap((entry) => ['id', 'title', 'updated', 'content'].filter((name) => !textOf(entry, name))),
    titles: entries.map((entry) => textOf(entry, 'title')),
    inside: entries.map((entry) => {
      const html = new DOMParser().parseFromString(textOf(entry, 'content') ?? '', 'text/html');
      return { dangerous: html.querySelectorAll('script, img').length, text: html.body.textContent };
    }),
  };
}`;

describe.skipIf(noBrowser !== null)(`the feed, read by a strict parser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('is well-formed Atom whatever a title says, and its content is harmless HTML', async () => {
    told = await story();
    const title = ']]></title><x> & <script>alert(1)</script> \uFFFE \u{1F525} é "q" \u0001';
    await told.alerts('generic', { alerts: [{ title, service: 'a<b&"c', severity: 'critical', fingerprint: 'f' }] });
    await told.say('Ada', '/incident update <img src=x onerror=alert(1)> &amp; done', 1);
    const feed = await (await get('/feed.atom')).text();
    const page = await browser.newPage();
    // In the page's own words: the tests know no DOM.
    const read = (await page.evaluate(`(${inPage})(${JSON.stringify(feed)})`)) as {
      error: string | null;
      root: string;
      missing: string[];
      titles: string[];
      inside: { dangerous: number; text: string }[];
    };
    await page.close();
    expect(read.error).toBeNull();
    expect(read.root).toBe('http://www.w3.org/2005/Atom');
    expect(read.missing).toEqual([]);
    expect(read.titles[0]).toContain(']]></title><x> & <script>alert(1)</script>');
    expect(read.inside.map(({ dangerous }) => dangerous)).toEqual([0, 0]);
    expect(read.inside[0]?.text).toContain('<img src=x onerror=alert(1)> &amp; done');
  });
});
