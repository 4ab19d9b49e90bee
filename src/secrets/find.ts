import { hint, type SecretKind, shapes } from './shapes.js';

/** Where a secret stands in a text: from `from` up to, not including, `to`. */
export interface Found {
  kind: SecretKind;
  from: number;
  to: number;
}

/** What people write where a secret would stand. A secret of random characters contains none of these words. */
const standIn = /EXAMPLE|PLACEHOLDER|REDACTED|CHANGE_?ME|DUMMY|YOUR[-_]|[x*•]{8}|\.{3}|\$\{|\{\{|^[$%<{]/i;
const words = /^(?:password|passwd|pass|pw|pwd|secret|token|user|username|hunter2)$/i;
const leastDifferent = 4;

const isStandIn = (secret: string): boolean =>
  standIn.test(secret) || words.test(secret) || new Set(secret.slice(-20)).size < leastDifferent;

const afterColon = (secret: string): string => secret.slice(secret.indexOf(':') + 1);

/** The secrets in a text, in their order, none overlapping. Pure; takes time in proportion to the text. */
export function findSecrets(text: string): Found[] {
  if (!hint.test(text)) return [];
  const all: Found[] = [];
  for (const { kind, pattern, is, whole: long } of shapes)
    for (const match of text.matchAll(pattern)) {
      const whole = match[0];
      const secret = match[1] ?? whole;
      if (
        (!long && isStandIn(kind === 'password in an address' ? afterColon(secret) : secret)) ||
        (is && !is(secret, text))
      )
        continue;
      const from = match.index + (match[1] === undefined ? 0 : whole.lastIndexOf(secret));
      all.push({ kind, from, to: from + secret.length });
    }
  all.sort((a, b) => a.from - b.from || b.to - a.to);
  const found: Found[] = [];
  for (const each of all) {
    const last = found.at(-1);
    if (!last || each.from >= last.to) found.push(each);
    else last.to = Math.max(last.to, each.to);
  }
  return found;
}

/** The same text with `[GitHub token hidden]` where one stood. */
export function maskSecrets(text: string): string {
  const found = findSecrets(text);
  if (found.length === 0) return text;
  let masked = '';
  let from = 0;
  for (const each of found) {
    masked += `${text.slice(from, each.from)}[${each.kind} hidden]`;
    from = each.to;
  }
  return masked + text.slice(from);
}

/** The same value with every text in it masked, however deep it lies. */
export function maskAll<T>(value: T): T {
  if (typeof value === 'string') return maskSecrets(value) as T;
  if (Array.isArray(value)) return value.map(maskAll) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [maskSecrets(key), maskAll(each)])) as T;
}

/** The texts found anywhere in a value, each once, the longest first. */
export function secretsIn(value: unknown): { kind: SecretKind; text: string }[] {
  const found = new Map<string, SecretKind>();
  const look = (each: unknown): void => {
    if (typeof each === 'string')
      for (const { kind, from, to } of findSecrets(each)) found.set(each.slice(from, to), kind);
    else if (Array.isArray(each)) each.forEach(look);
    else if (typeof each === 'object' && each !== null) Object.values(each).forEach(look);
  };
  look(value);
  return [...found].map(([text, kind]) => ({ kind, text })).sort((a, b) => b.text.length - a.text.length);
}
