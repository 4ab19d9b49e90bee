/** A command's answer: JSON where a machine asked for it, else the words. */
export function print(asJson: boolean, value: unknown, words: string): void {
  process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${words}\n`);
}

/** What went wrong and what to do, on stderr, and the exit code scripts may rely on. */
export function fail(code: number, what: string, hint?: string): void {
  process.stderr.write(`muster: ${what}\n${hint ? `  ${hint}\n` : ''}`);
  process.exitCode = code;
}

/** 1: looked, and found something wrong. 2: could not look (bad arguments, unreadable file, no server). */
export const found = 1;
export const unable = 2;
