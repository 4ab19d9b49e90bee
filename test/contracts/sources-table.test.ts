import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { readAlerts, sourceOf, sources } from '../../src/alerts/sources.js';
import { noon } from '../alerts/world.js';
import { expectedOf, kinds, read } from './recorded.js';

/** docs/sources/README.md: its tables are made from the registry and from what is read from the bodies kept here. */
const page = new URL('../../docs/sources/README.md', import.meta.url);

/** Those that are tested elsewhere, with the bodies that show what they give. */
const elsewhere: Record<string, () => unknown[]> = {
  alertmanager: () => {
    const folder = new URL('../fixtures/alertmanager/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return files.map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  },
  generic: () => [{ title: 'x', service: 'registry', severity: 'critical', url: 'https://example.com/' }],
};

async function alertsOf(kind: string): Promise<Alert[]> {
  const given = elsewhere[kind];
  if (given)
    return given().flatMap((body) => readAlerts(sourceOf(kind)!, body, { source: kind, receivedAt: noon }).alerts);
  const all = kinds.includes(kind) ? expectedOf(kind).cases : [];
  const alerts: Alert[] = [];
  for (const each of all) alerts.push(...(await read(kind, each)).alerts);
  return alerts;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

async function tables(): Promise<string> {
  const sorted = [...sources].sort((a, b) => (a.sender.toLowerCase() < b.sender.toLowerCase() ? -1 : 1));
  const rows = [
    '| Sender | At `/alerts/…` | Shows who it is by | End | Severity | Service | Link |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const { kind, sender, authentication, episode } of sorted) {
    const alerts = await alertsOf(kind);
    const gives = (has: (alert: Alert) => unknown): string =>
      alerts.some((alert) => Boolean(has(alert))) ? 'yes' : '–';
    const what = [gives(({ severity }) => severity), gives(({ service }) => service), gives(({ links }) => links[0])];
    const end = episode === 'proven' ? 'proven' : 'below';
    rows.push(
      `| [${cell(sender)}](${kind}.md) | \`${kind}\` | ${cell(authentication)} | ${end} | ${what.join(' | ')} |`,
    );
  }
  const unproven = sorted
    .filter(({ episode }) => episode !== 'proven')
    .map(({ kind, sender, episode }) => `- [${sender}](${kind}.md): ${episode}`);
  return `${rows.join('\n')}\n\n## Ends that no recorded pair proves\n\n${unproven.join('\n')}\n`;
}

const start = '<!-- made from the sources; MUSTER_WRITE_DOCS=1 writes it -->\n';

test('the table of sources is the one in the docs', async () => {
  const made = await tables();
  const before = readFileSync(page, 'utf8');
  const at = before.indexOf(start) + start.length;
  if (process.env.MUSTER_WRITE_DOCS === '1') writeFileSync(page, `${before.slice(0, at)}\n${made}`);
  expect(readFileSync(page, 'utf8').slice(at)).toBe(`\n${made}`);
});
