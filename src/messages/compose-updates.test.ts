import { expect, it } from 'vitest';
import { withPageButtons, withUpdateButtons } from './compose-updates.js';
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

it('a page can be acknowledged where it is read, until somebody has', () => {
  const incident = { ...sampleIncident(samplePlaybook(), 'sev1', []), acknowledgedAt: null };
  const page = { tone: 'sev1', summary: '', blocks: [] } as const;
  const labels = (card: { blocks: readonly object[] }) =>
    card.blocks
      .flatMap((block) => ('buttons' in block ? (block.buttons as { label: string }[]) : []))
      .map(({ label }) => label);
  const shown = (say: string, acknowledgedAt: number | null) =>
    labels(withPageButtons({ ...page, blocks: [] }, say, { ...incident, acknowledgedAt }));
  expect(shown('announcement', null)).toEqual(['Acknowledge', 'Take command']);
  expect(shown('severity-changed', null)).toEqual(['Acknowledge', 'Take command']);
  expect(shown('announcement', 1)).toEqual([]);
  expect(shown('role-expectations', null)).toEqual([]);
});
