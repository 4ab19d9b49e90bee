import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../parse.js';
import type { Playbook } from '../playbook.js';
import { fromMattermost, type Imported } from './read.js';
import { toMattermost } from './write.js';

const shipped = (id: string): Playbook => {
  const text = readFileSync(`playbooks/${id}.md`, 'utf8');
  return parsed(id, text);
};
function parsed(id: string, text: string): Playbook {
  const { playbook, problems } = parsePlaybook({ id, file: `${id}.md`, text });
  if (!playbook) throw new Error(JSON.stringify(problems));
  return playbook;
}
function imported(json: unknown): Imported {
  const made = fromMattermost(json);
  if ('problems' in made) throw new Error(made.problems.join('\n'));
  return made;
}
const sample = JSON.parse(readFileSync('test/fixtures/mattermost-playbook.json', 'utf8')) as Record<string, unknown>;

describe('an export of Mattermost Playbooks', () => {
  it('becomes a page that lints clean: checklists are phases, tasks are steps, and no words are lost', () => {
    const made = imported(sample);
    const { title, steps } = parsed(made.id, made.text);
    expect(made.id).toBe('deployments-failing');
    expect(title).toBe('Deployments: "failing"');
    expect(steps.map(({ phase, title, role, substeps }) => ({ phase, title, role, substeps }))).toEqual([
      { phase: 'Triage & contain', title: 'Ask *who* is affected_by it', role: 'commander', substeps: [] },
      { phase: 'Triage & contain', title: 'Freeze deployments', role: null, substeps: ['web', 'apps'] },
      { phase: 'Triage & contain', title: 'Untitled task', role: null, substeps: [] },
      { phase: 'Part 3', title: 'Say that it is over', role: null, substeps: [] },
    ]);
    expect(steps[1]?.body).toEqual([
      { kind: 'text', text: 'Tell the teams first.' },
      { kind: 'code', text: 'gh workflow disable deploy.yml', language: 'sh' },
      { kind: 'text', text: 'In Mattermost: `/jira create Freeze`' },
      { kind: 'text', text: 'Due 20 min after the start.' },
    ]);
    for (const words of [
      'not a step',
      'Because:',
      'it breaks',
      'nested',
      'Welcome',
      'From page to green',
      '### Summary',
    ])
      expect(made.text).toContain(words);
    expect(made.losses).toEqual([
      'Links into the page led nowhere: their words stay.',
      '1 task with a slash command of Mattermost: it stands in the step, and nothing runs it.',
      '1 task shown under a condition: all are shown; make a check with "If not" of it.',
      '1 task with a due time after the start: it stands in the step; write "Within" for a time-box of the step.',
      '1 task for somebody Muster does not know by role: assign them on the night.',
      'Updates every 1 h: muster.yaml has that by severity, as update-every.',
      'It started by the words deploy failed: write `matches` for its services or alerts.',
      'It named the channel: Muster names it by number and title.',
      'It has no owner and no date of review: write owner, reviewed and review-every at its top.',
    ]);
  });

  it('with more tasks than a playbook has steps becomes one step for each checklist', () => {
    const items = Array.from({ length: 15 }, (_, n) => ({
      title: `Do ${n + 1}`,
      ...(n === 3 && { description: 'With care' }),
    }));
    const made = imported({
      version: 1,
      title: 'Long',
      checklists: [
        { title: 'First', items },
        { title: 'Second', items },
      ],
    });
    const { steps } = parsed('long', made.text);
    expect(steps.map(({ title, substeps }) => [title, substeps.length])).toEqual([
      ['First', 15],
      ['Second', 15],
    ]);
    expect(made.text).toContain('> With care');
    expect(made.losses[0]).toBe(
      'It has 30 tasks and a playbook has 20 steps: each checklist is one step, its tasks are sub-steps.',
    );
  });

  it.each<[string, unknown, string]>([
    [
      'something else',
      { hello: 1 },
      'It has no checklists. In Mattermost open the playbook, choose Export, and give that file.',
    ],
    ['another version', { ...sample, version: 2 }, 'version is not 1, the version Muster reads.'],
    ['no title', { ...sample, title: undefined }, 'title is missing.'],
    [
      'no tasks',
      { ...sample, checklists: [{ title: 'A', items: [] }] },
      'It has no tasks, so there is nothing to walk.',
    ],
  ])('that is none is refused: %s', (_, json, problem) => {
    expect(fromMattermost(json)).toEqual({ problems: [problem] });
  });

  it('whatever stands in it, the page lints clean and has every task', () => {
    const nasty = fc.constantFrom(
      '- [ ] x',
      '# y',
      '```',
      '> z',
      '1. a\n   - b',
      '[l](#nowhere)',
      '---',
      '<!-- c',
      '~~~\nq',
      '\t\tt',
      '- Role: king',
      '- Within: soon',
      '\u0000',
      '| a | b |\n|---|---|',
    );
    const text = fc
      .array(fc.oneof(nasty, fc.string({ maxLength: 12 })), { maxLength: 4 })
      .map((parts) => parts.join('\n'));
    const json = fc.record({
      version: fc.constant(1),
      title: text.map((each) => `T ${each}`),
      description: text,
      checklists: fc.array(
        fc.record({
          title: text,
          items: fc.array(fc.record({ title: text, description: text, command: text }), { minLength: 1, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      retrospective_template: text,
    });
    fc.assert(
      fc.property(json, (given) => {
        const made = fromMattermost(given);
        // The page says so where a limit of playbooks is passed; it never throws.
        if ('problems' in made)
          return made.problems.every((each) => each.includes('NUL') || each.includes('nested too deep'));
        return made.steps === given.checklists.reduce((sum, { items }) => sum + items.length, 0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a playbook of ours', () => {
  it.each(['registry-outage', 'compromised-credential', 'muster-disk-full'])(
    'goes to Mattermost and comes back with the same steps: %s',
    (id) => {
      const ours = shipped(id);
      const { json, losses } = toMattermost(ours);
      const back = parsed(id, imported(JSON.parse(JSON.stringify(json))).text);
      const steps = ({ steps }: Playbook) => steps.map(({ line: _, ...step }) => step);
      expect(steps(back)).toEqual(steps(ours));
      expect(json.description).toContain(`title: ${ours.title}`);
      expect(losses.length).toBeGreaterThan(2);
    },
  );
});
