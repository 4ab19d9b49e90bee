/** HTML that is safe to send: made by `html` alone. */
export class Html {
  readonly #source: string;
  private constructor(source: string) {
    this.#source = source;
  }
  toString(): string {
    return this.#source;
  }
  static of(strings: TemplateStringsArray, values: readonly Part[]): Html {
    return new Html(strings.reduce((whole, string, at) => whole + source(values[at - 1]) + string));
  }
}

export type Part = Html | string | number | false | null | undefined | readonly Part[];

/**
 * The one place where text becomes HTML: every value is escaped, for content and for double-quoted attributes alike,
 * unless it is `Html` already. Lists are joined; false, null and undefined are nothing. Attributes must be quoted.
 */
export const html = (strings: TemplateStringsArray, ...values: Part[]): Html => Html.of(strings, values);

function source(part: Part): string {
  if (part === false || part === null || part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'object') return part.map(source).join('');
  return String(part).replace(/[&<>"'\0]/g, (character) => escapes[character] as string);
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\0': '\uFFFD',
};
