/** Nobody sees it, and no mention, address, hashtag or emoji reaches across it. Literal text has none of its own. */
export const BREAK = '\u200b';

/**
 * What a client or the server would make something of even where no Markdown is read: `@name`, `~channel`, `#tag`,
 * `:emoji:` and smileys, `scheme:address`, `www.`, `host.com/`. Times of day and ports stay whole.
 */
const CALLS = [
  /[@~]/g,
  /#(?=\p{L}|$)/gu,
  /:(?=\S)(?!(?<=[\d.-][A-Za-z\d.+-]*:)(?:\d+(?![\w+-]*:)|\d\d:\d))/g,
  /www\d{0,3}(?=\.)/gi,
  /\.(?=\p{L}{2,4}\/)/gu,
  /;(?=-?\))/g,
  /(?<!\w)x(?=-d(?!\w))/gi,
  /<(?=\/?3)/g,
];

/** Plain text that addresses nobody and leads nowhere. */
export const quiet = (text: string): string => CALLS.reduce((all, call) => all.replace(call, `$&${BREAK}`), text);

/**
 * Written as references: the web client reads a backslash before some of these as a backslash, and some of its marks
 * end at an escaped one.
 */
const REFERENCES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '\\': '&#92;',
  '*': '&#42;',
  '[': '&#91;',
  ']': '&#93;',
  '`': '&#96;',
  $: '&#36;',
  '|': '&#124;',
};

/** One line of literal text as Markdown, to stand inside a line. */
export const escapeText = (text: string): string =>
  quiet(text)
    .replace(/[&<\\*[\]`$|]/g, (mark) => REFERENCES[mark] as string)
    .replace(/~|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');

/** The same line at the start of a block. */
export const lineStart = (line: string): string =>
  line
    .trim()
    .replace(/^[#>+-]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
