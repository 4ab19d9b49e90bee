import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

const lookEveryMs = 20;
const givenUpAfterMs = 30_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Sends an alert of another source, of a service never heard of, every `everyMs` until stopped, and sees when the card of
 * its incident stands in that incident's channel. Looks into the chat's own database, since asking Muster would be load.
 * `again`: one that is refused for now is sent again a second later; its time runs on.
 */
export function probing({ port, folder }, { everyMs = 250, again = false } = {}) {
  const chat = new Sqlite(join(folder, 'data', 'chat.db'), { readonly: true, fileMustExist: true });
  const newCards = chat.prepare(`
    SELECT m.rowid AS row, m.card FROM messages m JOIN channels c ON c.id = m.channel
    WHERE m.rowid > ? AND m.pinned = 1 AND c.key LIKE 'incident/%' ORDER BY m.rowid`);
  const waiting = new Map();
  const took = [];
  const failures = {};
  let acknowledged = 0;
  let seen = 0;
  let running = true;

  async function send(number) {
    const name = `probe-${String(number).padStart(5, '0')}`;
    waiting.set(name, performance.now());
    const alert = {
      title: `Key leaked in ${name}`,
      service: name,
      severity: 'critical',
      labels: { compromise: 'true' },
    };
    const body = JSON.stringify(alert);
    const ask = async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${port}/alerts/generic`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      return answer;
    };
    let answer = await ask();
    while (again && (answer.status === 429 || answer.status === 503)) {
      await pause(1_000);
      answer = await ask();
    }
    if (answer.ok) acknowledged++;
    else failures[answer.status] = (failures[answer.status] ?? 0) + 1;
  }

  function look() {
    for (const { row, card } of newCards.all(seen)) {
      seen = row;
      const name = /probe-\d{5}/.exec(card)?.[0];
      const sentAt = waiting.get(name);
      if (sentAt === undefined) continue;
      took.push(performance.now() - sentAt);
      waiting.delete(name);
    }
  }

  const sending = (async () => {
    const sent = [];
    for (let number = 0; running; number++) {
      sent.push(send(number));
      await pause(everyMs);
    }
    await Promise.all(sent);
  })();
  const looking = (async () => {
    const until = () => running || (waiting.size > 0 && performance.now() < stoppedAt + givenUpAfterMs);
    while (until()) {
      look();
      await pause(lookEveryMs);
    }
  })();
  let stoppedAt = 0;

  return {
    /** Resolves when every card has been seen, or given up on. */
    async stop() {
      running = false;
      stoppedAt = performance.now();
      await sending;
      await looking;
      chat.close();
      return { took, acknowledged, missing: waiting.size, failures };
    },
  };
}

/** Time until no job is due and no card waits for its second to pass; null: not within half a minute. */
export async function timeToRest({ folder }, since) {
  const store = open(folder);
  const busy = store
    .prepare("SELECT count(*) FROM jobs WHERE state = 'waiting' AND (due_at <= ? OR kind = 'card' OR leased_until > ?)")
    .pluck();
  try {
    while (performance.now() < since + givenUpAfterMs) {
      if (busy.get(Date.now(), Date.now()) === 0) return performance.now() - since;
      await pause(lookEveryMs);
    }
    return null;
  } finally {
    store.close();
  }
}

/** How many alerts are stored, by source. */
export function storedIn({ folder }) {
  const store = open(folder);
  try {
    const rows = store.prepare('SELECT source, count(*) AS count FROM episodes GROUP BY source').all();
    return Object.fromEntries(rows.map(({ source, count }) => [source, count]));
  } finally {
    store.close();
  }
}

const open = (folder) => new Sqlite(join(folder, 'data', 'muster.db'), { readonly: true, fileMustExist: true });
