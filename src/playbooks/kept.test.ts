import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlaybook, readKeptPlaybook } from './parse.js';

const kept = (text: string) => readKeptPlaybook({ id: 'p', text });
const strict = (text: string) => parsePlaybook({ id: 'p', file: 'p.md', text });
const front = '---\ntitle: T\n---\n';

describe('a text that a running incident keeps', () => {
  it('is read as always when nothing is wrong with it', async () => {
    const text = await readFile(join(import.meta.dirname, '../../playbooks/registry-outage.md'), 'utf8');
    expect(kept(text)).toEqual(strict(text).playbook && { ...strict(text).playbook, id: 'p' });
  });

  it('has its steps in their places whatever has become an error', () => {
    const text = `---\ntitle: T\nreviewed: never\ncolour: red\n---\n- [ ] one\n  - Role: pilot\n  - Expect: fine\n  - Colour: red **paint**\n  - If not: [x](#b)\n- [ ] two\n  - Within: soon\n  - Then: nowhere\n  - If not: [x](#gone)\n## B\n- [ ]\n- [ ] three\n  - Then: [x](#b)\n${'- [ ] more\n'.repeat(20)}`;
    expect(strict(text).playbook).toBeNull();
    const { title, steps, hash } = kept(text);
    expect([title, steps.length]).toEqual(['p', 23]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(steps[0]).toMatchObject({
      title: 'one',
      phase: '',
      role: null,
      expect: 'fine',
      ifNot: { goto: 2 },
      body: [{ kind: 'text', text: 'Colour: red **paint**' }],
    });
    expect(steps[1]).toMatchObject({ title: 'two', withinMs: null, thenTo: null, ifNot: { text: 'x', goto: null } });
    expect(steps[2]).toMatchObject({ title: 'three', phase: 'B', thenTo: null });
  });

  it('is read past the bounds of today', () => {
    const long = `${front}## A\n- [ ] one\n\n  ${'a'.repeat(5_000)}\n- [ ] two\n`;
    expect(strict(long).playbook).toBeNull();
    expect(kept(long).steps.map(({ title }) => title)).toEqual(['one', 'two']);
  });

  it.each(['', '---', '- [ ]', '# \n- [x] [](#)', '\0'])('never throws: %j', (text) => {
    expect(kept(text).text).toBe(text);
  });
});
