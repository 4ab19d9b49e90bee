/** One thing that was looked at. `fix` says what to do; there is one unless all is well. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  /** What was looked at, e.g. `data folder`. */
  about: string;
  /** What there is, and where. */
  what: string;
  fix?: string;
  /** The other side is away or busy: it may be well in a minute, and nothing else is known. */
  passing?: true;
}

export const ok = (about: string, what: string): Finding => ({ level: 'ok', about, what });
export const warning = (about: string, what: string, fix: string): Finding => ({ level: 'warning', about, what, fix });
export const problem = (about: string, what: string, fix: string): Finding => ({ level: 'problem', about, what, fix });

/** Nobody knows more than that it did not answer. */
export const unanswered = (about: string, what: string, fix: string): Finding => ({
  ...problem(about, what, fix),
  passing: true,
});

/** What an error says, in one line. */
export const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.split('\n')[0] ?? '';
};
