import type { Incident } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import { presentStep } from '../playbooks/present.js';
import { type Block, type Button, buttons, type Card, paragraph, text } from './card.js';

/** What can be said of the step in hand. */
function stepButtons(incident: Incident, ask: readonly string[]): Button[] {
  const incidentId = incident.id;
  const begun = incident.walk?.steps.some((step) => step.endedAt !== null) ?? false;
  const back: Button = { label: 'Back', command: '/incident back', incidentId };
  return [
    {
      label: 'Done',
      command: '/incident done',
      incidentId,
      style: 'primary',
      input:
        ask.length > 0
          ? { label: ask.length === 1 ? `${ask[0]}?` : ask.map((name) => `${name}=…`).join(' '), required: true }
          : { label: 'Evidence', placeholder: 'What you saw', required: false },
    },
    { label: 'It failed…', command: '/incident fail', incidentId, input: { label: 'What happened?', required: true } },
    { label: 'Skip…', command: '/incident skip', incidentId, input: { label: 'Why is it skipped?', required: true } },
    ...(begun ? [back] : []),
  ];
}

/**
 * The step in hand with its content and buttons; before the start and after the last step, where the walk stands.
 * null when the incident has no playbook. `playbook` null: its text cannot be read, the kept title is shown.
 */
export function stepCard(incident: Incident, playbook: Playbook | null, lead: Block[] = []): Card | null {
  const { walk } = incident;
  if (!walk) return null;
  const tone = incident.severity;
  if (walk.current === null) {
    const over = walk.finishedAt !== null;
    const said = over
      ? `${walk.title} is walked to its end.`
      : `${walk.title} has ${walk.steps.length} steps and has not been started.`;
    const button: Button = over
      ? { label: 'Back', command: '/incident back', incidentId: incident.id }
      : { label: 'Start', command: '/incident next', incidentId: incident.id, style: 'primary' };
    return { tone, summary: said, blocks: [...lead, paragraph(text(said)), buttons(button)] };
  }
  const { current } = walk;
  const step = walk.steps[current];
  const place = `Step ${current + 1} of ${walk.steps.length} · ${step?.phase ?? ''} · ${step?.title ?? ''}`;
  const content = playbook ? presentStep(playbook, current, walk.answers) : [paragraph(text(place))];
  return {
    tone,
    summary: place,
    blocks: [...lead, ...content, buttons(...stepButtons(incident, playbook?.steps[current]?.ask ?? []))],
  };
}
