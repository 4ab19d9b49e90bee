import type { PlannedBody } from './planning.js';

interface Row {
  body: string;
  sender: string;
  /** e.g. `opened 2, attached 1`. */
  alerts: string;
  becomes: string;
  severity: string;
  title: string;
  playbook: string;
  paged: string;
}

const words = { yes: 'let in', no: 'REFUSED', unknown: '?' } as const;

/** What one body comes to, in a line. */
export function rowOf(of: PlannedBody): Row {
  if ('problem' in of)
    return {
      body: of.name,
      sender: of.source,
      alerts: '',
      becomes: of.problem,
      severity: '',
      title: '',
      playbook: '',
      paged: '',
    };
  const { request, alerts, incidents } = of.shown;
  const counts = new Map<string, number>();
  for (const { outcome } of alerts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const all = (pick: (incident: (typeof incidents)[number]) => string | null | undefined): string =>
    [...new Set(incidents.flatMap((each) => pick(each) || []))].join('; ');
  return {
    body: of.name,
    sender: `${of.source} (${words[request?.admitted ?? 'unknown']})`,
    alerts: [...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ') || 'none',
    becomes: all(({ becomes }) => becomes) || 'nothing',
    severity: all(({ severity }) => severity),
    title: all(({ title }) => title),
    playbook: all(({ playbook }) => playbook?.title),
    paged: all(({ paged }) => paged[0]),
  };
}

const columns = ['body', 'sender', 'alerts', 'becomes', 'severity', 'title', 'playbook', 'paged'] as const;
const widest = 44;

/** Rows under their headings, for people; long cells are cut. */
export function tableText(rows: readonly Row[]): string {
  const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);
  const cells = [Object.fromEntries(columns.map((name) => [name, name])) as unknown as Row, ...rows].map((row) =>
    columns.map((name) => cut(row[name])),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What differs between two lines of one body: `severity: sev2 -> sev1`. */
export function differences(before: PlannedBody, after: PlannedBody): string[] {
  const [was, is] = [rowOf(before), rowOf(after)];
  const lines = columns.flatMap((name) =>
    was[name] === is[name] ? [] : [`${name}: ${was[name] || 'none'} -> ${is[name] || 'none'}`],
  );
  if (lines.length > 0 || 'problem' in before || 'problem' in after) return lines;
  // Who is told, when and why may differ where the line is the same.
  const rest = (of: typeof before.shown): string =>
    JSON.stringify({
      ...of,
      incidents: of.incidents.map(({ incidentId: _, ...each }) => each),
      alerts: of.alerts.map(({ why }) => why),
    });
  return rest(before.shown) === rest(after.shown)
    ? []
    : ['reasons, promises or people differ; plan this body alone to read them'];
}
