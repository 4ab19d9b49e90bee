import { expect, it } from 'vitest';
import { event } from '../incident/context.js';
import type { IncidentEvent } from '../incident/events.js';
import { declared, given, machine, person } from '../incident/testing.js';
import { gateCard } from './gate-cards.js';
import { plainText } from './plain.js';

const bad = '<!channel> @all [x](javascript:alert(1)) **b**\u202e\nsecond line';
const { incident } = given(
  ...declared(),
  event('roleAssigned', { role: 'commander', personId: 'ada', previous: null }),
);
const names = new Map([['ada', bad]]);
const phase = { phase: 0, title: bad, label: bad };
const followUp = { id: 1, text: bad, owner: 'ada', dueOn: '2030-02-01', fromStep: 0 };
const events: IncidentEvent[] = [
  event('valueGiven', { name: 'host', value: bad, previous: bad }),
  event('phaseOverdue', { phase: 0, title: bad, withinMs: 1_800_000, dueAt: 1, alone: true }),
  event('decisionAsked', { ...phase, to: 0, times: 2, nextAskAt: null }),
  event('decisionMade', { ...phase, choice: 'keep', why: bad, forMs: 900_000, next: null }),
  event('decisionMade', { ...phase, choice: 'leave', why: bad, forMs: null, next: 0 }),
  event('rolledBack', { of: 0, next: 1, end: 2, returns: [], reason: bad }),
  event('stepCarried', { hash: 'x', index: 0, followUp }),
  event('stepSettled', { hash: 'x', index: 0, as: 'skipped', said: bad }),
  event('playbookChanged', { hash: 'x', title: bad, newer: 'y' }),
  event('playbookAdopted', { was: 'x', hash: 'y', title: bad, steps: [], phases: [], hand: [] }),
];

it.each(events.map((each) => [each.type, each] as const))('%s is said in one literal line', (type, said) => {
  const actor = type === 'phaseOverdue' || type === 'decisionAsked' ? machine : person('ada');
  const card = gateCard(incident, { ...said, seq: 9, at: 1, recordedAt: 1, actor }, names);
  const [first] = card.blocks;
  const parts = first?.kind === 'paragraph' ? first.content : [];
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.every(({ kind }) => ['text', 'strong', 'code', 'person'].includes(kind))).toBe(true);
  const called = parts.filter((part) => part.kind === 'person' && part.notify);
  expect(called).toHaveLength(actor === machine ? 1 : 0);
  for (const shown of [card.summary, plainText({ ...card, blocks: [first!] })]) expect(shown).not.toMatch(/[\n\u202e]/);
});
