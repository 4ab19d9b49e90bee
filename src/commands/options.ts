import type { Severity } from '../incident/state.js';
import { firstWords, oneLine } from './line.js';
import { near } from './near.js';
import { severityOf } from './severity-word.js';

/** What stands in a `declare` line. */
export interface Declaration {
  title: string;
  private: boolean;
  severity: Severity | null;
  services: string[];
  /** Declared whatever else is open. */
  anyway: boolean;
}

const names = ['private', 'anyway', 'new', 'sev', 'severity', 'service'] as const;
type Name = (typeof names)[number];
/** Phones turn two dashes into one long one. */
const optionShape = /^(--?|[\u2013\u2014])([a-z]+)(?:=(.*))?$/is;
const quotedValue = /^["\u201c\u201d\u201e]([^"\u201c\u201d\u201e]*)["\u201c\u201d]\s*/;
const leadingSeverity = /^sev-?[123][:,]?$/i;

/** The declaration, or what is wrong with it. A misspelt option is never taken for a title: it may say "private". */
export function declaration(args: string): Declaration | { wrong: string } {
  const made: Declaration = { title: '', private: false, severity: null, services: [], anyway: false };
  const title: string[] = [];
  let line = args;
  for (let cut = firstWords(line, 1); cut; cut = firstWords(line, 1)) {
    const word = cut.words[0] as string;
    const shape = optionShape.exec(word);
    const name = shape?.[2]?.toLowerCase() ?? '';
    const known = names.find((each) => each === name);
    if (!shape || !known) {
      const meant = shape ? near(name, names)[0] : undefined;
      if (meant || (title.length === 0 && word.startsWith('--')))
        return { wrong: `There is no option ${word.slice(0, 40)}.${meant ? ` Did you mean --${meant}?` : ''}` };
      if (title.length === 0 && leadingSeverity.test(word) && made.severity === null) made.severity = severityOf(word);
      else title.push(word);
      line = cut.rest;
      continue;
    }
    line = shape[3] === undefined ? cut.rest : `${shape[3]}${line.slice(word.length)}`;
    if (known === 'private' || known === 'anyway' || known === 'new') {
      if (shape[3] !== undefined) return { wrong: `--${known} takes no value.` };
      if (known === 'private') made.private = true;
      else made.anyway = true;
      continue;
    }
    const value = givenTo(line);
    const wrong = take(made, known, value.value);
    if (wrong) return { wrong };
    line = value.rest;
  }
  return { ...made, title: oneLine(title.join(' ')) };
}

function givenTo(line: string): { value: string; rest: string } {
  const quoted = quotedValue.exec(line);
  if (quoted) return { value: (quoted[1] ?? '').trim(), rest: line.slice(quoted[0].length) };
  const cut = firstWords(line, 1);
  return cut ? { value: cut.words[0] as string, rest: cut.rest } : { value: '', rest: '' };
}

function take(made: Declaration, name: Exclude<Name, 'private' | 'anyway' | 'new'>, value: string): string | null {
  if (name === 'service') {
    if (value === '' || optionShape.test(value)) return '--service needs the name of a service.';
    if (!made.services.includes(value)) made.services.push(value);
    return null;
  }
  const severity = severityOf(value);
  if (!severity) return 'A severity is 1 (worst), 2 or 3.';
  made.severity = severity;
  return null;
}
