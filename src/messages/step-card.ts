import { type Incident, isOpen, type Walk } from '../incident/state.js';
import { lastEnded } from '../incident/way.js';
import type { Playbook } from '../playbooks/playbook.js';
import { presentStep } from '../playbooks/present.js';
import { type Block, type Button, buttons, type Card, paragraph, text } from './card.js';

/** What can be said of the step in hand. Each names its step: on an older card it must not end another one. */
function stepButtons(incident: Incident, current: number, ask: readonly string[]): Button[] {
  const incidentId = incident.id;
  const on = (verb: string) => `/incident ${verb} --step ${current + 1}`;
  const begun = incident.walk?.steps.some((step) => step.endedAt !== null) ?? false;
  const back: Button = { label: 'Back', command: '/incident back', incidentId };
  return [
    {
      label: 'Done',
      command: on('done'),
      incidentId,
      style: 'primary',
      input:
        ask.length > 0
          ? { label: ask.length === 1 ? `${ask[0]}?` : ask.map((name) => `${name}=…`).join(' '), required: true }
          : { label: 'Evidence', placeholder: 'What you saw', required: false },
    },
    { label: 'It failed…', command: on('fail'), incidentId, input: { label: 'What happened?', required: true } },
    { label: 'Skip…', command: on('skip'), incidentId, input: { label: 'Why is it skipped?', required: true } },
    ...(begun ? [back] : []),
  ];
}

const beforeStart = ({ id }: Incident, walk: Walk): { said: string; offered: Button[] } => ({
  said: `${walk.title} has ${walk.steps.length} steps and has not been started.`,
  offered: [{ label: 'Start', command: '/incident next', incidentId: id, style: 'primary' }],
});

function afterEnd(incident: Incident, walk: Walk): { said: string; offered: Button[] } {
  const { id: incidentId } = incident;
  const last = lastEnded(walk);
  const back: Button = { label: 'Back', command: '/incident back', incidentId };
  const resolve: Button = {
    label: 'Resolve…',
    command: '/incident resolve',
    incidentId,
    input: { label: 'What ended it?', required: false },
  };
  if (last !== null && walk.steps[last]?.state === 'failed')
    return {
      said: `${walk.title} ends here, and step ${last + 1} did not go as expected. /incident back tries it again; /incident note says what you do instead.`,
      offered: [back],
    };
  return isOpen(incident)
    ? {
        said: `${walk.title} is walked to its end. When the impact is over: /incident resolve, with what ended it.`,
        offered: [resolve, back],
      }
    : { said: `${walk.title} is walked to its end.`, offered: [back] };
}

/**
 * The step in hand with its content and buttons; before the start and after the last step, where the walk stands.
 * null when the incident has no playbook. `playbook` null: its text cannot be read, the kept title is shown.
 */
export function stepCard(incident: Incident, playbook: Playbook | null, lead: Block[] = []): Card | null {
  const { walk } = incident;
  if (!walk) return null;
  const tone = incident.severity;
  const { current } = walk;
  if (current === null) {
    const { said, offered } = walk.finishedAt === null ? beforeStart(incident, walk) : afterEnd(incident, walk);
    return { tone, summary: said, blocks: [...lead, paragraph(text(said)), buttons(...offered)] };
  }
  const step = walk.steps[current];
  const place = `Step ${current + 1} of ${walk.steps.length} · ${step?.phase ?? ''} · ${step?.title ?? ''}`;
  const content = playbook ? presentStep(playbook, current, walk.answers) : [paragraph(text(place))];
  return {
    tone,
    summary: place,
    blocks: [...lead, ...content, buttons(...stepButtons(incident, current, playbook?.steps[current]?.ask ?? []))],
  };
}
