import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import type { Setting } from './victim.js';

/** One change of the built code that must make a test fail, or the test proves nothing. */
export interface Mutation {
  file: string;
  from: string;
  to: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built code, or a changed copy of it in `folder`; and the remote chat's adapter translated against it. */
export function built(folder: string, mutations: readonly Mutation[] = []): Pick<Setting, 'dist' | 'adapter'> {
  let dist = join(root, 'dist');
  if (mutations.length > 0) {
    const copy = join(folder, 'mutant');
    mkdirSync(copy);
    cpSync(dist, join(copy, 'dist'), { recursive: true });
    for (const beside of ['node_modules', 'migrations', 'templates', 'playbooks', 'package.json'])
      symlinkSync(join(root, beside), join(copy, beside));
    dist = join(copy, 'dist');
  }
  for (const { file: name, from, to } of mutations) {
    const file = join(dist, name);
    const before = readFileSync(file, 'utf8');
    if (before.split(from).length !== 2) throw new Error(`The mutation of ${name} does not fit any more: ${from}`);
    writeFileSync(file, before.replace(from, to));
  }
  const base = `${pathToFileURL(dist).href}/`;
  const source = readFileSync(join(root, 'test/fakes/remote-chat-platform.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const adapter = join(folder, 'remote-chat-platform.mjs');
  writeFileSync(adapter, outputText.replaceAll('../../src/', base));
  return { dist: base, adapter: pathToFileURL(adapter).href };
}
