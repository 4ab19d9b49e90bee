import { readFileSync } from 'node:fs';

/** Where something is, what is wrong with it, what to do. An error keeps Muster from starting, a warning does not. */
export interface ConfigProblem {
  /** A variable's name, or `file:line:column`. */
  where: string;
  what: string;
  fix: string;
  /** Left out: an error. */
  level?: 'error' | 'warning';
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Whether somebody has given this secret, well or not. */
export const isSet = (env: Env, name: string): boolean => env[name] !== undefined || env[`${name}_FILE`] !== undefined;

/**
 * The secret `name`, from the variable itself or from the file that `name_FILE` names; a file's trailing line end is
 * dropped. null when neither is set. Problems go to `problems`, never with the secret in them.
 */
export function readSecret(env: Env, name: string, problems: ConfigProblem[]): string | null {
  const direct = env[name];
  const file = env[`${name}_FILE`];
  if (direct !== undefined && file !== undefined) {
    problems.push({ where: name, what: `${name} and ${name}_FILE are both set.`, fix: 'Keep one of them.' });
    return null;
  }
  if (direct !== undefined) return filled(direct, name, problems);
  if (file === undefined) return null;
  const text = readText(file, `${name}_FILE`, problems);
  return text === null ? null : filled(text.replace(/[\r\n]+$/, ''), `${name}_FILE (${file})`, problems);
}

function readText(path: string, where: string, problems: ConfigProblem[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push({
      where,
      what: `The file ${JSON.stringify(path)} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
      fix: 'Name a file that the user Muster runs as may read.',
    });
    return null;
  }
}

function filled(value: string, where: string, problems: ConfigProblem[]): string | null {
  if (value.trim() !== '') return value;
  problems.push({
    where,
    what: 'The secret is empty.',
    fix: 'Give it a value, for example from `openssl rand -hex 32`, or unset the variable.',
  });
  return null;
}

const tokenLengthAtLeast = 16;
/** A command that makes a token. */
export const tokenMaker = 'openssl rand -hex 32';

/** What is wrong with the token called `where`, or null. Never says the token. */
export function tokenProblem(where: string, token: string): ConfigProblem | null {
  if (token.length >= tokenLengthAtLeast && /^[\x21-\x7e]+$/.test(token)) return null;
  return {
    where,
    what: `A token needs at least ${tokenLengthAtLeast} characters, without spaces or letters outside ASCII.`,
    fix: `Make one with \`${tokenMaker}\`.`,
  };
}
