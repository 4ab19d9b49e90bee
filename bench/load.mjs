import { requests } from './alerts.mjs';
import { converse } from './connection.mjs';

/**
 * A process of its own: told once what to send, answers once what it measured. Raw sockets, one request at a time on
 * each, so that it costs less than any server it is pointed at.
 */
process.once('message', async (task) => {
  process.send(await load(task));
  process.disconnect();
});

async function load({ port, path, shape, alerts, connections, warmUpMs, measureMs }) {
  let counter = 0;
  const nextCounter = () => counter++;
  const begun = performance.now();
  const measured = { from: begun + warmUpMs, until: begun + warmUpMs + measureMs };
  const took = [];
  const failures = {};
  let acknowledged = 0;

  const answered = (sentAt, status) => {
    const now = performance.now();
    if (status < 200 || status >= 300) failures[status] = (failures[status] ?? 0) + 1;
    else {
      acknowledged += alerts;
      if (now >= measured.from && now < measured.until) took.push(now - sentAt);
    }
    return now < measured.until;
  };
  const broken = (error) => {
    failures[error.code ?? error.message] = (failures[error.code ?? error.message] ?? 0) + 1;
  };
  await Promise.all(
    Array.from({ length: connections }, () =>
      sendAll({ port, next: requests({ shape, path, port, alerts, nextCounter }), answered }).catch(broken),
    ),
  );
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? null;
  return { perSecond: (took.length * 1000) / measureMs, p50Ms: at(0.5), p99Ms: at(0.99), acknowledged, failures };
}

/** Sends the next request when the last one is answered, until `answered` says that it is enough. */
async function sendAll({ port, next, answered }) {
  const connection = await converse(port);
  for (let more = true; more; ) {
    const sentAt = performance.now();
    const { status } = await connection.ask(next());
    more = answered(sentAt, status);
  }
  connection.end();
}
