import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePlaybook } from './parse.js';
import { everyNode, pageOf } from './tree.js';

it('the example for authors has no problem, and its branch and answer work', async () => {
  const page = pageOf(await readFile(join(import.meta.dirname, '../../docs/playbooks.md'), 'utf8'));
  const [example] = [...everyNode(page.root)].flatMap((node) => (node.type === 'code' ? [node.value] : []));
  const { playbook, problems } = parsePlaybook({ id: 'example', file: 'example.md', text: `${example}\n` });
  expect(problems).toEqual([]);
  expect(playbook?.steps.map(({ phase, ask, substeps, ifNot }) => [phase, ask, substeps.length, ifNot?.goto])).toEqual([
    ['Detect', ['host'], 0, 2],
    ['Repair', [], 2, undefined],
    ['Close', [], 0, undefined],
  ]);
});
