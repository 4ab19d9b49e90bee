import { type Incident, isOpen } from '../../incident/state.js';
import { dependenciesOf } from '../../incident/symptoms.js';
import type { Followed } from '../follow.js';
import type { PlannedIncident } from '../plan.js';
import type { Topology } from './topology.js';

interface About {
  incidents: readonly Incident[];
  partOf(incident: Incident): PlannedIncident;
  topology: Topology | undefined;
}

/** One incident that is or will be open, as far as noting needs it. */
interface Side {
  id: string;
  number: number | null;
  incident: Incident | null;
}

const notable = ({ visibility, drill, evidence }: Incident): boolean =>
  visibility === 'public' && !drill && !evidence.compromise;
const knows = (side: Side, other: Side): boolean =>
  side.incident !== null &&
  dependenciesOf(side.incident).related.some(
    ({ incidentId, number }) => incidentId === other.id && number === other.number,
  );
const detached = (side: Side, other: Side): boolean =>
  side.incident !== null && dependenciesOf(side.incident).detached.some(({ incidentId }) => incidentId === other.id);

/**
 * Symptoms may come before their cause, and then open an incident of their own. When alerts join an incident by
 * themselves while another is open up or down the same line, both are told of each other, once.
 */
export function noteDependencies(
  planned: ReadonlyMap<string, PlannedIncident>,
  items: readonly { own: Followed }[],
  { incidents, partOf, topology }: About,
): void {
  if (!topology) return;
  const open = new Map(
    incidents.flatMap((each) => (each.groupKey !== null && isOpen(each) ? [[each.groupKey, each]] : [])),
  );
  const byId = new Map(incidents.map((each) => [each.id, each]));
  const came = new Map<string, string>();
  for (const { own } of items) {
    const { incidentId, service, groupKey, state } = own.episode;
    if (!own.joins || incidentId === null || service === null || state !== 'firing') continue;
    if (planned.get(incidentId)?.groupKey === groupKey) came.set(incidentId, service);
  }
  const told = new Set<string>();
  for (const [incidentId, called] of came) {
    const name = topology.nameOf(called);
    const existing = byId.get(incidentId) ?? null;
    const judged = planned.get(incidentId)?.commands[0];
    const compromise = judged?.type === 'open' && judged.alerts.evidence.compromise;
    if (name === null || compromise || (existing && !notable(existing))) continue;
    const here: Side = { id: incidentId, number: existing?.number ?? null, incident: existing };
    const around = [
      ...topology.upstream(name).map((each) => ({ ...each, upstream: true })),
      ...topology.downstream(name).map((each) => ({ ...each, upstream: false })),
    ];
    for (const { service, path, upstream } of around) {
      const others = topology.names(service).map((each) => `service:${each}`);
      const found = others.flatMap((key) => open.get(key) ?? []).filter(notable);
      for (const incident of found) {
        const other: Side = { id: incident.id, number: incident.number, incident };
        const pair = [here.id, other.id].sort().join(' ');
        if (other.id === here.id || told.has(pair) || detached(here, other) || detached(other, here)) continue;
        told.add(pair);
        tell(here, other, { path: [...path], upstream });
        tell(other, here, { path: [...path], upstream: !upstream });
      }
    }
  }

  function tell(to: Side, of: Side, { path, upstream }: { path: string[]; upstream: boolean }): void {
    if (knows(to, of)) return;
    const part = to.incident ? partOf(to.incident) : planned.get(to.id);
    part?.commands.push({ type: 'noteDependency', other: of.id, path, upstream });
  }
}
