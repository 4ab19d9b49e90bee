/** A name that `Ask:` may declare. */
export const isAnswerName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(name);

interface Placeholder {
  name: string;
  start: number;
  end: number;
}

/**
 * Every `{name}` that stands alone. `{{name}}`, `${name}` and `%{name}` belong to a shell, a template or curl and are
 * not placeholders.
 */
export function placeholdersIn(body: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (let start = body.indexOf('{'); start !== -1; start = body.indexOf('{', start + 1)) {
    const end = body.indexOf('}', start);
    if (end === -1) break;
    const name = body.slice(start + 1, end);
    const before = body[start - 1] ?? '';
    if (!isAnswerName(name) || ['{', '$', '%'].includes(before) || body[end + 1] === '}') continue;
    found.push({ name, start, end: end + 1 });
  }
  return found;
}

/** The names written as `{name}` in a body, whether somebody asks for them or not. */
export const namesIn = (body: string): string[] => placeholdersIn(body).map((each) => each.name);

/**
 * Puts answers in the place of `{name}`; a name without an answer stays as it is, braces included. What an answer
 * contains is never looked at again. The result is as trustworthy as the answers: literal text, never markup.
 */
export function fill(body: string, answers: Readonly<Record<string, string>>): string {
  let out = '';
  let from = 0;
  for (const { name, start, end } of placeholdersIn(body)) {
    if (!Object.hasOwn(answers, name)) continue;
    out += body.slice(from, start) + answers[name]!;
    from = end;
  }
  return out + body.slice(from);
}
