import type { Role } from '../incident/state.js';

/** What people call the roles. */
const spoken: Record<Role, readonly string[]> = {
  commander: ['commander', 'command', 'ic', 'incident-commander', 'lead', 'leader'],
  communications: ['communications', 'communication', 'comms', 'comm', 'com', 'cl', 'liaison'],
  scribe: ['scribe', 'notes', 'note-taker', 'notetaker', 'secretary'],
  operations: ['operations', 'operation', 'ops', 'op', 'ol', 'operator'],
};

export function roleOf(word: string): Role | null {
  const wanted = word.toLowerCase().replace(/[,:.]+$/, '');
  const hit = Object.entries(spoken).find(([, words]) => words.includes(wanted));
  return hit ? (hit[0] as Role) : null;
}

/** Completes "You are …" and "Ada is …". */
export const roleWords: Record<Role, string> = {
  commander: 'commander',
  communications: 'in charge of communications',
  scribe: 'scribe',
  operations: 'in charge of operations',
};
