import { join } from 'node:path';
import type { Incident } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import { suggestedPatch } from '../reports/suggested.js';
import type { Store } from '../store/port.js';
import type { Shelf } from './playbook-shelf.js';
import { keep } from './postmortems.js';

interface Parts {
  names: ReadonlyMap<string, string>;
  shelf: Pick<Shelf, 'fetch' | 'get'>;
}

/** What was suggested for the playbooks of an incident, as a patch; null: nothing. */
export async function suggestionsOf(incident: Incident, { names, shelf }: Parts): Promise<string | null> {
  for (const { hash } of incident.suggestions ?? []) await shelf.fetch(hash);
  return suggestedPatch(incident, { names, playbookOf: shelf.get });
}

/** Leaves it in `<data>/playbook-patches`, for whoever keeps the playbooks. */
export function keepsSuggestions(parts: Parts & { store: Pick<Store, 'incident'>; dataFolder: string }) {
  return async (incidentId: string): Promise<void> => {
    const incident = await parts.store.incident(machine, { id: incidentId });
    const patch = incident && (await suggestionsOf(incident, parts));
    if (!incident || !patch) return;
    await keep(join(parts.dataFolder, 'playbook-patches'), `inc-${incident.number}.patch`, patch);
  };
}
