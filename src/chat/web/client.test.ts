import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from '../../../test/fakes/browser.js';
import { buttons, type Card, paragraph, text, time } from '../../messages/card.js';
import { nameOf } from './name.js';
import { openWebChat, type WebChat } from './platform.js';
import { webRoutes } from './routes.js';

const saying = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });
const situation = (words: string): Card => ({
  tone: 'sev1',
  summary: words,
  blocks: [
    paragraph(text('due '), time(Date.now() + 200_000, 'relative')),
    buttons(
      { label: 'Acknowledge', command: '/incident ack', incidentId: 'i1' },
      { label: 'Skip…', command: '/incident skip', input: { label: 'Why?', required: true } },
    ),
  ],
});

describe.skipIf(noBrowser !== null)(`the page in a browser${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let browser: Browser;
  let dir: string;
  let app: FastifyInstance;
  let chat: WebChat;
  let channel: string;
  let pinned: string;
  let page: Page;
  let url: string;
  let commands: { id: string; text: string }[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'muster-page-'));
    chat = await openWebChat({ location: { kind: 'sqlite', file: path.join(dir, 'chat.db') }, now: Date.now });
    channel = await chat.openChannel({
      key: 'incident/i1',
      name: 'inc-1',
      title: 'Registry',
      purpose: '',
      private: false,
    });
    pinned = await chat.post({ channel, key: 'card', card: situation('first'), pin: true });
    for (let n = 1; n <= 40; n++) await chat.post({ channel, key: `k${n}`, card: saying(`line ${n}`) });
    commands = [];
    complaints = [];
    url = await serve(0);
  });
  afterEach(async () => {
    await page.context().close();
    await app.close();
    await chat.close();
    await rm(dir, { recursive: true });
  });

  async function serve(port: number): Promise<string> {
    app = Fastify({ forceCloseConnections: true });
    await app.register(webRoutes, {
      chat,
      who: nameOf,
      inbound: {
        async command({ id, text: asked }) {
          commands.push({ id, text: asked });
          await new Promise((later) => setTimeout(later, 100));
          return { text: `did ${asked} <b>` };
        },
      },
    });
    return app.listen({ host: '127.0.0.1', port });
  }

  async function visit(options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
    const context = await browser.newContext(options);
    await context.addCookies([{ name: 'muster_name', value: 'Ada', url }]);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (line) => /Content Security Policy/.test(line.text()) && complaints.push(line.text()));
    await page.goto(`${url}/c/inc-1`);
  }
  const said = (words: string) => page.locator('#flow .message', { hasText: words });
  const atBottom = () => page.locator('.scroll').evaluate((scroll) => scroll.scrollTop === 0);

  test('words sent with Enter appear once, and the page stays at its end', async () => {
    await visit();
    await page.fill('#text', 'is it DNS?');
    await page.keyboard.press('Enter');
    await said('is it DNS?').waitFor();
    await chat.post({ channel, key: 'reply', card: saying('it is not') });
    await said('it is not').waitFor();
    expect(await said('is it DNS?').count()).toBe(1);
    expect(await page.inputValue('#text')).toBe('');
    expect(await atBottom()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('somebody reading further up is not pulled down', async () => {
    await visit();
    await said('line 3').first().scrollIntoViewIfNeeded();
    const before = await page.locator('#flow .message').nth(2).boundingBox();
    await chat.post({ channel, key: 'new', card: saying('news') });
    await said('news').waitFor({ state: 'attached' });
    expect((await page.locator('#flow .message').nth(2).boundingBox())?.y).toBeCloseTo(before!.y, 0);
    expect(await atBottom()).toBe(false);
  });

  test('a double click on a button is one command, and the answer is a whisper', async () => {
    await visit();
    await page.getByRole('button', { name: 'Acknowledge' }).dblclick();
    await page.locator('.whisper', { hasText: 'did /incident ack <b>' }).waitFor();
    expect(commands).toHaveLength(1);
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await expect.poll(() => commands.length).toBe(2);
    expect(commands[0]?.id).not.toBe(commands[1]?.id);
  });

  test('what is half typed survives an edit of the card it stands in', async () => {
    await visit();
    await page.getByText('Skip…').click();
    await page.locator('details.ask[open] [name=input]:focus').waitFor();
    await page.keyboard.type('it is ');
    await chat.edit({ channel, message: pinned, card: situation('second'), key: 'card' });
    await page.locator('.pinned', { hasText: 'second' }).waitFor();
    await page.waitForTimeout(50);
    await page.keyboard.type('fixed');
    await page.keyboard.press('Enter');
    await page.locator('.whisper').waitFor();
    expect(commands.map((command) => command.text)).toEqual(['/incident skip it is fixed']);
  });

  test('a lost connection is said, and what happened meanwhile is there afterwards, once', async () => {
    await visit();
    await app.close();
    await page.locator('#lost').waitFor({ state: 'visible' });
    await page.fill('#text', 'sent while away');
    await page.keyboard.press('Enter');
    await page.locator('.whisper', { hasText: 'no connection' }).waitFor();
    await chat.post({ channel, key: 'missed', card: saying('missed') });
    await chat.edit({ channel, message: pinned, card: situation('edited meanwhile'), key: 'card' });
    await serve(Number(new URL(url).port));
    await said('missed').waitFor();
    await page.locator('.pinned', { hasText: 'edited meanwhile' }).waitFor();
    await page.locator('#lost').waitFor({ state: 'hidden' });
    expect(await said('missed').count()).toBe(1);
    expect(await page.inputValue('#text')).toBe('sent while away');
  });

  test('a relative time counts down', async () => {
    await visit();
    await expect.poll(() => page.locator('time[data-relative]').textContent()).toBe('in 3 min');
    await chat.edit({
      channel,
      message: pinned,
      card: { tone: 'sev1', summary: 's', blocks: [paragraph(time(Date.now() + 2_500, 'relative'))] },
      key: 'card',
    });
    await expect.poll(() => page.locator('time[data-relative]').textContent()).toMatch(/^in [12] s$/);
    await expect.poll(() => page.locator('time[data-relative]').textContent(), { timeout: 6_000 }).toBe('1 s ago');
  });

  test('without scripts the forms do the same', async () => {
    await visit({ javaScriptEnabled: false });
    await page.fill('#text', 'plain words');
    await page.getByRole('button', { name: 'Send' }).last().click();
    await said('plain words').waitFor();
    await page.getByText('Skip…').click();
    await page.locator('.ask input[name=input]').fill('because');
    await page.locator('.ask button').click();
    await page.locator('.whisper', { hasText: 'did /incident skip because' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/c/inc-1');
    expect(await page.locator('time[data-relative]').textContent()).toMatch(/^\d\d:\d\d UTC$/);
  });
});
