/** The served HTML as a browser would cut it up: tags with their attributes, and text with references resolved. */
export interface Tag {
  name: string;
  attributes: Record<string, string>;
}

const pieces = /<!doctype[^>]*>|<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*>|([^<]+)/giy;

/** Throws at the first character that is not the plain HTML Muster writes, e.g. an unquoted attribute or a stray `<`. */
export function parseHtml(source: string): { tags: Tag[]; text: string } {
  const tags: Tag[] = [];
  let text = '';
  let raw: string | null = null;
  pieces.lastIndex = 0;
  while (pieces.lastIndex < source.length) {
    if (raw !== null) {
      const end: number = source.indexOf(`</${raw}>`, pieces.lastIndex);
      if (end < 0) throw new Error(`<${raw}> is not closed`);
      pieces.lastIndex = end;
      raw = null;
    }
    const at = pieces.lastIndex;
    const piece = pieces.exec(source);
    if (piece === null) throw new Error(`not HTML of ours: ${source.slice(at, at + 80)}`);
    const [, slash, name, attributes = '', literal] = piece;
    if (literal !== undefined) text += resolved(literal);
    if (name !== undefined && slash === '') {
      tags.push({ name, attributes: attributesOf(attributes) });
      if (name === 'script' || name === 'style') raw = name;
    }
  }
  return { tags, text };
}

function attributesOf(source: string): Record<string, string> {
  const found = [...source.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, resolved(value)]));
}

const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function resolved(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const character = references[name];
    if (character === undefined) throw new Error(`a reference we never write: ${whole}`);
    return character;
  });
}
