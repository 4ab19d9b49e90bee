import { describe, expect, it } from 'vitest';
import type { Command } from '../incident/commands.js';
import type { Card } from './card.js';
import { literal } from './literal.js';
import { sampleIncident, sampleNames, sampleNow, samplePlaybook } from './sample-incident.js';
import { noisy, sampleAround } from './samples-noise.js';
import { situationCard } from './situation.js';

const hostile = [
  '<!channel> <@U123> <https://evil.example|click>',
  '@all @here [x](https://evil.example) **b** `c`',
  'line\n# heading\n- item\n> quote',
  'safe\u202Egnp.exe\u2066x\u200b',
  '{{title}} constructor __proto__',
  '\0\x1b[31mred\x07',
];
const playbook = samplePlaybook();
/** Muster's own words, and the one address that was checked when it was read. */
const ours = ['type', 'other', 'severity', 'alert', 'runbook', 'link'];

/** The same with each text from outside replaced; keys of counts are texts too. */
function withText<T>(value: T, words: string, key = ''): T {
  if (typeof value === 'string') return (ours.includes(key) ? value : words) as T;
  if (Array.isArray(value)) return value.map((each) => withText(each, words, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const told = ['service', 'name', 'host'].includes(key) || (key === 'severity' && !('reason' in value));
  const [first] = entries;
  return (
    told && first
      ? { [words]: first[1] }
      : Object.fromEntries(entries.map(([name, each]) => [name, withText(each, words, name)]))
  ) as T;
}
const card = (words: string): Card =>
  situationCard(sampleIncident(playbook, 'sev1', withText<Command[]>(noisy, words)), {
    names: sampleNames,
    now: sampleNow,
    publicUrl: 'https://muster.example.com',
    playbook,
    around: { ...sampleAround, sentence: words },
  });
const shape = ({ blocks }: Card): string =>
  JSON.stringify(blocks, (key, value) => (['text', 'label', 'command'].includes(key) ? '' : value));
const textOf = ({ blocks }: Card, label: string): string =>
  JSON.stringify(
    blocks.flatMap((block) => (block.kind === 'fields' ? block.fields : [])).find((field) => field.label === label)
      ?.value ?? null,
  );

describe('a card of an alert storm that reaches other services', () => {
  it.each(hostile)('has the nodes it has without %j in what senders said', (words) => {
    const bad = card(words);
    expect(shape(bad)).toBe(shape(card('x')));
    for (const label of [
      'Alert storm',
      'Comes and goes',
      'Symptoms',
      'Reach',
      'Changed before',
      'Likely symptom',
      'Probable cause',
      'Look first',
    ])
      expect(textOf(bad, label), label).toContain(JSON.stringify(literal(words)).slice(1, -1));
    // Buttons repeat names of services and alerts: they are typed as one line, like by a person.
    for (const block of bad.blocks)
      if (block.kind === 'buttons') for (const { command } of block.buttons) expect(command).toBe(literal(command));
    expect(JSON.stringify(bad)).not.toMatch(/[\u202e\u2066\u200b]|\\u0000|\\u001b/);
  });
});
