import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { sourceOf, sources } from '../../src/alerts/sources.js';
import { kept } from '../../src/alerts/words.js';
import { type Case, expectedOf, folder, kinds, read } from './recorded.js';

const shown = ({ links, ...alert }: Alert) => ({ ...alert, links, link: links[0]?.href ?? null });

describe.each(kinds)('%s', (kind) => {
  const { cases, episode = [] } = expectedOf(kind);

  test.each(cases.map((each, index) => [each.file ?? `case ${index}`, each] as const))('%s', async (_, each) => {
    const { alerts, passedOver } = await read(kind, each);
    if (each.passedOver !== undefined) {
      expect(alerts).toEqual([]);
      expect(passedOver?.why).toContain(each.passedOver);
      if (each.tells !== undefined) expect(passedOver?.tells?.text).toBe(each.tells);
      return;
    }
    expect(alerts.map(shown)).toMatchObject(each.expect ?? []);
    expect(alerts).toHaveLength(each.expect?.length ?? 0);
    for (const alert of alerts) {
      expect(alert.fingerprint.length).toBeLessThanOrEqual(kept.fingerprint);
      expect(alert.name).not.toBe('');
      if (alert.severity !== null) expect(alert.severity).toBe(alert.severity.toLowerCase());
      for (const at of [alert.startsAt, alert.endsAt]) if (at !== null) expect(at).toBeGreaterThan(9e11);
    }
  });

  test('a beginning and its end are one alert', async () => {
    expect(episode.length > 0 || sourceOf(kind)?.episode !== 'proven').toBe(true);
    for (const [first, last] of episode) {
      const began = (await read(kind, cases[first] as Case)).alerts;
      const ended = (await read(kind, cases[last] as Case)).alerts;
      const firing = began.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint);
      const over = ended.filter(({ status }) => status === 'resolved').map(({ fingerprint }) => fingerprint);
      expect(firing.length).toBeGreaterThan(0);
      expect(firing.some((each) => over.includes(each))).toBe(true);
    }
  });

  test('every body that is kept here is looked at', () => {
    const looked = new Set(cases.map(({ file }) => file));
    const there = readdirSync(new URL(`${kind}/`, folder)).filter(
      (name) => !/^(?:SOURCE\.md|expected\.json)$|\.headers$/.test(name),
    );
    expect(there.filter((name) => !looked.has(name))).toEqual([]);
  });
});

test('every source is tested here, and has a page', () => {
  const elsewhere = ['alertmanager', 'generic'];
  const names = sources.map(({ kind }) => kind).filter((kind) => !elsewhere.includes(kind));
  expect(names.filter((kind) => !kinds.includes(kind))).toEqual([]);
  expect(kinds.filter((kind) => !sourceOf(kind))).toEqual([]);
  expect(sources.filter(({ kind }) => !existsSync(new URL(`../../docs/sources/${kind}.md`, import.meta.url)))).toEqual(
    [],
  );
});
