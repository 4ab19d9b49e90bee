import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';

const page = readFileSync('docs/operations.md', 'utf8');

it('the page on running Muster links to what is there', () => {
  const links = [...page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to]) => to as string);
  expect(links.length).toBeGreaterThan(8);
  expect(links.filter((to) => !existsSync(new URL(to, new URL('../../docs/operations.md', import.meta.url))))).toEqual(
    [],
  );
});

it('names only commands that there are', () => {
  const known = createProgram().commands.map((command) => command.name());
  const named = [...page.matchAll(/(?:`|npx |bin\/)muster ([a-z]+)/g)].map(([, name]) => name as string);
  expect(new Set(named).size).toBeGreaterThan(3);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

it('the command beside the unit has the unit’s settings', () => {
  const script = readFileSync('examples/systemd/muster', 'utf8');
  const unit = readFileSync('examples/systemd/muster.service', 'utf8');
  execFileSync('sh', ['-n', 'examples/systemd/muster']);
  for (const [, setting] of unit.matchAll(/^Environment=(MUSTER_(?:CONFIG|DATA)=\S+)$/gm))
    expect(script).toContain(setting);
  for (const [, name, path] of unit.matchAll(/^LoadCredential=([\w-]+):(\S+)$/gm)) {
    const variable = new RegExp(`^Environment=(\\w+_FILE)=%d/${name}$`, 'm').exec(unit)?.[1];
    expect(script).toContain(`${variable}=${path}`);
  }
});
