import { expect, it } from 'vitest';
import { withUpdateButtons } from './compose-updates.js';
import { sampleIncident, samplePlaybook } from './sample-incident.js';

it('whoever is called since nobody acknowledged can do so with one press, wherever they read it', () => {
  const incident = sampleIncident(samplePlaybook(), 'sev1', []);
  const card = withUpdateButtons({ tone: 'warning', summary: '', blocks: [] }, 'acknowledge-overdue', incident, {});
  const pressed = card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  expect(pressed.map(({ label, command, incidentId }) => [label, command, incidentId])).toEqual([
    ['Acknowledge', '/incident ack', incident.id],
    ['Take command', '/incident take commander', incident.id],
  ]);
});
