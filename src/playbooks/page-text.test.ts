import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageText } from './page-text.js';
import { readKeptPlaybook } from './parse.js';

const shown = (text: string): string => pageText(readKeptPlaybook({ id: 'p', text }));

it('reads as a page: what it is, what is needed, numbered steps, commands as they are typed, links as steps', () => {
  const text = `---
title: Disk full
owner: storage-team
reviewed: 2026-11-01
severity: sev2
needs: ["SSH to the host: group oncall"]
---
# Disk full

When **less** than 5 % is free. See [the wiki](https://wiki.example.com/disk).

## Detect

- [ ] Look with \`df **\`

  \`\`\`sh
  df -h   | grep '**'
  # [not a link](#make-room)
  \`\`\`

  - Expect: it is full
  - If not: [Make room](#make-room)

## Make room

- [ ] Grow

  - [ ] write the old size down
  - Then: [Look](#detect)
`;
  expect(shown(text)).toBe(`Disk full
=========
sev2 · owner storage-team · reviewed 2026-11-01 · 2 steps

You will need:
  - SSH to the host: group oncall

When less than 5 % is free. See the wiki <https://wiki.example.com/disk>.

Detect
------

 1. [ ] Look with \`df **\`

      df -h   | grep '**'
      # [not a link](#make-room)

  - Expect: it is full
  - If not: Make room (step 2)

Make room
---------

 2. [ ] Grow

  - [ ] write the old size down
  - Then: Look (step 1)
`);
});

it('lets nothing of a page command the terminal', () => {
  const text =
    '---\ntitle: "T\u001b[2J"\n---\n## A\u001b[31m\n- [ ] one \u001b]0;x\u0007\n\n  ```sh\n  a\u001b[2Jb\n  ```\n';
  expect(shown(text)).not.toMatch(/\p{Cc}(?<!\n)/u);
});

it('shows a page with errors, as far as it goes', () => {
  expect(shown('no front matter\n\n## A\n- [ ] one\n  - Rolle: x\n- [ ] two [away](#nowhere)\n')).toBe(
    'p\n=\n2 steps\n\nno front matter\n\nA\n-\n 1. [ ] one\n  - Rolle: x\n 2. [ ] two away\n',
  );
});

it('numbers every step of a shipped page as an incident does, and leaves no mark of Markdown', async () => {
  const text = await readFile(join(import.meta.dirname, '../../playbooks/registry-outage.md'), 'utf8');
  const playbook = readKeptPlaybook({ id: 'registry-outage', text });
  const page = pageText(playbook);
  for (const { index, title } of playbook.steps)
    expect(page).toContain(`${String(index + 1).padStart(2)}. [ ] ${title}`);
  expect(page).not.toMatch(/^#|```|\]\(#|\*\*/m);
  for (const { body } of playbook.steps)
    for (const part of body)
      if (part.kind === 'code') for (const line of part.text.split('\n')) expect(page).toContain(line);
});
