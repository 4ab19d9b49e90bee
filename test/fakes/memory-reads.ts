import type { Episode } from '../../src/alerts/alert.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { fold } from '../../src/incident/evolve.js';
import type { Incident } from '../../src/incident/state.js';
import { maySee } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';

type Reads = Pick<
  Store,
  'incident' | 'incidents' | 'timeline' | 'alerts' | 'postmortem' | 'people' | 'identify' | 'jobs' | 'ready'
>;

/** The reads of a store over timelines given in memory, for tests of what is made of them. */
export function memoryReads(given: {
  timelines: readonly (readonly TimelineEvent[])[];
  alerts?: readonly Episode[];
  postmortems?: Readonly<Record<string, string>>;
}): Reads & { broken: Error | null } {
  const timelines = new Map(given.timelines.map((events) => [(fold(events) as Incident).id, events]));
  const rows = [...timelines.values()].map((events) => fold(events) as Incident);
  const people = new Map<string, { personId: string; name: string }>();
  return {
    broken: null,
    async incident(viewer, by) {
      const found = rows.find((row) =>
        'id' in by
          ? row.id === by.id
          : 'number' in by
            ? row.number === by.number
            : row.channels[by.platform]?.channel === by.channel,
      );
      return found && maySee(viewer, found) ? found : null;
    },
    async incidents(viewer, { status, limit, offset, triage }) {
      const seen = rows.filter(
        (row) =>
          maySee(viewer, row) &&
          (triage || row.number !== null) &&
          (status === undefined || status.includes(row.status)),
      );
      return { incidents: seen.slice(offset, offset + limit), total: seen.length };
    },
    timeline: async (_viewer, id) => [...(timelines.get(id) ?? [])],
    async alerts(_viewer, id, { limit, offset }) {
      const all = (given.alerts ?? []).filter(({ incidentId }) => incidentId === id);
      return { alerts: all.slice(offset, offset + limit), total: all.length };
    },
    async postmortem(_viewer, id) {
      const markdown = given.postmortems?.[id];
      return markdown === undefined ? null : { version: 1, at: 0, markdown };
    },
    people: async () => [...people.values()],
    async identify(platform, externalId, name) {
      const person = people.get(externalId) ?? { personId: `${platform}-${externalId}`, name };
      people.set(externalId, person);
      return person;
    },
    jobs: async () => [],
    async ready() {
      if (this.broken) throw this.broken;
    },
  };
}
