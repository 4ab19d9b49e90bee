import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine, told, unstored } from './ingest.mjs';
import { probing, storedIn, timeToRest } from './probe.mjs';
import { peakMemoryOf, startTarget, targets } from './targets.mjs';

const perRequest = 50;
const connections = 64;
const probeEveryMs = 5_000;
const bars = { cardMs: 10_000, restMs: 5_000, memory: 512 * 1024 * 1024 };

/**
 * One source sends all of these alerts within these seconds, over many connections, and again what is refused; another
 * one sends a sev1 every five seconds.
 */
export async function storm({ alerts, within, say }) {
  const target = await startTarget('muster');
  try {
    const { path, shape } = targets.muster;
    const probe = probing(target, { everyMs: probeEveryMs, again: true });
    say(`${alerts} alerts within ${within} s, ${perRequest} per request, ${connections} connections …`);
    const requests = Math.ceil(alerts / perRequest);
    const task = {
      port: target.port,
      path,
      shape,
      alerts: perRequest,
      connections,
      requests,
      withinMs: within * 1_000,
    };
    const sent = await poured(task);
    const stoppedAt = performance.now();
    const restMs = await timeToRest(target, stoppedAt);
    const probed = await probe.stop();
    const memory = peakMemoryOf(target.pid);
    const stored = storedIn(target);
    const acknowledged = { alertmanager: sent.acknowledged, generic: probed.acknowledged };
    const lost = Object.entries(acknowledged).reduce((sum, [of, count]) => sum + count - (stored[of] ?? 0), 0);
    const cards = probed.took.sort((a, b) => a - b);
    const problems = [...told(sent.failures), ...unstored(stored, acknowledged)];
    if (sent.acknowledged !== requests * perRequest) problems.push('not all of it was taken in the end');
    if (probed.missing) problems.push(`${probed.missing} cards were never seen`);
    if (restMs === null) problems.push('jobs were still due half a minute after the storm');
    const slowest = cards.at(-1) ?? null;
    const most = (what, value, bar) => ({ what, value, bar: `<= ${bar}`, pass: value !== null && value <= bar });
    return {
      machine: machine(),
      alerts: requests * perRequest,
      within,
      tookMs: sent.tookMs,
      refused: sent.refused,
      p50Ms: sent.p50Ms,
      p99Ms: sent.p99Ms,
      cards: cards.length,
      cardP50Ms: cards[cards.length >> 1] ?? null,
      bars: [
        most('acknowledged and not stored', lost, 0),
        most('a sev1 of another source on its card, slowest ms', slowest, bars.cardMs),
        most('memory at its peak, MB', memory === null ? null : memory / 1024 / 1024, bars.memory / 1024 / 1024),
        most('no job due after the storm, ms', restMs, bars.restMs),
      ],
      problems,
    };
  } finally {
    await target.stop();
  }
}

function poured(task) {
  const child = fork(fileURLToPath(new URL('./pour.mjs', import.meta.url)));
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The pouring process ended with ${code}.`)));
    child.send(task);
  });
}
