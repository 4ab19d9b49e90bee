import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { createMetrics } from '../../src/http/metrics/metrics.js';
import { program, run } from '../fakes/program.js';
import { story } from '../stories/story.js';

const page = 'docs/metrics.md';
const rules = 'examples/prometheus/muster-alerts.yml';
const promtool = program('promtool', { from: 'prometheus', variable: 'PROMTOOL' });
const begin = '<!-- every metric: written by MUSTER_WRITE_DOCS=1 npx vitest run test/operations/metrics.test.ts -->\n';

const value = (text: string, line: RegExp): number =>
  Number(
    text
      .split('\n')
      .find((each) => line.test(each))
      ?.split(' ')
      .at(-1) ?? Number.NaN,
  );

function table(): string {
  const rows = createMetrics()
    .described()
    .map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.join(', ')} | ${help.replaceAll('|', '\\|')} |`,
    );
  return ['| metric | kind | labels | what it says |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

test('the page of metrics has every one as it is', () => {
  const [before] = readFileSync(page, 'utf8').split(begin);
  const written = `${before}${begin}${table()}`;
  if (process.env.MUSTER_WRITE_DOCS) writeFileSync(page, written);
  expect(readFileSync(page, 'utf8')).toBe(written);
});

describe('the figures of a Muster at work', () => {
  it('tell of promises, deliveries, answers and what waits, and name no person and no incident', async () => {
    const muster = await story({ file: 'open-on-loopback: true\npeople: { ada: { name: Ada } }\n' });
    const alert = { title: 'Pushes fail', service: 'registry', severity: 'critical' };
    await muster.alerts('generic', { alerts: [alert] });
    await muster.alerts('generic', { alerts: [{ ...alert, service: 'git' }] });
    await muster.say('ada', '/incident declare --private --sev 1 Quiet matter');
    await muster.say('ada', '/incident sev 9 no', 1);
    await muster.forward({ minutes: 4 });
    await muster.say('ada', '/incident ack', 1);
    await muster.forward({ minutes: 31 });
    muster.sleep({ hours: 2 });
    const { text } = await muster.get('/metrics');
    expect(value(text, /^muster_incidents_open\{severity="sev1",status="investigating"\}/)).toBe(3);
    expect(value(text, /^muster_acknowledge_duration_seconds_sum\{severity="sev1"\}/)).toBe(240);
    expect(value(text, /^muster_acknowledge_missed_total\{severity="sev1"\}/)).toBeGreaterThan(0);
    expect(value(text, /^muster_acknowledgements_overdue /)).toBe(1);
    expect(value(text, /^muster_update_lateness_seconds_count\{by="muster"\}/)).toBe(3);
    expect(value(text, /^muster_updates_overdue /)).toBe(3);
    expect(value(text, /^muster_updates_overdue_seconds /)).toBeGreaterThan(3_600);
    expect(value(text, /^muster_reply_duration_seconds_count\{platform="web",result="refused"\}/)).toBe(1);
    expect(value(text, /^muster_delivery_duration_seconds_count\{platform="web",task="post"\}/)).toBeGreaterThan(3);
    expect(value(text, /^muster_jobs\{state="due",lane="timer",platform="none"\}/)).toBeGreaterThan(0);
    expect(value(text, /^muster_jobs_oldest_due_age_seconds\{lane="timer",platform="none"\}/)).toBeGreaterThan(3_600);
    expect(value(text, /^muster_database_up /)).toBe(1);
    expect(value(text, /^muster_database_size_bytes /)).toBeGreaterThan(10_000);
    expect(value(text, /^muster_disk_free_bytes /)).toBeGreaterThan(0);
    expect(value(text, /^muster_build_info\{version="[\d.]+",node="v\d/)).toBe(1);
    expect(text).not.toMatch(/quiet|pushes|ada"|inc-\d/i);
    await muster.end();
  });

  it('say that the database does not answer, instead of failing', async () => {
    const metrics = createMetrics();
    const store = {
      figures: () => Promise.reject(new Error('gone')),
      incidents: () => Promise.reject(new Error('gone')),
    };
    metrics.watch({ store, now: () => 0 });
    expect(value(await metrics.figures(), /^muster_database_up /)).toBe(0);
  });
});

describe('the example for Prometheus', () => {
  it('asks only for metrics that are there', () => {
    const known = createMetrics()
      .described()
      .map(({ name }) => name);
    const named = [...new Set(readFileSync(rules, 'utf8').match(/\bmuster_\w+/g))];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.includes(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([]);
  });

  it.skipIf(promtool.missing !== null)(
    `passes promtool${promtool.missing ? ` (${promtool.missing})` : ''}`,
    async () => {
      for (const args of [
        ['check', 'config', '--syntax-only', 'examples/prometheus/prometheus.yml'],
        ['check', 'rules', rules],
        ['test', 'rules', 'examples/prometheus/muster-alerts.test.yml'],
      ]) {
        const { code, said } = await run(promtool, args);
        expect(code, said).toBe(0);
      }
    },
  );
});
