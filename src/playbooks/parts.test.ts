import { describe, expect, it } from 'vitest';
import { formatProblem } from './lint.js';
import { parsePlaybook } from './parse.js';
import { missingParts } from './parts.js';

const whole = `---
title: T
owner: storage-team
reviewed: 2026-11-01
needs: ["SSH to the host: group oncall"]
---
# T

## Detect

- [ ] look
  - Expect: it is down

## Contain

- [ ] tell them

  \`\`\`text
  It is down.
  \`\`\`

## Triage

- [ ] find the cause

## Recover

- [ ] start it

  \`\`\`sh
  systemctl start it
  \`\`\`

  - Expect: it runs
  - If not: [Undo](#roll-back)

## Roll back

- [ ] undo the change

## Escalate

- [ ] call somebody

  When it is not up after 30 min: the second on call.

## After the incident

- What would have told us sooner?
`;

const missing = (text: string): string[] => {
  const { playbook, problems } = parsePlaybook({ id: 'p', file: 'p.md', text });
  if (!playbook) throw new Error(problems.map(formatProblem).join('\n'));
  return missingParts(playbook, 'p.md').map(formatProblem);
};
const without = (from: string, to = ''): string[] => {
  expect(whole).toContain(from);
  return missing(whole.replace(from, to));
};
const hint = '(see "What a playbook should have" in docs/playbooks.md)';

describe('what a playbook should have', () => {
  it('is all there in one that has it', () => {
    expect(missing(whole)).toEqual([]);
  });

  it('is said in one line at the top for a small one, without keeping it from use', () => {
    expect(missing('---\ntitle: T\n---\n## A\n- [ ] one\n')).toEqual([
      `p.md:1:1 warning there is no Detect, no Contain, no Triage, no Recover, no Roll back, no Escalate, no words to post (a \`\`\`text block in a step), no After the incident, no needs, no owner, no reviewed ${hint}`,
    ]);
  });

  it.each([
    ['owner: storage-team\n', '', 'owner'],
    ['reviewed: 2026-11-01\n', '', 'reviewed'],
    ['needs: ["SSH to the host: group oncall"]\n', '', 'needs'],
    ['## Contain', '## Next', 'Contain'],
    ['## Triage', '## Look', 'Triage'],
    ['- [ ] undo the change', 'Undo the change.', 'Roll back'],
    ['```text', '```sh', 'words to post (a ```text block in a step)'],
    ['- What would', '- [ ] What would', 'After the incident'],
    ['sooner?', 'sooner.', 'After the incident'],
    ['## After the incident', '## Words', 'After the incident'],
  ])('%j as %j: there is no %s', (from, to, part) => {
    const text = part === 'Roll back' ? whole.replace('[Undo](#roll-back)', 'stop') : whole;
    expect(text).toContain(from);
    expect(missing(text.replace(from, to))).toEqual([`p.md:1:1 warning there is no ${part} ${hint}`]);
  });

  it.each([
    ['## Detect', '## Detection of the outage'],
    ['## Detect', '## How to confirm'],
    ['## Contain', '## 2. Limit the damage'],
    ['## Triage', '## Diagnosis'],
    ['## Triage', '## Find the cause: network'],
    ['## Recover', '## Restore from the backup'],
    ['## Escalate', '## Call for help'],
    ['## After the incident', '## Questions for the review'],
    ['## After the incident', '## Post-incident'],
  ])('%s may be called %s', (from, to) => {
    expect(without(from, to)).toEqual([]);
  });

  it('is not told by a part of a word', () => {
    expect(without('## Contain', '## The container')).toEqual([`p.md:1:1 warning there is no Contain ${hint}`]);
  });

  it('is not told by the title of the page', () => {
    expect(without('# T\n', '# How to recover, roll back and escalate\n')).toEqual([]);
    const gone = whole.replace('# T\n', '# Recover\n').replace('## Recover', '## Go on');
    expect(missing(gone)).toEqual([`p.md:1:1 warning there is no Recover ${hint}`]);
  });

  it('counts the steps of sub-headings', () => {
    expect(without('## Recover', '## Recover\n\n### The disk')).toEqual([]);
  });

  it('wants of a recovery what to type, what one sees, and what to do otherwise, at its line', () => {
    expect(
      without('  ```sh\n  systemctl start it\n  ```\n\n  - Expect: it runs\n  - If not: [Undo](#roll-back)\n'),
    ).toEqual([
      'p.md:28:1 warning the recovery has no commands, no "Expect", no "If not" (say it exactly, for somebody tired)',
    ]);
  });

  it('wants of detection what one sees, and of escalation when and whom', () => {
    expect(without('  - Expect: it is down\n')).toEqual([
      'p.md:11:1 warning nothing says how to tell (add `- Expect: ` and what one sees)',
    ]);
    expect(without('  When it is not up after 30 min: the second on call.\n')).toEqual([
      'p.md:43:1 warning nothing says when to escalate, and to whom (write both below the step)',
    ]);
  });
});
