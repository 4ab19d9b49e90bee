/** Text that the two databases would not store alike. A door for text from outside must clean or refuse it earlier. */
class UnstorableText extends Error {
  constructor(what: string, text: string) {
    super(`Text with ${what} cannot be stored: ${JSON.stringify(text.slice(0, 80))}`);
    this.name = 'UnstorableText';
  }
}

interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}
const longestNote = 2000;

/** The text itself. @throws UnstorableText for NUL and half surrogate pairs. */
export function storable(text: string): string {
  if (text.includes('\0')) throw new UnstorableText('a NUL character', text);
  if (!(text as unknown as WellFormed).isWellFormed()) throw new UnstorableText('half a surrogate pair', text);
  return text;
}

const suspicious = /\\u(?:0000|d[89a-f])/;
const escapes = /\\(?:u([0-9a-f]{4})|.)/g;

/** JSON text made by JSON.stringify, which escapes what cannot be stored: the same rule for what it stands for. */
export function storableJson(json: string): string {
  if (!json.includes('\\u') || !suspicious.test(json)) return json;
  for (const [, code] of json.matchAll(escapes)) {
    if (code === '0000') throw new UnstorableText('a NUL character', json);
    if (code && /^d[89a-f]/.test(code)) throw new UnstorableText('half a surrogate pair', json);
  }
  return json;
}

export const toJson = (value: unknown): string => storableJson(JSON.stringify(value));
export const fromJson = <T>(text: string): T => JSON.parse(text) as T;

/** The words of an error, which may quote anything: cut and cleaned rather than refused. */
export const note = (words: string): string =>
  (words.slice(0, longestNote).replaceAll('\0', '') as unknown as WellFormed).toWellFormed();
