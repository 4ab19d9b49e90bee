import { type Incident, type Refusal, refuse } from '../incident/state.js';

/** Who is looking. Every read of the store takes one; nothing is read without saying for whom. */
export type Viewer = { kind: 'machine' } | { kind: 'person'; personId: string };

/** Muster itself: jobs, exports, verification. Never for an answer to a person. */
export const machine: Viewer = { kind: 'machine' };
export const person = (personId: string): Viewer => ({ kind: 'person', personId });

/** Private incidents are for their responders (who declared, holds a role, was invited) and nobody else. */
export const maySee = (viewer: Viewer, incident: Pick<Incident, 'visibility' | 'responders'>): boolean =>
  viewer.kind === 'machine' || incident.visibility === 'public' || incident.responders.includes(viewer.personId);

/** Every command passes here. null: allowed. */
export function may(viewer: Viewer, _verb: string, incident: Incident | null): Refusal | null {
  if (incident === null || maySee(viewer, incident)) return null;
  return refuse('unknown-incident', 'There is no incident under that number that you can act on.');
}
