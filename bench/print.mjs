import { targets } from './targets.mjs';

const number = (value, digits = 0) => (value === null ? '-' : value.toFixed(digits));
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;

/** The result as text for a terminal. */
export function table({ machine, alertmanager, rounds, seconds, results, muster, bars }) {
  const out = [`${machine}; medians of ${rounds} rounds of ${seconds} s`];
  if (alertmanager) out.push(`Alertmanager ${alertmanager}, alerts in memory`);
  for (const { alerts, connections, targets: of } of results) {
    out.push('', `${alerts} ${alerts === 1 ? 'alert' : 'alerts'} per request, ${connections} in parallel`);
    out.push(
      ...columns([
        ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU us/request', 'memory', 'Muster is'],
        ...Object.entries(of).map(([kind, { perSecond, p50Ms, p99Ms, cpuUs, memory, ofMuster }]) => [
          targets[kind].name,
          number(perSecond),
          number(p50Ms, 1),
          number(p99Ms, 1),
          number(cpuUs),
          megabytes(memory),
          kind === 'muster' ? '' : `${ofMuster.toFixed(2)}x`,
        ]),
      ]),
    );
  }
  out.push('', `Muster: ${muster.acknowledged} alerts acknowledged; at most ${megabytes(muster.memory)}.`);
  out.push(
    `${muster.cards} alerts of another source during the load: on their cards after p50 ${number(muster.cardP50Ms)} ms, p99 ${number(muster.cardP99Ms)} ms.`,
    '',
    ...columns(
      bars.map(({ what, value, bar, pass }) => [
        pass ? 'pass' : 'MISS',
        number(value, value !== null && value < 100 ? 2 : 0),
        bar,
        what,
      ]),
    ),
  );
  return `${out.join('\n')}\n`;
}

/** How soon people are called, as text for a terminal. */
export function pagesTable({ machine, incidents, loadPerSecond, pages, bars }) {
  const out = [
    `${machine}; ${incidents} incidents, one every 100 ms, beside ${number(loadPerSecond)} other alerts a second`,
    '',
  ];
  out.push(
    ...columns([
      ['alert -> page at the way', 'p50 ms', 'p99 ms', 'slowest ms'],
      ...pages.map(({ load, p50Ms, p99Ms, maxMs }) => [load, number(p50Ms), number(p99Ms), number(maxMs)]),
    ]),
    '',
    ...columns(bars.map(({ what, value, bar, pass }) => [pass ? 'pass' : 'MISS', number(value), bar, what])),
  );
  return `${out.join('\n')}\n`;
}

/** What a storm came to, as text for a terminal. */
export function stormTable({ machine, alerts, within, tookMs, refused, p50Ms, p99Ms, cards, cardP50Ms, bars }) {
  const out = [
    `${machine}; ${alerts} alerts of one source, to be sent within ${within} s`,
    `Taken after ${number(tookMs / 1_000, 1)} s, answered after p50 ${number(p50Ms)} ms, p99 ${number(p99Ms)} ms; ${refused} requests were refused for a while and sent again.`,
    `${cards} alerts of another source meanwhile: on their cards after p50 ${number(cardP50Ms)} ms.`,
    '',
    ...columns(bars.map(({ what, value, bar, pass }) => [pass ? 'pass' : 'MISS', number(value), bar, what])),
  ];
  return `${out.join('\n')}\n`;
}

/** What a million stored alerts cost the next one, as text for a terminal. */
export function growthTable({ machine, alerts, megabytes, measured, bars }) {
  const out = [
    `${machine}; ${alerts} stored alerts (${number(megabytes)} MB) against none, microseconds per alert`,
    '',
    ...columns([
      ['', 'empty', 'full', 'full is'],
      ...measured.map(({ what, empty, full }) => [
        what,
        number(empty, 1),
        number(full, 1),
        `${number(full / empty, 2)}x`,
      ]),
    ]),
    '',
    ...columns(bars.map(({ what, value, bar, pass }) => [pass ? 'pass' : 'MISS', number(value, 2), bar, what])),
  ];
  return `${out.join('\n')}\n`;
}

function columns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const aligned = column === 0 || column === row.length - 1;
        return aligned ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
      })
      .join('  ')
      .trimEnd(),
  );
}
