import { createServer } from 'node:http';
import { loaded, machine, told } from './ingest.mjs';
import { startTarget } from './targets.mjs';

const everyMs = 100;
const givenUpAfterMs = 30_000;
const withinMs = 5_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** From the moment an alert is sent until the page it makes stands at the way of whoever is called, without and under load. */
export async function pages({ incidents, say }) {
  const runs = [];
  for (const load of [false, true]) {
    const run = await measure(incidents, load);
    runs.push(run);
    say(`${run.load}: ${run.took.length} pages, p50 ${run.p50Ms?.toFixed(0)} ms, p99 ${run.p99Ms?.toFixed(0)} ms`);
  }
  const [, loadedRun] = runs;
  return {
    machine: machine(),
    incidents,
    loadPerSecond: loadedRun.loadPerSecond,
    pages: runs.map(({ load, p50Ms, p99Ms, maxMs }) => ({ load, p50Ms, p99Ms, maxMs })),
    bars: runs.map(({ load, p99Ms }) => ({
      what: `alert to page, ${load}, p99 ms`,
      value: p99Ms,
      bar: `<= ${withinMs}`,
      pass: p99Ms !== null && p99Ms <= withinMs,
    })),
    problems: runs.flatMap(({ load, problems }) => problems.map((problem) => `${load}: ${problem}`)),
  };
}

async function measure(incidents, underLoad) {
  const way = await startWay();
  const target = await startTarget('muster', configOf(way.port));
  try {
    const measureMs = incidents * everyMs;
    const load = underLoad
      ? loaded({
          port: target.port,
          path: '/alerts/alertmanager',
          shape: 'webhook',
          alerts: 1,
          connections: 16,
          warmUpMs: 1_000,
          measureMs,
        })
      : null;
    const problems = [];
    const sent = [];
    for (let number = 0; number < incidents; number++) {
      sent.push(alert(target.port, number, way.waiting, problems));
      await pause(everyMs);
    }
    await Promise.all(sent);
    const until = performance.now() + givenUpAfterMs;
    while (way.waiting.size > 0 && performance.now() < until) await pause(20);
    if (way.waiting.size > 0) problems.push(`${way.waiting.size} of ${incidents} pages never came`);
    const poured = load && (await load);
    if (poured) problems.push(...told(poured.failures));
    const took = way.took.sort((a, b) => a - b);
    const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? null;
    return {
      load: underLoad ? 'while alerts pour in' : 'at rest',
      took,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: at(1),
      loadPerSecond: poured?.perSecond ?? 0,
      problems,
    };
  } finally {
    await target.stop();
    await way.close();
  }
}

/** One person who is called for every sev1, by a way that is this process, and by chat. */
const configOf = (port) => `open-on-loopback: true
people:
  ada: { name: Ada, page: [{ via: ntfy, url: "http://127.0.0.1:${port}", topic: ada }, { via: chat }] }
severities: { sev1: { page: [ada] } }
`;

async function alert(port, number, waiting, problems) {
  const name = `probe-${String(number).padStart(5, '0')}`;
  waiting.set(name, performance.now());
  const body = { title: `Key leaked in ${name}`, service: name, severity: 'critical', labels: { compromise: 'true' } };
  const answer = await fetch(`http://127.0.0.1:${port}/alerts/generic`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  if (!answer.ok) problems.push(`an alert was answered with ${answer.status}`);
}

/** Takes what an ntfy server would take, and knows by the title which alert it is about. */
async function startWay() {
  const waiting = new Map();
  const took = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const now = performance.now();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x"}');
      const name = /probe-\d{5}/.exec(JSON.parse(Buffer.concat(chunks).toString()).title)?.[0];
      const sentAt = waiting.get(name);
      if (sentAt === undefined) return;
      waiting.delete(name);
      took.push(now - sentAt);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    waiting,
    took,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
