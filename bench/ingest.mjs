import { fork } from 'node:child_process';
import { cpus, release, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { probing, storedIn, timeToRest } from './probe.mjs';
import { alertmanagerVersion, cpuOf, memoryOf, startTarget, targets } from './targets.mjs';

const loads = [
  { alerts: 1, connections: 16 },
  { alerts: 50, connections: 8 },
];
const warmUpMs = 2_000;
const bars = { cardMs: 2_000, restMs: 5_000, ofFloor: 0.5, ofAlertmanager: { 1: 0.8, 50: 1 } };

/** Every target under every load, each in a fresh process, in random order in every round; what is told are medians. */
export async function ingest({ rounds, seconds, say }) {
  const peer = alertmanagerVersion();
  if (!peer) say('Alertmanager is not installed here: it is left out (Debian: apt install prometheus-alertmanager).');
  const kinds = Object.keys(targets).filter((kind) => kind !== 'alertmanager' || peer);
  const runs = [];
  for (let round = 1; round <= rounds; round++) {
    for (const { kind, load } of shuffled(kinds.flatMap((kind) => loads.map((load) => ({ kind, load }))))) {
      const run = { kind, round, ...load, ...(await measure(kind, load, seconds)) };
      runs.push(run);
      const { perSecond, p99Ms, cpuUs } = run;
      say(
        `round ${round}/${rounds}: ${targets[kind].name}, ${load.alerts} per request: ${perSecond.toFixed(0)}/s, p99 ${p99Ms?.toFixed(1)} ms${cpuUs === null ? '' : `, CPU ${cpuUs.toFixed(0)} us per request`}`,
      );
    }
  }
  const results = loads.map((load) => ({
    ...load,
    targets: Object.fromEntries(
      kinds.map((kind) => [kind, summary(runs.filter((run) => run.kind === kind && run.alerts === load.alerts))]),
    ),
  }));
  for (const { targets: of } of results)
    for (const kind of kinds) of[kind].ofMuster = of.muster.perSecond / of[kind].perSecond;
  const muster = musterOf(runs.filter(({ kind }) => kind === 'muster'));
  return {
    machine: machine(),
    alertmanager: peer?.version ?? null,
    rounds,
    seconds,
    results,
    muster,
    bars: judged(results, muster),
    problems: runs.flatMap(({ kind, alerts, round, problems }) =>
      problems.map((problem) => `${targets[kind].name}, ${alerts} per request, round ${round}: ${problem}`),
    ),
  };
}

export const machine = () =>
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${type()} ${release()}, Node ${process.version}`;

async function measure(kind, { alerts, connections }, seconds) {
  const target = await startTarget(kind);
  try {
    const isMuster = kind === 'muster';
    const probe = isMuster && alerts === 1 ? probing(target) : null;
    const cpuBefore = cpuOf(target.pid);
    const { path, shape } = targets[kind];
    const task = { port: target.port, path, shape, alerts, connections, warmUpMs, measureMs: seconds * 1_000 };
    const { acknowledged, failures, ...figures } = await loaded(task);
    const stoppedAt = performance.now();
    const cpuAfter = cpuOf(target.pid);
    const problems = told(failures);
    const probed = probe && (await probe.stop());
    if (probed) problems.push(...told(probed.failures));
    if (probed?.missing) problems.push(`${probed.missing} cards were never seen`);
    const restMs = isMuster ? await timeToRest(target, stoppedAt) : null;
    if (isMuster && restMs === null) problems.push('jobs were still due half a minute after the load');
    const stored = isMuster ? storedIn(target) : null;
    if (stored) problems.push(...unstored(stored, { alertmanager: acknowledged, generic: probed?.acknowledged ?? 0 }));
    const cpuUs = cpuBefore === null ? null : ((cpuAfter - cpuBefore) * 1_000 * alerts) / acknowledged;
    const memory = memoryOf(target.pid);
    return { ...figures, acknowledged, cpuUs, memory, cardsMs: probed?.took ?? [], restMs, problems };
  } finally {
    await target.stop();
  }
}

export function loaded(task) {
  const child = fork(fileURLToPath(new URL('./load.mjs', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The loading process ended with ${code}.`)));
    child.send(task);
  });
}

export const told = (failures) =>
  Object.entries(failures).map(([what, count]) => `${count} requests failed with ${what}`);
export const unstored = (stored, acknowledged) =>
  Object.entries(acknowledged)
    .filter(([source, count]) => (stored[source] ?? 0) !== count)
    .map(([source, count]) => `${count} alerts of ${source} were acknowledged and ${stored[source] ?? 0} are stored`);

function summary(runs) {
  const of = (key) => median(runs.map((run) => run[key]));
  return {
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuUs: of('cpuUs'),
    memory: of('memory'),
  };
}

function musterOf(runs) {
  const cards = runs.flatMap(({ cardsMs }) => cardsMs).sort((a, b) => a - b);
  const at = (share) => cards[Math.min(cards.length - 1, Math.floor(cards.length * share))] ?? null;
  return {
    cards: cards.length,
    cardP50Ms: at(0.5),
    cardP99Ms: at(0.99),
    restMs: Math.max(...runs.map(({ restMs }) => restMs ?? Number.POSITIVE_INFINITY)),
    acknowledged: runs.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    memory: Math.max(...runs.map(({ memory }) => memory)),
  };
}

function judged(results, muster) {
  const least = (what, value, bar) => ({ what, value, bar: `>= ${bar}`, pass: value >= bar });
  const most = (what, value, bar) => ({ what, value, bar: `<= ${bar}`, pass: value !== null && value <= bar });
  return [
    ...results.flatMap(({ alerts, targets: { alertmanager, groupCommit } }) => [
      ...(alertmanager
        ? [least(`${alerts} per request, of Alertmanager`, alertmanager.ofMuster, bars.ofAlertmanager[alerts])]
        : []),
      least(`${alerts} per request, of group commit`, groupCommit.ofMuster, bars.ofFloor),
    ]),
    most('an alert of another source on its card, p99 ms', muster.cardP99Ms, bars.cardMs),
    most('no job due after the load, slowest ms', muster.restMs, bars.restMs),
  ];
}

function median(values) {
  if (values.some((value) => value === null)) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shuffled(list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}
