import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultLines } from '../cli/check-oncall.js';
import { readConfig } from '../config/read.js';
import { examineSchedules } from './examine.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What is found in the schedules of a `muster.yaml`, as `muster check` prints it. */
async function told(schedules: string): Promise<string[]> {
  const people = 'people: { ada: { name: Ada Lovelace }, bob: { name: Bob } }';
  writeFileSync(
    join(folder, 'muster.yaml'),
    `open-on-loopback: true\n${people}\non-call:\n  schedules:\n${schedules.replace(/^/gm, '    ')}\n`,
  );
  const config = readConfig({}, folder);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  const now = Date.UTC(2026, 10, 21, 12);
  return faultLines(await examineSchedules(config.onCall, { people: config.people, overrides: [], now }));
}

describe('looking at schedules', () => {
  it('has nothing to say while somebody is, all of the next 30 days', async () => {
    const lines = await told('primary: { zone: Europe/Berlin, layers: [{ people: [ada, bob], from: 2026-11-16 }] }');
    expect(lines).toEqual([]);
  });

  it('tells gaps with their times in the zone of the schedule', async () => {
    const lines = await told(
      [
        'primary:',
        '  zone: Europe/Berlin',
        '  layers:',
        '    - { people: [ada], from: 2026-11-16, until: 2026-12-18 }',
        '    - { people: [bob], from: 2026-11-16, until: 2026-12-19, only: [{ days: [sat], from: "10:00" }] }',
      ].join('\n'),
    );
    expect(lines).toEqual([
      expect.stringMatching(
        /^on-call\.schedules\.primary warning Nobody is on call from 19 Dec 00:00 \+01:00 Europe\/Berlin until 19 Dec 10:00 \+01:00 Europe\/Berlin \(10 h\)\. \(Plan somebody there;/,
      ),
      expect.stringContaining('Nobody is on call from 20 Dec 00:00 +01:00 Europe/Berlin until 21 Dec 13:00 +01:00'),
    ]);
  });

  it('tells names in a calendar that stand for nobody, as a gap and with what to do', async () => {
    const week = (from: string, until: string, who: string) =>
      ['BEGIN:VEVENT', `UID:${who}`, `DTSTART:${from}`, `DTEND:${until}`, `SUMMARY:${who}`, 'END:VEVENT'].join('\n');
    writeFileSync(
      join(folder, 'primary.ics'),
      [
        'BEGIN:VCALENDAR',
        week('20261101T000000Z', '20261130T000000Z', 'On Call - Ada Lovelace - Primary'),
        week('20261130T000000Z', '20261201T000000Z', 'Zed @channel'),
        week('20261201T000000Z', '20270101T000000Z', 'Bob'),
        'END:VCALENDAR',
      ].join('\n'),
    );
    const lines = await told('primary: { ical: ./primary.ics }');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('from 30 Nov 00:00 UTC until 1 Dec 00:00 UTC (1 d); its calendar names “Zed @channel”');
    expect(lines[1]).toContain('names whom Muster does not know: “Zed @channel”. (Give the person under people');
    expect(await told('primary: { ical: ./primary.ics, names: { "Zed @channel": ada } }')).toEqual([]);
  });

  it('says that it could not read a calendar, without what opens it', async () => {
    const lines = await told('primary: { ical: "http://127.0.0.1:9/private/SECRET.ics" }');
    expect(lines).toEqual([
      expect.stringMatching(/warning Its calendar at 127\.0\.0\.1:9 cannot be read: its server cannot be reached/),
    ]);
    expect(lines.join()).not.toContain('SECRET');
  });
});
