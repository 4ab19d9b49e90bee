import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPlaybooks } from './load.js';
import { parsePlaybook } from './parse.js';
import { partWords } from './parts.js';
import { everyNode, pageOf } from './tree.js';

const docs = join(import.meta.dirname, '../../docs/playbooks.md');

it('every playbook that ships is in the table, and every word that makes a part is told', async () => {
  const text = await readFile(docs, 'utf8');
  const { playbooks } = await loadPlaybooks(join(import.meta.dirname, '../../playbooks'));
  for (const { id } of playbooks) expect(text).toContain(`| [${id}](../playbooks/${id}.md) |`);
  const british = partWords().filter((word) => !word.endsWith('ize'));
  for (const word of british) expect(text).toContain(`*${word}*`);
});

it('the example for authors has no problem, and its branch and answer work', async () => {
  const page = pageOf(await readFile(join(import.meta.dirname, '../../docs/playbooks.md'), 'utf8'));
  const blocks = [...everyNode(page.root)].flatMap((node) => (node.type === 'code' ? [node.value] : []));
  const example = blocks.find((each) => each.startsWith('---'));
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
