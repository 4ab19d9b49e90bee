import { and, count, eq, inArray, min, ne, sql } from 'drizzle-orm/sql';
import type { Severity, Status } from '../incident/state.js';
import type { Database } from './database.js';
import type { LedgerFigures, Store } from './port.js';
import { db, type Given, query } from './query.js';
import { incidents, jobs } from './schema.js';

/** What a lane is called says for whom it is; the names of people and incidents stay out of figures. */
const laneKind = sql<LedgerFigures['jobs'][number]['lane']>`case
  when ${jobs.lane} is null then 'timer'
  when ${jobs.lane} like 'page:%' then 'page'
  when ${jobs.lane} like 'system/%' then 'system'
  else 'incident' end`;

const countJobs = query(({ now }: Given<{ now: number }>) => {
  const stage = sql<LedgerFigures['jobs'][number]['state']>`case
    when ${jobs.state} = 'waiting' and ${jobs.held} = 1 then 'held'
    when ${jobs.state} = 'waiting' and ${jobs.due_at} <= ${now} then 'due' else ${jobs.state} end`;
  return db
    .select({
      stage: stage.as('stage'),
      lane_kind: laneKind.as('lane_kind'),
      platform: jobs.platform,
      counted: count().as('counted'),
      oldest: min(jobs.due_at).as('oldest'),
    })
    .from(jobs)
    .where(ne(jobs.state, 'dropped'))
    .groupBy(sql`stage`, sql`lane_kind`, jobs.platform);
});

const living: Status[] = ['triage', 'investigating', 'identified', 'monitoring', 'resolved'];
const countIncidents = query(() =>
  db
    .select({ severity: incidents.severity, status: incidents.status, counted: count().as('counted') })
    .from(incidents)
    .where(and(inArray(incidents.status, living), eq(incidents.drill, 0)))
    .groupBy(incidents.severity, incidents.status),
);

export const figuresOf = (database: Database): Pick<Store, 'figures'> => ({
  async figures(now) {
    const [jobRows, incidentRows, size] = await Promise.all([
      database.read(countJobs({ now })),
      database.read(countIncidents()),
      database.size(),
    ]);
    return {
      jobs: jobRows.map(({ stage, lane_kind, platform, counted, oldest }) => ({
        state: stage,
        lane: lane_kind,
        platform,
        count: counted,
        oldestDueAt: oldest ?? now,
      })),
      incidents: incidentRows.map(({ severity, status, counted }) => ({
        severity: severity as Severity,
        status: status as Status,
        count: counted,
      })),
      ...size,
    };
  },
});
