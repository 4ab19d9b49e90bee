import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { walksOf } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import { alertFigures } from '../reports/alert-figures.js';
import { draftPostmortem } from '../reports/postmortem.js';
import type { Store } from '../store/port.js';
import type { Shelf } from './playbook-shelf.js';

/** A storm has more; its figures are of the first that fired. */
const alertsAtMost = 10_000;

/** Drafts the next version from the ledger and leaves a copy in `<data>/postmortems`, where it outlives Muster. */
export function postmortems(parts: {
  store: Store;
  names: ReadonlyMap<string, string>;
  dataFolder: string;
  publicUrl(): string;
  shelf: Pick<Shelf, 'fetch' | 'get'>;
}) {
  return async (incidentId: string): Promise<{ version: number; markdown: string; sha256: string }> => {
    const { store } = parts;
    const incident = await store.incident(machine, { id: incidentId });
    if (!incident) throw new Error(`Incident ${incidentId} does not exist.`);
    for (const { hash } of walksOf(incident)) await parts.shelf.fetch(hash);
    const version = (incident.postmortem?.version ?? 0) + 1;
    const { alerts } = await store.alerts(machine, incidentId, { limit: alertsAtMost, offset: 0 });
    const markdown = draftPostmortem(incident, await store.timeline(machine, incidentId), {
      names: parts.names,
      playbookOf: parts.shelf.get,
      alerts: alertFigures(alerts),
      zones: incident.policy.zones,
      publicUrl: parts.publicUrl(),
    });
    await keepPostmortem(parts.dataFolder)(incident.number, version, markdown);
    return { version, markdown, sha256: createHash('sha256').update(markdown).digest('hex') };
  };
}

/** The copy of a draft in `<data>/postmortems`. */
export const keepPostmortem =
  (dataFolder: string) =>
  (number: number | null, version: number, markdown: string): Promise<void> =>
    keep(join(dataFolder, 'postmortems'), `inc-${number}-v${version}.md`, markdown);

/** Whole or not at all, and on the disk when the promise resolves. */
export async function keep(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  const draft = await open(`${file}.part`, 'w');
  try {
    await draft.writeFile(text);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.part`, file);
}
