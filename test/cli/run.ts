import { Command } from 'commander';
import { vi } from 'vitest';

/** One command of the CLI as somebody would type it, in a folder and an environment of its own. */
export async function runCommand(
  add: (program: Command) => void,
  args: string[],
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): Promise<{ out: string; err: string; exitCode: number }> {
  const said = { out: '', err: '' };
  const into = (key: 'out' | 'err') => (chunk: unknown) => {
    said[key] += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('err')),
    vi.spyOn(process, 'cwd').mockReturnValue(folder),
  ];
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  process.exitCode = undefined;
  try {
    const program = new Command('muster');
    add(program);
    await program.parseAsync(args, { from: 'user' });
    return { ...said, exitCode: Number(process.exitCode ?? 0) };
  } finally {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
