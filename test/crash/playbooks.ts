import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of two steps: as many as a playbook may have. */
const rounds = 10;

/** Steps to do, to tick and to approve, with time-boxes that are mostly exceeded. */
const steps = (title: string): string =>
  Array.from(
    { length: rounds },
    (_, round) => `
- [ ] ${title}: look, round ${round}
  - [ ] the log
  - [ ] the disk
  - Within: 1 s
- [ ] ${title}: change, round ${round}
  - Approve: commander
  - Within: 2 s
`,
  ).join('');

/** Two playbooks; the first fits the registry by itself. */
export function writePlaybooks(folder: string): string {
  mkdirSync(folder);
  const page = (title: string, matches: string): string =>
    `---\ntitle: ${title}\n${matches}---\n\n## Do\n${steps(title)}`;
  writeFileSync(join(folder, 'first.md'), page('First', 'matches: { service: registry }\n'));
  writeFileSync(join(folder, 'second.md'), page('Second', ''));
  return folder;
}
