/** A command's answer: JSON where a machine asked for it, else the words. */
export function print(asJson: boolean, value: unknown, words: string): void {
  process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${words}\n`);
}

/** What went wrong and what to do, on stderr, and the exit code scripts may rely on; with `--json` on stdout too. */
export function fail(code: number, what: string, hint?: string): void {
  process.stderr.write(`muster: ${what}\n${hint ? `  ${hint}\n` : ''}`);
  failAsJson(what, hint);
  process.exitCode = code;
}

/** A line that cannot be understood, in the words of whoever read it; it ends the process by itself. */
export function misused(words: string, write: (words: string) => void): void {
  write(words);
  const [what = '', ...hints] = words.trim().split('\n');
  failAsJson(what.replace(/^error: /, ''), hints.join(' ').trim() || 'muster --help lists the commands.');
}

/** The whole line is asked: a failure may come before any command has read its options. */
function failAsJson(error: string, hint: string | undefined): void {
  const words = [...process.argv, '--'];
  if (words.slice(0, words.indexOf('--')).includes('--json'))
    process.stdout.write(`${JSON.stringify({ error, hint: hint ?? null })}\n`);
}

/** 1: looked, and found something wrong. 2: could not look (bad arguments, unreadable file, no server). */
export const found = 1;
export const unable = 2;
