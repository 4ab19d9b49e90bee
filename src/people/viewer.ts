import { type Incident, type Refusal, refuse } from '../incident/state.js';
import { allowedWords, alwaysForLead, everybodyMay, isOf, type Permissions } from './permissions.js';

/** Who is looking. Every read of the store takes one; nothing is read without saying for whom. */
export type Viewer = { kind: 'machine' } | { kind: 'person'; personId: string };

/** Muster itself: jobs, exports, verification. Never for an answer to a person. */
export const machine: Viewer = { kind: 'machine' };
export const person = (personId: string): Viewer => ({ kind: 'person', personId });

/** Private incidents are for their responders (who declared, holds a role, was invited) and nobody else. */
export const maySee = (viewer: Viewer, incident: Pick<Incident, 'visibility' | 'responders'>): boolean =>
  viewer.kind === 'machine' || incident.visibility === 'public' || incident.responders.includes(viewer.personId);

/** Every command passes here, and every verb before it is read. `act`: the name of the verb. null: allowed. */
export function may(
  viewer: Viewer,
  act: string,
  incident: Incident | null,
  { acts, lead }: Permissions = everybodyMay,
): Refusal | null {
  if (incident !== null && !maySee(viewer, incident))
    return refuse('unknown-incident', 'There is no incident under that number that you can act on.');
  if (viewer.kind === 'machine') return null;
  const rule = Object.hasOwn(acts, act) ? (acts[act] ?? []) : null;
  if (rule === null || rule.some((each) => isOf(each, viewer.personId, incident))) return null;
  if (alwaysForLead.has(act) && lead.includes(viewer.personId)) return null;
  const roles = rule.flatMap((each) => (each.kind === 'role' && act !== 'take' ? [each.role] : []));
  const instead = roles[0] === undefined ? '' : ` /incident take ${roles[0]} takes the role, where that is right.`;
  return refuse(
    'not-permitted',
    `Here /incident ${act} is for ${allowedWords(rule)}. Ask one of them: /incident status shows who does what.${instead}`,
  );
}
