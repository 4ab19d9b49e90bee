import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { startNtfy } from '../fakes/page-services.js';
import { type Story, story } from './story.js';

const env = {
  MUSTER_API_TOKEN: 'api-token-api-token-api-token',
  MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
};

describe.skipIf(noBrowser !== null)(`a page on a telephone${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let told: Story;
  afterEach(() => told.end());

  it('is acknowledged with one press on one big button, without scripts and without signing in', async () => {
    const ntfy = await startNtfy();
    const browser = await openBrowser();
    const shots = process.env.MUSTER_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'muster-page-'));
    try {
      told = await story({
        env,
        file: `people:
  ada: { name: Ada, page: [{ via: ntfy, url: ${ntfy.url}, topic: ada }] }
severities: { sev1: { page: [ada] } }
`,
      });
      await fetch(`${told.bot.url}/alerts/generic`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${env.MUSTER_ALERTS_TOKEN}` },
        body: JSON.stringify({
          alerts: [
            {
              title: 'Pushes to registry.example.com/very-long-names-that-no-telephone-breaks-by-itself fail',
              service: 'registry',
              severity: 'critical',
            },
          ],
        }),
      });
      await told.bot.runner.untilIdle();
      const context = await browser.newContext({
        viewport: { width: 380, height: 680 },
        javaScriptEnabled: false,
        isMobile: true,
        hasTouch: true,
      });
      const page = await context.newPage();
      await page.goto(String(ntfy.taken[0]?.click));
      const button = page.getByRole('button', { name: 'Acknowledge' });
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(56);
      expect(box?.width).toBeGreaterThanOrEqual(300);
      expect((box?.y ?? 1e9) + (box?.height ?? 0)).toBeLessThan(680);
      const wide = await page.locator('h1').boundingBox();
      expect((wide?.x ?? 0) + (wide?.width ?? 1e9)).toBeLessThanOrEqual(380);
      await page.screenshot({ path: join(shots, 'ack.png') });
      expect((await told.incident(1)).acknowledgedAt).toBeNull();
      await button.tap();
      await page.getByText('You acknowledged at 12:00 UTC.').waitFor();
      expect((await told.incident(1)).acknowledgedBy).toBe('ada');
      expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
      await page.screenshot({ path: join(shots, 'acknowledged.png') });
      await page.getByRole('button', { name: 'Take command' }).tap();
      await page.getByText('You command it.').waitFor();
      await page.screenshot({ path: join(shots, 'commands.png') });
      await page.goto(`${told.bot.url}/ack/none`);
      await page.screenshot({ path: join(shots, 'dead.png') });
    } finally {
      await browser.close();
      await ntfy.close();
    }
  }, 60_000);
});
