import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => place !== undefined && place !== '' && existsSync(place));

/** Why there is no browser for tests here, or null. In CI a missing browser is a failure and never skipped. */
export const noBrowser: string | null =
  executablePath === undefined && !process.env.CI
    ? 'no Chromium here: install one, or set CHROMIUM to its path, to run the tests in a browser'
    : null;

/** The system's Chromium, headless. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium: install one or set CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
