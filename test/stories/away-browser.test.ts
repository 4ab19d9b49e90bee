import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { type RemoteStory, remoteStory } from '../faults/remote-story.js';

describe.skipIf(noBrowser !== null)(`an outage of chat in a browser${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let browser: Browser;
  let here: RemoteStory;
  beforeEach(async () => {
    browser = await openBrowser();
    here = await remoteStory({ awayAfterMs: 120_000 });
  });
  afterEach(async () => {
    await browser.close();
    await here.end();
  });

  it('says at the top of the room that it goes on here, and afterwards where it goes on, without loading the page again', async () => {
    const { told, chat } = here;
    const shots = process.env.MUSTER_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'muster-away-'));
    await here.outage('registry');
    await told.say('Ada', '/incident take commander', 1);
    await told.forward({ seconds: 10 });
    chat.fail({ kind: 'status', status: 503 }, { times: 100_000 });
    await told.say('Ada', '/incident note is anybody there?', 1);
    await told.forward({ minutes: 4 });

    const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
    await context.addCookies([{ name: 'muster_name', value: 'Ada', url: told.bot.url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.goto(`${told.bot.url}/incidents/1`);
    const banner = page.locator('#away');
    await expect
      .poll(() => banner.textContent())
      .toMatch(
        /^Remote cannot be reached since 12:0\d UTC\. The incident goes on here; what is decided here is told there when it is back\.$/,
      );
    await page.screenshot({ path: join(shots, 'away.png') });
    await page.setViewportSize({ width: 380, height: 780 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.screenshot({ path: join(shots, 'away-phone.png') });
    await page.setViewportSize({ width: 1280, height: 860 });

    await page.evaluate('window.same = true');
    chat.heal();
    await told.forward({ minutes: 8 });
    await expect
      .poll(() => banner.textContent())
      .toMatch(
        /^Remote is back\. It goes on there, in #inc-1-registry-fails\. Here only the pinned card is kept up to date\.$/,
      );
    expect(await page.evaluate('window.same')).toBe(true);
    await page.screenshot({ path: join(shots, 'back.png') });
    // An incident that has always been elsewhere, and every other channel, has none.
    await page.goto(`${told.bot.url}/c/operators`);
    expect(await banner.textContent()).toBe('');
    expect(complaints).toEqual([]);
  }, 60_000);
});
