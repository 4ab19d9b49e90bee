import { reachOf } from '../alerts/dependencies/reach.js';
import type { Topology } from '../alerts/dependencies/topology.js';
import type { Reach } from '../incident/reach.js';
import { type Incident, isDeclared, isOpen } from '../incident/state.js';
import { dependenciesOf, hasSymptom } from '../incident/symptoms.js';
import { reachSentence } from '../messages/reach-words.js';
import type { AroundNow } from '../messages/situation-symptoms.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';

type Known = Pick<Store, 'incident' | 'byGroupKey' | 'firingGroups'>;

const looked = 200;
const prefix = 'service:';
const calledIn = (groupKey: string): string | null =>
  groupKey.startsWith(prefix) ? groupKey.slice(prefix.length) : null;

/** The service of the configuration an incident is about; null: it is about none, or about one that is not known. */
function serviceOf(incident: Incident, topology: Topology): string | null {
  const own = incident.groupKey === null ? null : calledIn(incident.groupKey);
  const called = own ?? incident.services.find((each) => !hasSymptom(incident, each)) ?? null;
  return called === null ? null : topology.nameOf(called);
}

/** What fires around it: its own alerts, and the open incidents everybody may know of. null: it is about no known service. */
export async function reachNow(incident: Incident, topology: Topology, store: Known): Promise<Reach | null> {
  const service = serviceOf(incident, topology);
  if (service === null) return null;
  const near = [...topology.upstream(service), ...topology.downstream(service)]
    .sort((a, b) => a.distance - b.distance)
    .slice(0, looked);
  if (near.length === 0) return null;
  const firing = new Set<string>();
  const fires = (called: string | null): void => {
    const name = called === null ? null : topology.nameOf(called);
    if (name !== null) firing.add(name);
  };
  for (const groupKey of await store.firingGroups(incident.id)) fires(calledIn(groupKey));
  // However its alerts are grouped, some of its own fire.
  if (incident.alerts.firing > 0 && dependenciesOf(incident).symptoms.length === 0) firing.add(service);
  const keys = near.flatMap((each) => topology.names(each.service).map((name) => prefix + name));
  for (const { incident: other } of await store.byGroupKey(keys))
    if (isOpen(other) && other.visibility === 'public' && other.drill === incident.drill && other.alerts.firing > 0)
      fires(other.groupKey === null ? null : calledIn(other.groupKey));
  return reachOf(topology, service, (name) => firing.has(name));
}

/** What a card says of the services around its incident. */
export const aroundBy =
  ({ store, topology, publicUrl }: { store: Known; topology(): Topology; publicUrl(): string }) =>
  async (incident: Incident): Promise<AroundNow> => {
    const open = new Set<string>();
    for (const { incidentId } of dependenciesOf(incident).related) {
      const other = await store.incident(machine, { id: incidentId });
      if (other && isOpen(other)) open.add(incidentId);
    }
    const reach = isOpen(incident) ? await reachNow(incident, topology(), store) : null;
    const url = publicUrl().replace(/\/+$/, '');
    const picture = reach && isDeclared(incident) && /^https?:\/\//.test(url);
    return {
      sentence: reach && reachSentence(reach),
      picture: picture ? `${url}/incidents/${incident.number}/dependencies` : null,
      open,
    };
  };
