import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { drainWithinMs } from '../../src/cli/serve.js';
import { startServer } from '../fakes/http-server.js';
import { run } from '../fakes/program.js';

const file = readFileSync('Dockerfile', 'utf8');
const lines = file.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const of = (word: string): string[] =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string }; files: string[] };

describe('the image', () => {
  it('is made from files that are there, and holds all that ships', () => {
    const copied = of('COPY').flatMap((line) => line.split(' ').slice(0, -1));
    const here = copied.filter((each) => !each.startsWith('--') && !each.startsWith('/'));
    expect(here.filter((each) => !existsSync(each))).toEqual([]);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(here.filter((each) => !ignored.includes(`!${each}`))).toEqual([]);
    const targets = of('COPY').map((line) => line.split(' ').at(-1)?.replace('./', ''));
    expect(manifest.files.filter((each) => !targets.includes(each))).toEqual([]);
  });

  it('runs the Node that Muster asks for, pinned, as nobody special', () => {
    const bases = of('FROM').map((line) => line.split(' ')[0] ?? '');
    expect(bases).toHaveLength(2);
    for (const base of bases) {
      const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm(?:-slim)?$/.exec(base) ?? [];
      expect(manifest.engines.node, base).toBe(`>=${major}.${minor}`);
    }
    expect(of('USER')).toEqual(['node']);
    expect(file.indexOf('USER node')).toBeLessThan(file.indexOf('ENTRYPOINT'));
  });

  it('is healthy while Muster is ready, and only then', async () => {
    const [health = ''] = of('HEALTHCHECK');
    const [, ...args] = JSON.parse(health.slice(health.indexOf('['))) as string[];
    let running = true;
    const server = await startServer({ running: () => running });
    const check = async () => {
      process.env.MUSTER_PORT = String(server.port);
      const { code } = await run({ path: process.execPath, missing: null }, args);
      delete process.env.MUSTER_PORT;
      return code;
    };
    expect(await check()).toBe(0);
    running = false;
    await expect.poll(check).toBe(1);
    await server.close();
    expect(await check()).toBe(1);
  });
});

it('the example for compose names what is there, and gives Muster the time it takes to drain', () => {
  const { services, secrets, volumes } = parse(readFileSync('examples/docker-compose.yml', 'utf8'));
  const { muster } = services;
  expect(Number.parseInt(muster.stop_grace_period, 10) * 1_000).toBeGreaterThan(drainWithinMs);
  expect(muster.secrets).toEqual(Object.keys(secrets));
  for (const name of muster.secrets) expect(Object.values(muster.environment)).toContain(`/run/secrets/${name}`);
  expect(muster.volumes[0].split(':')[0]).toBe(Object.keys(volumes)[0]);
  const known = readFileSync('src/config/read.ts', 'utf8') + readFileSync('src/config/find.ts', 'utf8');
  for (const name of Object.keys(muster.environment)) expect(known).toContain(name.replace(/_FILE$/, ''));
});
