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

it('the example of branches leads straight, and every step of it is reached', async () => {
  const page = pageOf(await readFile(join(import.meta.dirname, '../../docs/playbooks.md'), 'utf8'));
  const examples = [...everyNode(page.root)].flatMap((node) => (node.type === 'code' ? [node.value] : []));
  const branches = examples.find((each) => each.startsWith('## Triage'));
  const text = `---\ntitle: T\n---\n${branches}\n`;
  const { playbook, problems } = parsePlaybook({ id: 'example', file: 'example.md', text });
  expect(problems).toEqual([]);
  expect(playbook?.steps.map(({ ifNot, thenTo }) => [ifNot?.goto, thenTo])).toEqual([
    [2, null],
    [3, 4],
    [4, 5],
    [4, 5],
    [undefined, null],
    [0, null],
  ]);
});
