import { makeLink } from '../access/links.js';
import type { Spot } from '../chat/platform.js';
import type { About } from '../commands/verb.js';
import { type Incident, type Policy, walksOf } from '../incident/state.js';
import type { OnCallDesk } from '../oncall/desk.js';
import type { Access } from '../people/permissions.js';
import { may, person } from '../people/viewer.js';
import type { QuietDesk } from '../quiet/desk.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import { newId } from './engine.js';
import type { Roster } from './people.js';
import type { Shelf } from './playbook-shelf.js';

export interface Surroundings {
  store: Store;
  clock: Clock;
  shelf: Shelf;
  roster: Roster;
  /** For what is declared now. */
  policy(): Policy;
  /** Who belongs together, and who may do what. */
  access(): Access;
  /** Who is on call. */
  desk(): OnCallDesk;
  /** What is kept quiet. */
  quiet(): QuietDesk;
  publicUrl(): string;
  /** Sends somebody a test page; the ways it goes by. */
  tryWays(personId: string): Promise<string[]>;
  /** Nobody is asked who they are. */
  open: boolean;
}

/** Who asks and where they are, with all that reading a line needs. null: they have left. */
export async function aboutOf(parts: Surroundings, spot: Spot): Promise<About | null> {
  const { store, shelf, roster } = parts;
  const { personId } = spot;
  const asker = await store.person(personId);
  if (asker && asker.goneAt !== null) return null;
  if (asker) roster.met(asker);
  const incident = await whereabouts(store, spot);
  for (const { hash } of incident ? walksOf(incident) : []) await shelf.fetch(hash);
  const now = parts.clock.now();
  return {
    asker: { personId, name: roster.names.get(personId) ?? personId },
    viewer: person(personId),
    incident,
    ...(spot.spoken && { spoken: true }),
    ...(spot.byProgram && { byProgram: true }),
    now,
    policy: parts.policy(),
    playbooks: shelf.current,
    playbookOf: (of) => (of.walk ? shelf.get(of.walk.hash) : null),
    matching: shelf.matching,
    choosePlaybook: (services) => shelf.choose({ services, alerts: [] }),
    newIncidentId: newId,
    names: roster.names,
    groups: parts.access().groups,
    may: (act, of) => may(person(personId), act, of, parts.access().permissions),
    reads: store,
    onCall: parts.desk(),
    quiet: parts.quiet(),
    publicUrl: parts.publicUrl(),
    tryWays: () => parts.tryWays(personId),
    signInLink: async (leadsTo) => (parts.open ? null : makeLink(store, { personId, leadsTo, now })),
  };
}

async function whereabouts(store: Store, { incidentId, platform, channel, personId }: Spot): Promise<Incident | null> {
  const viewer = person(personId);
  if (incidentId) return store.incident(viewer, { id: incidentId });
  return channel === null ? null : store.incident(viewer, { platform, channel });
}
