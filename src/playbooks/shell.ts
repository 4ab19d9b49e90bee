import { placeholdersIn } from './fill.js';

/** Letters that no shell reads as anything but themselves, within quotes or not, however often it is read. */
const plain = /^[A-Za-z0-9_.:@%+=,/][A-Za-z0-9_.:@%+=,/-]*$/;

/** One word of a command, whatever the value is; null: it cannot be one. */
export function shellWord(value: string): string | null {
  if (value.includes('\0')) return null;
  return plain.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** What reads its arguments as a command again: one layer of quotes would be taken off before the value is reached. */
const readsAgain =
  /(?:^|[\s;|&({/])(?:ssh|sh|bash|dash|zsh|ksh|fish|su|eval|source|xargs|parallel|watch|env|script|nsenter|chroot|exec|psql|mysql|awk|perl|python3?|ruby|node|find|rsync|scp|tmux|screen|at|batch|trap|sudo\s+-[is])(?=\s|$)/;

type Quotes = 'none' | 'single' | 'double' | 'unknown';

/** The quotes each position of a script stands in; what this does not follow to its end is `unknown` from there on. */
function quotesOf(script: string): Quotes[] {
  const all: Quotes[] = [];
  let now: Quotes = 'none';
  let comment = false;
  for (let at = 0; at < script.length; at += 1) {
    const character = script[at]!;
    if (character === '\n') comment = false;
    all[at] = comment ? 'unknown' : now;
    if (comment || now === 'unknown') continue;
    if (character === '\\' && now !== 'single') {
      at += 1;
      all[at] = now;
    } else if (character === "'" && now !== 'double') now = now === 'single' ? 'none' : 'single';
    else if (character === '"' && now !== 'single') now = now === 'double' ? 'none' : 'double';
    else if (now === 'single') continue;
    else if (character === '`' || (character === '$' && '({\'"'.includes(script[at + 1] ?? ' '))) now = 'unknown';
    else if (now === 'none' && character === '<' && script[at + 1] === '<') now = 'unknown';
    else if (now === 'none' && character === '#' && /^$|\s/.test(script[at - 1] ?? '')) comment = true;
  }
  return all;
}

const shells: ReadonlySet<string> = new Set(['', 'sh', 'bash', 'shell', 'zsh', 'console', 'shell-session']);
const prose: ReadonlySet<string> = new Set(['text', 'txt', 'markdown', 'md']);

/**
 * A command with answers in the place of `{name}`. In a shell each is exactly one word, or part of one, whatever it
 * contains. What only letters without a meaning could keep safe is left as `{name}` for any other value: in what hands
 * its arguments to another shell, in substitutions and here-documents, and in other languages. Nothing is ever run.
 */
export function fillCommand(script: string, answers: Readonly<Record<string, string>>, language = ''): string {
  if (prose.has(language)) return fillWith(script, (name) => answers[name] ?? null, answers);
  const quotes = shells.has(language) ? quotesOf(script) : [];
  const again = readsAgain.test(script);
  return fillWith(
    script,
    (name, at) => {
      const value = answers[name]!;
      if (plain.test(value)) return value;
      const word = shells.has(language) && !again ? shellWord(value) : null;
      if (word === null) return null;
      const around = quotes[at] ?? 'unknown';
      if (around === 'none') return word;
      if (around === 'double') return `"${word}"`;
      return around === 'single' ? value.replaceAll("'", `'\\''`) : null;
    },
    answers,
  );
}

function fillWith(
  body: string,
  wordOf: (name: string, at: number) => string | null,
  answers: Readonly<Record<string, string>>,
): string {
  let out = '';
  let from = 0;
  for (const { name, start, end } of placeholdersIn(body)) {
    const word = Object.hasOwn(answers, name) ? wordOf(name, start) : null;
    if (word === null) continue;
    out += body.slice(from, start) + word;
    from = end;
  }
  return out + body.slice(from);
}
