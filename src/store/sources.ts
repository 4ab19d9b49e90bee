import type { Outcome } from '../alerts/alert.js';
import { columnsOf, type Database, insert, sql } from './database.js';
import type { SourceFigures, Store } from './port.js';
import * as t from './schema.js';
import { fromJson, toJson } from './storable.js';

const figures = sql(`SELECT ${columnsOf(t.sourceFigures)} FROM source_figures WHERE name = ?`);
const outcomesOf = sql('SELECT outcome, count FROM source_outcomes WHERE name = ? ORDER BY outcome');
const addFigures = insert(
  t.sourceFigures,
  `ON CONFLICT (name) DO UPDATE SET
    last_seen_at = CASE WHEN source_figures.last_seen_at IS NULL OR excluded.last_seen_at > source_figures.last_seen_at
      THEN excluded.last_seen_at ELSE source_figures.last_seen_at END,
    requests = source_figures.requests + excluded.requests,
    refused = source_figures.refused + excluded.refused,
    last_refusal = coalesce(excluded.last_refusal, source_figures.last_refusal)`,
);
const addOutcome = insert(
  t.sourceOutcomes,
  'ON CONFLICT (name, outcome) DO UPDATE SET count = source_outcomes.count + excluded.count',
);

export const sourcesOf = (database: Database): Pick<Store, 'sourceFigures' | 'addToSource'> => ({
  async sourceFigures(name) {
    const [row] = await database.read(figures, [name]);
    if (!row) return null;
    const outcomes: SourceFigures['outcomes'] = {};
    for (const { outcome, count } of await database.read(outcomesOf, [name]))
      outcomes[outcome as Outcome] = Number(count);
    return {
      name,
      lastSeenAt: row.last_seen_at as number | null,
      requests: Number(row.requests),
      refused: Number(row.refused),
      lastRefusal: row.last_refusal === null ? null : fromJson(String(row.last_refusal)),
      outcomes,
    };
  },
  async addToSource(name, { requests, refused, lastSeenAt, lastRefusal, outcomes }) {
    await database.write([
      { query: addFigures, values: [name, lastSeenAt, requests, refused, lastRefusal && toJson(lastRefusal)] },
      ...Object.entries(outcomes).map(([outcome, count]) => ({ query: addOutcome, values: [name, outcome, count] })),
    ]);
  },
});
