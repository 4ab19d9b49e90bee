import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { systemClock } from '../../src/engine/clock.js';
import { createLog } from '../../src/http/log.js';
import { noBrowser, openBrowser } from '../fakes/browser.js';

const inShell = promisify(execFile);
const longText = `Pushes to registry.example.com/team/very-long-image-name-${'x'.repeat(90)}:canary fail with <b>503</b> @all, for 12 minutes now, from both networks, while pulls work.`;

describe.skipIf(noBrowser !== null)(`the whole of it in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let browser: Browser;
  let folder: string;
  let shots: string;
  let bot: Bot;
  let ahead: number;
  let contexts: BrowserContext[];
  /** What no page may ever have: errors, violations, requests to anywhere else. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser();
    shots = process.env.MUSTER_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'muster-screenshots-'));
    process.stdout.write(`screenshots are in ${shots}\n`);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-browser-story-'));
    const config = readConfig({ MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0' }, folder);
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    ahead = 0;
    contexts = [];
    complaints = [];
    const clock = { now: () => Date.now() + ahead, after: systemClock.after };
    bot = await openBot(config, { log: createLog('error'), clock });
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    await bot.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    contexts.push(context);
    context.on('page', (page) => {
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    });
    context.on('request', (request) => {
      if (!request.url().startsWith(`${bot.url}/`) && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    return context.newPage();
  }
  async function named(page: Page, name: string): Promise<void> {
    await page.goto(bot.url);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Continue' }).click();
  }
  async function alert(over: object): Promise<void> {
    const answer = await fetch(`${bot.url}/alerts/generic`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alerts: [over] }),
    });
    expect(answer.status).toBe(202);
  }
  const critical = {
    title: 'Pushes to the registry fail',
    service: 'registry',
    severity: 'critical',
    summary: longText,
  };
  /** Chromium refuses now and then on a busy machine; the picture is for people, and no reason to fail. */
  const shot = async (page: Page, name: string): Promise<void> => {
    for (let tries = 1; ; tries++) {
      await page.bringToFront();
      try {
        await page.screenshot({ path: join(shots, `${name}.png`) });
        return;
      } catch (error) {
        if (tries === 3) throw error;
        await page.waitForTimeout(500);
      }
    }
  };
  const press = (within: Page | Locator, name: string) =>
    within.getByRole('button', { name, exact: true }).first().click();
  /** A button that asks first. */
  async function answer(within: Page | Locator, name: string, words: string): Promise<void> {
    await within.locator('summary', { hasText: name }).last().click();
    const asking = within.locator('details.ask[open]').last();
    await asking.locator('[name=input]').fill(words);
    await asking.getByRole('button', { name: 'Send' }).click();
  }
  async function type(page: Page, line: string): Promise<void> {
    await page.fill('#text', line);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('#text')).toBe('');
  }

  it('goes from an alert to a postmortem by buttons and typed lines', { timeout: 120_000 }, async () => {
    const ada = await newPage();
    await named(ada, 'Ada');
    await ada.getByText('All quiet').waitFor();
    await shot(ada, 'start-empty');

    await alert(critical);
    const place = ada.locator('#places a', { hasText: 'inc-1-' });
    await place.waitFor();
    await ada.locator('#overview .open', { hasText: 'Pushes to the registry fail' }).waitFor();
    await shot(ada, 'start-open');
    await place.click();
    const pin = ada.locator('#pin');
    await pin.getByText('registry is tier 1').waitFor();
    await ada.waitForTimeout(1_500);
    await shot(ada, 'incident-new');

    const bob = await newPage({ colorScheme: 'dark' });
    await named(bob, 'Bob');
    await bob.goto(`${bot.url}/c/stakeholders`);
    await bob.getByText('New incident').waitFor();

    await press(pin, 'Acknowledge');
    await pin.getByRole('button', { name: 'Acknowledge', exact: true }).waitFor({ state: 'detached' });
    await press(pin, 'Take command');
    await pin.locator('dd', { hasText: 'Ada' }).first().waitFor();
    await press(pin, 'Start the playbook');
    await ada.getByText('Confirm from outside that a push fails').last().waitFor();
    await shot(ada, 'incident-step');
    await answer(ada.locator('#flow'), 'Done', '503 from both networks');
    await pin.getByText('step 2 of').waitFor();
    await answer(ada.locator('#flow'), 'Skip', 'publishing was frozen already');
    await pin.getByText('step 3 of').waitFor();

    await type(ada, '/incident impact Nobody can publish images.');
    await pin.getByText('Nobody can publish images.').waitFor();
    await type(ada, 'I see disk alerts from registry-1, looking.');
    await type(ada, '/incident update We have found the cause: the disk is full.');
    await bob.getByText('We have found the cause: the disk is full.').waitFor();
    await shot(bob, 'stakeholders-dark');
    await ada.waitForTimeout(1_500);
    await shot(ada, 'incident-work');
    const phone = await newPage({ viewport: { width: 380, height: 760 }, colorScheme: 'dark' });
    await named(phone, 'Cleo');
    await shot(phone, 'phone-start');
    await phone.goto(ada.url());
    await shot(phone, 'phone-incident');
    await phone.locator('.facts > summary').click();
    await shot(phone, 'phone-pinned');
    await phone.locator('.facts > summary').click();

    ahead += 31 * 60_000;
    bot.runner.wake();
    await pin.locator('dd', { hasText: 'overdue' }).waitFor();
    await bob.getByText('Automatic update').waitFor();
    await ada.waitForTimeout(1_500);
    await shot(ada, 'incident-overdue');
    await shot(phone, 'phone-overdue');
    await type(ada, '/incident update Space is freed, pushes work for some.');

    await alert({ title: 'Wiki answers slowly', service: 'wiki', severity: 'warning' });
    await alert({ title: 'Docs search is empty', service: 'docs', severity: 'warning' });
    await ada.locator('#places a', { hasText: 'triage' }).click();
    const entry = (title: string) => ada.locator('#flow .message', { hasText: title });
    await entry('Docs search is empty').waitFor();
    await shot(ada, 'triage');
    await answer(entry('Wiki answers slowly'), 'Dismiss', 'a nightly job, known');
    await entry('Wiki answers slowly').getByText('Dismissed by').waitFor();
    await press(entry('Docs search is empty'), 'Declare');
    await entry('Docs search is empty').getByText('Declared as #2').waitFor();
    await ada.locator('#places a', { hasText: 'inc-2-' }).waitFor();
    await shot(ada, 'triage-decided');

    await ada.locator('#places a', { hasText: 'inc-1-' }).click();
    await type(ada, '/incident action Alert before the disk is full @bob 2030-01-15');
    await alert({ ...critical, status: 'resolved' });
    await pin.getByText('Proposed:').waitFor();
    await shot(ada, 'incident-cleared');
    await answer(pin, 'Resolve', 'Pushes work again.');
    await type(ada, '/incident carry 19 @bob 2030-01-16');
    await press(pin, 'Close');
    const read = ada.locator('#flow').getByRole('link', { name: 'read it' });
    await read.waitFor();
    await ada.waitForTimeout(1_500);
    await shot(ada, 'incident-closed');
    await expect.poll(() => ada.locator('#places').textContent()).toMatch(/Earlier[\s\S]*inc-1-/);

    const [paper] = await Promise.all([contexts[0]!.waitForEvent('page'), read.click()]);
    await paper.getByRole('heading', { level: 1 }).waitFor();
    for (const words of ['503 from both networks', 'Nobody can publish images.', '2030-01-15', 'the disk is full'])
      expect(await paper.locator('main').textContent()).toContain(words);
    expect(await paper.locator('table').count()).toBeGreaterThan(5);
    await shot(paper, 'postmortem');
    const wide = await paper.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    await paper.locator('td a').first().click();
    await expect
      .poll(() => contexts[0]!.pages().some((page) => /\/incidents\/1\/timeline#e-\d+$/.test(page.url())))
      .toBe(true);
    const timeline = contexts[0]!.pages().find((page) => page.url().includes('/timeline'))!;
    await timeline.getByText('finished step 1').waitFor();
    await shot(timeline, 'timeline');
    await timeline.getByRole('link', { name: 'Channel' }).click();
    await timeline.waitForURL(/\/c\/inc-1-/);
    await phone.goto(`${bot.url}/incidents/1/postmortem`);
    await shot(phone, 'phone-postmortem');
    expect(complaints).toEqual([]);
  });

  it('can be acknowledged and told of without scripts', async () => {
    const page = await newPage({ javaScriptEnabled: false });
    await named(page, 'Ada');
    const line = await page.locator('.first code').textContent();
    expect((await inShell('sh', ['-c', line as string], { timeout: 10_000 })).stdout).toContain('"accepted":1');
    await expect
      .poll(async () => {
        await page.goto(bot.url);
        return page.locator('#overview .open').count();
      })
      .toBe(1);
    await page.locator('#overview .open').click();
    await press(page.locator('#pin'), 'Acknowledge');
    await page.locator('.whisper').waitFor();
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByRole('button', { name: 'Acknowledge', exact: true }).count();
      })
      .toBe(0);
    await answer(page.locator('#pin'), 'Update', 'We are looking at the disk.');
    await page.locator('.whisper').waitFor();
    await expect
      .poll(async () => {
        await page.goto(`${bot.url}/c/stakeholders`);
        return page.getByText('We are looking at the disk.').count();
      })
      .toBeGreaterThan(0);
    await shot(page, 'no-script');
    expect(complaints).toEqual([]);
  });
});
