import type Sqlite from 'better-sqlite3';
import type { TimelineEvent } from '../../incident/events.js';
import type { Incident } from '../../incident/state.js';
import { describe, type Names } from '../../reports/timeline-words.js';
import { inCell, instant, outside, section, table } from '../../reports/write.js';
import { canonical } from '../../store/canonical.js';
import type { EventRow } from '../../store/chain.js';
import { asEvent, remnantsOf } from '../../store/timeline.js';
import type { ExportFolder } from './folder.js';
import { folderOf } from './layout.js';

interface Row {
  id: string;
  seq: number;
  head: string;
  checkpoint_seq: number;
  incident: string;
}

const parse = (text: string): unknown => JSON.parse(text);

/** An event as it is stored.  @throws when somebody else has written it. */
export function lineOf({ seq, type, at, recorded_at, actor, salt, body, body_digest, hash }: EventRow): object {
  const value = body === null ? null : parse(body);
  if (body !== null && canonical(value) !== body)
    throw new Error(`Event ${seq} is not as Muster writes events. muster audit verify says what is wrong.`);
  return {
    seq,
    type,
    at,
    recordedAt: recorded_at,
    actor: parse(actor),
    salt,
    body: value,
    bodyDigest: body_digest,
    hash,
  };
}

/** Writes one folder per incident. Answers how many events and alerts they have. */
export function incidentFiles(database: Sqlite.Database, names: Names) {
  const eventsOf = database.prepare(`SELECT * FROM timeline WHERE stream = ? ORDER BY seq`);
  const alertsOf = database.prepare('SELECT episode FROM episodes WHERE incident_id = ? ORDER BY id').pluck();
  const peopleOf = database
    .prepare('SELECT person_id FROM incident_people WHERE incident_id = ? ORDER BY person_id')
    .pluck();
  const channelsOf = database.prepare(
    'SELECT platform, channel FROM incident_channels WHERE incident_id = ? ORDER BY platform, channel',
  );
  const noticesOf = database.prepare('SELECT notice FROM notices WHERE incident_id = ? ORDER BY seq').pluck();
  const messagesOf = database.prepare(
    'SELECT job_key AS jobKey, platform, channel, message, at FROM deliveries WHERE incident_id = ? ORDER BY job_key',
  );
  const draftsOf = database.prepare(
    'SELECT version, at, sha256, markdown FROM postmortems WHERE incident_id = ? ORDER BY version',
  );

  return (to: ExportFolder, row: Row): { events: number; alerts: number } => {
    const incident = parse(row.incident) as Incident;
    const { id } = row;
    const folder = `incidents/${folderOf(incident)}`;
    const events = eventsOf.all(`incident/${id}`) as EventRow[];
    const all = {
      alerts: (alertsOf.all(id) as string[]).map(parse),
      notices: (noticesOf.all(id) as string[]).map(parse),
      messages: messagesOf.all(id),
      postmortems: draftsOf.all(id) as { markdown: string }[],
    };
    to.json(`${folder}/incident.json`, {
      seq: row.seq,
      head: row.head,
      checkpointSeq: row.checkpoint_seq,
      people: peopleOf.all(id),
      channels: channelsOf.all(id),
      incident,
    });
    to.lines(`${folder}/timeline.jsonl`, events.map(lineOf));
    to.text(`${folder}/timeline.md`, readable(incident, events, names));
    for (const [name, rows] of Object.entries(all)) if (rows.length > 0) to.json(`${folder}/${name}.json`, rows);
    const latest = all.postmortems.at(-1);
    if (latest) to.text(`${folder}/postmortem.md`, latest.markdown);
    return { events: events.length, alerts: all.alerts.length };
  };
}

function readable(incident: Incident, rows: readonly EventRow[], names: Names): string {
  const remnants = remnantsOf(rows);
  const events: TimelineEvent[] = rows.map((row) => asEvent(row, remnants));
  const { number, title, severity, status } = incident;
  const lines = events
    .toSorted((a, b) => a.at - b.at || a.seq - b.seq)
    .map((event) => [instant(event.at), String(event.seq), inCell(describe(event, names))]);
  return `${[
    `# ${number === null ? '' : `#${number}: `}${outside(title)}`,
    `${severity}, ${status}.`,
    section('Timeline', 'All times are UTC; the number is that of the event in timeline.jsonl.'),
    table(['When', 'Event', 'What'], lines),
  ].join('\n\n')}\n`;
}
