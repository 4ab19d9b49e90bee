import { type Incident, isOpen, type Role } from '../incident/state.js';
import type { Button } from './card.js';
import { incidentButton, sensibleNow } from './sensible-now.js';

const asking = (label: string, required = true) => ({ input: { label, required } });

/** What whoever has a role can do first, as the incident stands: at most three buttons, the first of them the next thing. */
export function nextThings(incident: Incident, role: Role): Button[] {
  if (!isOpen(incident)) return [];
  const on = (label: string, line: string, extra: Partial<Button> = {}) => incidentButton(incident, label, line, extra);
  const update = on('Update…', 'update', asking('What should stakeholders know?'));
  const impact = on('State impact…', 'impact', asking('Who is affected, and how?'));
  const note = on('Note…', 'note', asking('What was seen, tried or decided?'));
  const walks = incident.walk !== null && incident.walk.finishedAt === null;
  const step = on(incident.walk?.startedAt == null ? 'Start the playbook' : 'Show the step', 'next');
  const all: Record<Role, Button[]> = {
    commander: sensibleNow(incident),
    communications: incident.impact === null ? [impact, update] : [update, impact],
    scribe: [note, ...(incident.impact === null ? [impact] : []), on('Timeline', 'timeline')],
    operations: [
      ...(walks ? [step] : []),
      on('What I do now…', 'back-in', asking('When are you back, and what do you do?')),
      note,
    ],
  };
  const [first, ...others] = all[role].slice(0, 3);
  return first ? [{ ...first, style: 'primary' }, ...others] : [];
}
