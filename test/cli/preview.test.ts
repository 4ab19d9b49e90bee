import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { previews } from '../../src/chat/previews.js';
import { previewStyle } from '../../src/chat/web/preview.js';
import { addPreview } from '../../src/cli/preview.js';
import { templateNames } from '../../src/messages/samples.js';
import { noBrowser, openBrowser } from '../fakes/browser.js';
import { runCommand } from './run.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-preview-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string[] = [], env: Record<string, string> = {}) =>
  runCommand(addPreview, ['preview', '--out', join(folder, 'out'), ...args], { folder, env });

describe('muster preview', () => {
  it('shows every template, a status update of each severity and status, and every card, on every platform', async () => {
    const { out, exitCode } = await run(['--json']);
    expect(exitCode).toBe(0);
    const answer = JSON.parse(out) as { ok: boolean; file: string; messages: string[]; problems: string[] };
    expect(answer).toMatchObject({ ok: true, problems: [] });
    for (const name of templateNames)
      expect(
        answer.messages.filter((title) => title.startsWith(name)),
        name,
      ).not.toEqual([]);
    for (const title of ['status-update, sev1, investigating', 'status-update, sev3, resolved', 'step card'])
      expect(answer.messages).toContain(title);
    expect(new Set(answer.messages).size).toBe(answer.messages.length);
    const page = readFileSync(answer.file, 'utf8');
    expect(page.match(/<section>/g)).toHaveLength(answer.messages.length);
    expect(page.match(/<div class="row">/g)).toHaveLength(answer.messages.length);
    for (const { name } of previews) expect(page).toContain(name);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
    expect(page.match(/blocks, \d+ characters of JSON: valid/g)).toHaveLength(answer.messages.length);
  });

  it('has the room by day, at night and narrow, from the style of the room itself', () => {
    const css = previewStyle();
    expect(css).not.toContain('prefers-color-scheme: dark');
    for (const part of [/\.day \{[^}]*--panel: #/, /\.night \{[^}]*--panel: #/, /\.narrow \{[^}]*\{/])
      expect(css).toMatch(part);
  });

  it('says where a template is wrong, and shows what people would read instead', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(join(own, 'note.hbs'), 'fine\n{{nothing}}');
    writeFileSync(join(own, 'status-update.sev9.hbs'), 'x');
    const { out, exitCode } = await run([], { MUSTER_TEMPLATES: own });
    expect(exitCode).toBe(1);
    expect(out).toContain(`${own}/note.hbs:2:2 error there is no value "nothing" here`);
    expect(out).toContain(`${own}/status-update.sev9.hbs:0:0 error no update is ever sev9; did you mean "sev1"?`);
    expect(readFileSync(join(folder, 'out', 'index.html'), 'utf8')).toContain(
      'Built-in text, because the template note.hbs',
    );
  });

  it('says so when it cannot write', async () => {
    writeFileSync(join(folder, 'out'), 'a file');
    const { err, exitCode } = await run();
    expect(exitCode).toBe(2);
    expect(err).toContain('Name another folder with --out.');
  });

  it.skipIf(noBrowser !== null)('is a page in which nothing sticks out of its column', async () => {
    await run();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 2300, height: 1200 } });
      const complaints: string[] = [];
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(`file://${join(folder, 'out', 'index.html')}`);
      const wide = await page.evaluate(
        `[...document.querySelectorAll('.row > div')].filter((each) => each.scrollWidth > each.clientWidth + 1).length`,
      );
      expect(wide).toBe(0);
      expect(complaints).toEqual([]);
      const ground = await page.evaluate<string[]>(
        `['day', 'night'].map((name) => getComputedStyle(document.querySelector('.row > .' + name)).backgroundColor)`,
      );
      expect(new Set(ground).size).toBe(2);
      if (process.env.MUSTER_SCREENSHOTS)
        await page.screenshot({ path: join(process.env.MUSTER_SCREENSHOTS, 'preview.png'), fullPage: true });
    } finally {
      await browser.close();
    }
  });
});
