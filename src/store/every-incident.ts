import type { Incident, Status } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import type { Store } from './port.js';

const perRead = 200;

/** All that this viewer may see, a read at a time, the newest first; entries of the triage queue come last, where they are asked for. */
export async function* everyIncident(
  store: Pick<Store, 'incidents'>,
  viewer: Viewer,
  { status, queue = false }: { status?: Status[]; queue?: boolean } = {},
): AsyncGenerator<Incident> {
  for (const triage of queue ? [false, true] : [false])
    for (let offset = 0, more = true; more; offset += perRead) {
      const read = await store.incidents(viewer, { ...(status && { status }), limit: perRead, offset, triage });
      yield* read.incidents;
      more = read.incidents.length === perRead;
    }
}
