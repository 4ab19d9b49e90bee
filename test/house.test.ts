import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const longest = 400;
/** What the pure rooms may look at: other rooms, and packages. Rooms that are not named here are free. */
const allowed: Record<string, { rooms: string[]; packages: string[] }> = {
  incident: { rooms: [], packages: [] },
  people: { rooms: ['incident'], packages: [] },
  secrets: { rooms: [], packages: [] },
  alerts: { rooms: ['incident'], packages: ['zod', 're2js', 'node:buffer', 'node:crypto'] },
  messages: {
    rooms: ['incident', 'playbooks', 'secrets'],
    packages: [...markdown(), 'handlebars', 'luxon', 'node:fs', 'node:path'],
  },
  playbooks: {
    rooms: ['messages', 'secrets'],
    packages: [...markdown(), 'luxon', 'yaml', 'zod', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:path'],
  },
  reports: { rooms: ['incident', 'alerts', 'messages', 'playbooks'], packages: ['node:crypto', 'diff'] },
};
function markdown(): string[] {
  return ['unified', 'remark-parse', 'remark-gfm', 'remark-frontmatter', 'mdast-util-to-string', 'mdast', 'unist'];
}

interface File {
  /** From `src/`, with `/`. */
  path: string;
  room: string;
  text: string;
  /** Without comments, so that prose may say what code must not. */
  code: string;
}

const withoutComments = (text: string): string =>
  text.replace(
    /('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, quoted) => quoted ?? ' ',
  );

const all: File[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join('src', path), 'utf8');
    const slashed = path.replaceAll('\\', '/');
    return { path: slashed, room: slashed.split('/')[0] as string, text, code: withoutComments(text) };
  });
/** What ships. */
const shipped = all.filter(({ path }) => !/\.test\.ts$|\/testing[^/]*\.ts$/.test(path));

/** What stands behind `from`, or in `import '…'` and `import('…')`. */
const importsOf = ({ code }: Pick<File, 'code'>): string[] =>
  [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^'\s]+)'/g)].map(([, name]) => name as string);

const resolved = (from: string, name: string): string => posix.join(dirname(from), name).replace(/\.js$/, '.ts');

/** Imports a room should not make, as `file -> import`. */
function strangers({ path, room, code }: File): string[] {
  const rule = allowed[room];
  if (!rule) return [];
  return importsOf({ code })
    .filter((name) => {
      if (!name.startsWith('.')) return !rule.packages.includes(name);
      const target = resolved(path, name).split('/')[0] as string;
      return target !== room && !rule.rooms.includes(target);
    })
    .map((name) => `${path} -> ${name}`);
}

/** What a file needs before it can be loaded: types are gone by then, and a lazy import comes later. */
const neededBy = ({ code }: File): string[] =>
  importsOf({
    code: code
      .replace(/\b(?:im|ex)port type\b[^;]*;/g, '')
      .replace(/\bimport\s*\{(?:\s*type\s[^,}]*,?)*\s*\}[^;]*;/g, '')
      .replace(/\bimport\s*\([^)]*\)/g, ''),
  }).filter((name) => name.startsWith('.'));

describe('the house', () => {
  it('has rooms', () => {
    expect(all.length).toBeGreaterThan(100);
    expect(Object.keys(allowed).filter((room) => !shipped.some((file) => file.room === room))).toEqual([]);
  });

  it('keeps the core to itself: src/incident imports nothing from outside', () => {
    expect(shipped.filter(({ room }) => room === 'incident').flatMap(strangers)).toEqual([]);
  });

  it('lets the pure rooms look only where they may', () => {
    expect(shipped.flatMap(strangers)).toEqual([]);
  });

  it('never goes round in a circle', () => {
    const edges = new Map(shipped.map((file) => [file.path, neededBy(file).map((name) => resolved(file.path, name))]));
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of edges.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });

  it(`has no file over ${longest} lines`, () => {
    const lines = ({ text }: File): number => text.split('\n').length - 1;
    expect(all.filter((file) => lines(file) > longest).map((file) => `${file.path}: ${lines(file)}`)).toEqual([]);
  });

  it('asks for an ability, never for a platform by name', () => {
    // The verb that leads to the web room has its name, and samples show what people will read.
    const free = ['main.ts', 'commands/verbs/web.ts', 'messages/samples-outage.ts', 'messages/samples-noise.ts'];
    const outside = shipped.filter(({ path, room }) => room !== 'chat' && room !== 'config' && !free.includes(path));
    const named = /(['"`])(?:web|slack|mattermost)\1|\bplatform(?:\.name)?\s*[!=]==?\s*['"`]/gi;
    expect(outside.flatMap(({ path, code }) => [...code.matchAll(named)].map(([what]) => `${path}: ${what}`))).toEqual(
      [],
    );
  });

  it('writes to no console', () => {
    const written = all.filter(({ code }) => /\bconsole\s*[.[]/.test(code)).map(({ path }) => path);
    // Takes what the client of Mattermost writes there into the log.
    expect(written).toEqual(['chat/mattermost/inbound/socket.ts']);
  });
});
