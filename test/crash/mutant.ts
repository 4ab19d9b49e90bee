import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import type { Setting } from './victim.js';

/** One change of the built code that must make a test fail, or the test proves nothing. */
export interface Mutation {
  file: string;
  from: string;
  to: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const adapter = join(root, 'test/fakes/remote-chat-platform.ts');

/**
 * The built code, changed by `mutations`, with the remote chat's adapter: as one file in `folder`, because hundreds of
 * lives begin with loading it.
 */
export async function built(folder: string, mutations: readonly Mutation[] = []): Promise<Pick<Setting, 'code'>> {
  const home = join(folder, 'code');
  const entry = join(folder, 'entry.mjs');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const exported = {
    openBot: join(dist, 'bot.js'),
    readConfig: join(dist, 'config/read.js'),
    createLog: join(dist, 'http/log.js'),
    remoteChatPlatform: adapter,
  };
  writeFileSync(
    entry,
    Object.entries(exported)
      .map(([name, file]) => `export { ${name} } from ${JSON.stringify(file)};`)
      .join('\n'),
  );
  const left = new Set(mutations);
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    logLevel: 'silent',
    external: [/^better-sqlite3$/, /^pg$/, /^pino$/, /^@slack\//, /^@mattermost\//],
    plugins: [
      {
        name: 'as built',
        resolveId: (name, importer) =>
          importer === adapter && name.startsWith('../../src/') ? join(dist, name.slice('../../src/'.length)) : null,
        transform(code, id) {
          let text = code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href));
          for (const mutation of mutations) {
            if (id !== join(dist, mutation.file)) continue;
            if (text.split(mutation.from).length !== 2) continue;
            text = text.replace(mutation.from, mutation.to);
            left.delete(mutation);
          }
          return text;
        },
      },
    ],
  });
  await bundle.write({ dir: home, format: 'esm' });
  await bundle.close();
  for (const { file, from } of left) throw new Error(`The mutation of ${file} does not fit any more: ${from}`);
  return { code: pathToFileURL(join(home, 'entry.js')).href };
}
