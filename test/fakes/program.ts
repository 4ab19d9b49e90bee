import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A real program from the system, for tests. */
export interface Program {
  /** null: it is not here, and `missing` says so. */
  path: string | null;
  /** Why tests that need it are skipped, or null. In CI a missing one is a failure and never skipped. */
  missing: string | null;
}

/** @param variable an environment variable that may name its path. */
export function program(name: string, { from, variable }: { from: string; variable: string }): Program {
  const places = [process.env[variable], ...['/usr/bin', '/usr/sbin', '/usr/local/bin'].map((in_) => `${in_}/${name}`)];
  const path = places.find((place) => place !== undefined && place !== '' && existsSync(place)) ?? null;
  const missing =
    path === null && !process.env.CI
      ? `no ${name} here: apt-get install ${from}, or set ${variable} to its path`
      : null;
  return { path, missing };
}

/** Runs it to its end; never throws because of how it ended. */
export function run(
  { path, missing }: Program,
  args: readonly string[],
  { cwd = process.cwd() }: { cwd?: string } = {},
): Promise<{ code: number; said: string }> {
  if (path === null) throw new Error(missing ?? `${args[0]}: the program is not here`);
  return new Promise((resolve) => {
    execFile(path, [...args], { cwd, timeout: 60_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, said: out + err });
    });
  });
}
