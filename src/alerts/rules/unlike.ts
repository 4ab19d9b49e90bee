import type { Command } from '../../incident/commands.js';
import type { Incident } from '../../incident/state.js';
import type { Episode } from '../alert.js';

type Told = Pick<Episode, 'name' | 'host' | 'service' | 'labels'>;

/** Enough to tell by; what is more belongs to a storm. */
const lookedAt = 50;
const namesTold = 3;
/** Labels that say how bad it is or who watches, and not what it is about. */
const saysNothing = new Set(['severity', 'priority', 'level', 'job', 'env', 'environment', 'alertname', 'prometheus']);

function alike(a: Told, b: Told): boolean {
  if (a.name === b.name || (a.host !== null && a.host === b.host)) return true;
  return Object.entries(a.labels).some(([label, value]) => !saysNothing.has(label) && b.labels[label] === value);
}

/**
 * Offers to split what one group brings together although it has nothing in common: other names on other hosts, and no
 * label that says the same. Only where every alert says where it is from: who does not may be about anything. Of what
 * is there already its names and hosts are known, and its first ten hosts at most.
 */
export function splitOffered(coming: readonly Told[], existing: Incident | null): Command[] {
  if (existing?.unlike || existing?.storm || coming.length === 0) return [];
  const alerts = coming.slice(0, lookedAt);
  if (alerts.some(({ host }) => host === null)) return [];
  const offer = (of: readonly Told[]): Command[] => [
    {
      type: 'offerSplit',
      names: [...new Set(of.map(({ name }) => name))].slice(0, namesTold),
      hosts: [...new Set(of.flatMap(({ host }) => host ?? []))].slice(0, namesTold),
    },
  ];
  const known = existing?.alerts.total ? existing : null;
  if (known) {
    const { hosts } = known.evidence;
    if (hosts.length === 0 || hosts.length >= 10 || known.alerts.names.length >= 5) return [];
    const strange = alerts.every(({ name, host }) => !known.alerts.names.includes(name) && !hosts.includes(host ?? ''));
    return strange ? offer(alerts) : [];
  }
  const [first, ...rest] = alerts as [Told, ...Told[]];
  const together = [first];
  for (let grew = true; grew; ) {
    grew = false;
    for (const each of rest)
      if (!together.includes(each) && together.some((one) => alike(one, each))) {
        together.push(each);
        grew = true;
      }
  }
  const strange = rest.filter((each) => !together.includes(each));
  return strange.length > 0 ? offer(strange) : [];
}
