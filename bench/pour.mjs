import { requests as requestsOf } from './alerts.mjs';
import { converse } from './connection.mjs';

/**
 * A process of its own: told once what to send, answers once what came of it. Each request has its time; one that is
 * refused for now (429, 503) is sent again when the answer says, until it is taken.
 */
process.once('message', async (task) => {
  process.send(await pour(task));
  process.disconnect();
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function pour({ port, path, shape, alerts, connections, requests, withinMs }) {
  let counter = 0;
  const nextCounter = () => counter++;
  const begun = performance.now();
  const took = [];
  const failures = {};
  let begunRequests = 0;
  let acknowledged = 0;
  let refused = 0;

  async function pourOut() {
    const next = requestsOf({ shape, path, port, alerts, nextCounter });
    const connection = await converse(port);
    try {
      while (begunRequests < requests) {
        const dueAt = begun + (begunRequests++ * withinMs) / requests;
        await pause(Math.max(0, dueAt - performance.now()));
        const request = next();
        for (;;) {
          const sentAt = performance.now();
          const { status, retryAfter } = await connection.ask(request);
          if (status === 429 || status === 503) {
            refused++;
            await pause(retryAfter * 1_000);
            continue;
          }
          if (status >= 200 && status < 300) {
            acknowledged += alerts;
            took.push(performance.now() - sentAt);
          } else failures[status] = (failures[status] ?? 0) + 1;
          break;
        }
      }
    } finally {
      connection.end();
    }
  }
  const broken = (error) => {
    failures[error.code ?? error.message] = (failures[error.code ?? error.message] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: connections }, () => pourOut().catch(broken)));
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? null;
  const tookMs = performance.now() - begun;
  return { acknowledged, refused, tookMs, p50Ms: at(0.5), p99Ms: at(0.99), failures };
}
