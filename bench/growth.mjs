import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { machine } from './ingest.mjs';

const perCommit = 50;
const commitsPerTurn = 40;
const perIncident = 10;
const wanted = 1.3;
const day = 24 * 3_600_000;

/**
 * What one alert costs the store, in CPU time: to look for it (known or not), and to look for it and write it, fifty in
 * a commit. An empty database and one with so many alerts take turns, so that the machine is the same for both.
 */
export async function growth({ stored, rounds, say }) {
  const { openStore } = await import('../dist/store/open.js');
  const { alertKey } = await import('../dist/store/alert-key.js');
  const folder = mkdtempSync(join(tmpdir(), 'muster-growth-'));
  const open = (file) => openStore({ kind: 'sqlite', file: join(folder, file) });
  const stores = {};
  try {
    await (await open('full.db')).close();
    say(`storing ${stored} alerts …`);
    fill(join(folder, 'full.db'), stored, alertKey);
    const megabytes = statSync(join(folder, 'full.db')).size / 1024 / 1024;
    stores.empty = await open('empty.db');
    stores.full = await open('full.db');
    const took = { known: { empty: [], full: [] }, unknown: { empty: [], full: [] }, written: { empty: [], full: [] } };
    let next = stored;
    // What the empty one knows is what the first turn writes; that turn is not counted.
    for (let round = 0; round <= rounds * 5; round++) {
      const first = next;
      next += perCommit * commitsPerTurn;
      for (const of of round % 2 ? ['empty', 'full'] : ['full', 'empty']) {
        const write = await perAlert((n) => looked(stores[of], first + n * perCommit, true));
        const unknown = await perAlert((n) => looked(stores[of], -1 - first - n * perCommit, false));
        const known = await perAlert((n) =>
          looked(stores[of], of === 'full' ? (n * 7919 * perCommit) % stored : first + n * perCommit, false),
        );
        if (round === 0) continue;
        took.written[of].push(write);
        took.unknown[of].push(unknown);
        took.known[of].push(known);
      }
      say(`round ${round} of ${rounds * 5}`);
    }
    const measured = [
      ['an alert that is known, looked for', took.known],
      ['one that is not known, looked for', took.unknown],
      ['one that is not known, looked for and stored', took.written],
    ].map(([what, { empty, full }]) => ({ what, empty: median(empty), full: median(full) }));
    const [, , { empty, full }] = measured;
    const ratio = full / empty;
    return {
      machine: machine(),
      alerts: stored,
      megabytes,
      measured,
      bars: [
        { what: 'looked for and stored, against empty', value: ratio, bar: `<= ${wanted}`, pass: ratio <= wanted },
      ],
      problems: [],
    };
  } finally {
    for (const store of Object.values(stores)) await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Microseconds of CPU per alert. */
async function perAlert(work) {
  const before = process.cpuUsage();
  for (let n = 0; n < commitsPerTurn; n++) await work(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (commitsPerTurn * perCommit);
}

async function looked(store, first, write) {
  const episodes = Array.from({ length: perCommit }, (_, i) => episodeOf(first + i, Date.now()));
  await store.episodes(episodes);
  if (!write) return;
  const outcomes = episodes.map(({ fingerprint, name, incidentId }) => ({
    fingerprint,
    name,
    outcome: 'attached',
    incidentId,
    why: 'belongs to what is open already',
  }));
  const receipt = { id: `r${first}`, source: 'alertmanager', receivedAt: Date.now(), outcomes };
  await store.commit([{ stream: null, events: [], incident: null, episodes, receipts: [receipt] }]);
}

/** Fingerprints are hashes: one that follows another is nowhere near it. */
const scattered = (count) => (Math.imul(count, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');

function episodeOf(number, at) {
  const host = `node-${scattered(number)}:9100`;
  const digits = String(Math.abs(number)).padStart(12, '0');
  return {
    id: `${at.toString(16).padStart(12, '0')}-7${number < 0 ? 'n' : 'p'}-${digits}`,
    source: 'alertmanager',
    fingerprint: `${scattered(number)}f0e1d2c3`,
    incidentId: `0190f0e1-d2c3-7000-8000-${String(Math.floor(Math.abs(number) / perIncident)).padStart(12, '0')}`,
    state: 'firing',
    startedAt: at,
    endedAt: null,
    reported: { firing: [at], clearFrom: null },
    lastSeenAt: at,
    name: 'HighErrorRate',
    summary: `More than 5% of requests to checkout on ${host} fail`,
    service: 'checkout',
    host,
    severity: 'critical',
    groupKey: 'service:checkout',
    labels: {
      alertname: 'HighErrorRate',
      cluster: 'prod-eu',
      instance: host,
      service: 'checkout',
      severity: 'critical',
    },
    annotations: {
      summary: `More than 5% of requests to checkout on ${host} fail`,
      description: `The share of answers with 5xx has been above 5% for ten minutes on ${host}.`,
      runbook_url: 'https://runbooks.example.org/checkout/high-error-rate',
    },
    links: [{ label: 'Runbook', href: 'https://runbooks.example.org/checkout/high-error-rate' }],
  };
}

/** Straight into the file: all that is measured afterwards finds it as if it had come one by one over a year. */
function fill(file, count, alertKey) {
  const database = new Sqlite(file);
  database.pragma('synchronous = OFF');
  const insert = database.prepare(`INSERT INTO episodes
    (id, source, fingerprint, incident_id, state, started_at, last_seen_at, group_key, episode, alert_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const from = Date.now() - 365 * day;
  const some = database.transaction((first, end) => {
    for (let number = first; number < end; number++) {
      const each = episodeOf(number, from + Math.floor((number * 364 * day) / count));
      const { id, source, fingerprint, incidentId, state, startedAt, lastSeenAt, groupKey } = each;
      const key = alertKey(each);
      insert.run(
        id,
        source,
        fingerprint,
        incidentId,
        state,
        startedAt,
        lastSeenAt,
        groupKey,
        JSON.stringify(each),
        key,
      );
    }
  });
  for (let first = 0; first < count; first += 50_000) some(first, Math.min(count, first + 50_000));
  database.close();
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
