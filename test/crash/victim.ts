import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Point } from '../../src/engine/points.js';
import type { Outside } from './outside.js';

/** Where a life ends: as a named moment is passed for the nth time, or whenever the harness says. */
export type Kill = { point: Point; nth: number } | null;

/** What the victim process is started with. */
export interface Setting {
  /** What it runs, in one file, as a file: URL. */
  code: string;
  dataFolder: string;
  databaseUrl?: string;
  chatUrl: string;
  /** The playbooks that ship, when left out. */
  playbooksFolder?: string;
  /** Whom it tells outside chat; nobody, when left out. */
  outside?: Outside['setting'];
}

/** One life of the process under test. */
export interface Victim {
  pid: number;
  url: string;
  /** Resolves when the process stands still at its moment. */
  reached: Promise<void>;
  /** SIGKILL from outside; resolves when it is dead. */
  kill(): Promise<void>;
  complaints(): string;
}

const startsWithinMs = 20_000;

/** @param under a command that becomes the process it is given, e.g. a tracer. */
export async function start(setting: Setting, kill: Kill, under: readonly string[] = []): Promise<Victim> {
  const script = fileURLToPath(new URL('serve.mjs', import.meta.url));
  const [command = '', ...words] = [...under, process.execPath, script, JSON.stringify({ ...setting, kill })];
  const child: ChildProcess = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
    });
  const dead = once(child, 'exit');
  const lines = createInterface({ input: child.stdio[3] as Readable });
  let url: string | null = null;
  let arrived = (): void => {};
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It did not start:\n${said}`)), startsWithinMs);
    lines.on('line', (line) => {
      if (line === 'at') arrived();
      if (line.startsWith('up ')) url = line.slice(3);
      // A moment can come before it listens: what was left over is worked off at once.
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`It exited with ${code} before it was up:\n${said}`));
    });
  });
  return {
    pid: child.pid as number,
    get url() {
      return url ?? 'http://127.0.0.1:9';
    },
    reached,
    async kill() {
      child.kill('SIGKILL');
      await dead;
    },
    complaints: () => said,
  };
}
