import { isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { ConfigProblem } from './secrets.js';

/** Where something stands in the file: the keys and positions that lead to it. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain values that still knows where each of them stands. */
export interface Located {
  value: unknown;
  /** `file:line:column`, 1-based; of a key's name when `key` is given. What is absent stands where its map does. */
  at(path: Path, key?: string): string;
}

const longestFile = 1024 * 1024;
const aliasesAtMost = 50;

/** Either the values or everything that keeps the text from being YAML. An empty text is an empty map. */
export function readYaml(file: string, text: string): Located | ConfigProblem[] {
  if (text.length > longestFile)
    return [
      { where: `${file}:1:1`, what: 'The file is larger than 1 MiB.', fix: 'Keep settings here, and nothing else.' },
    ];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    where: place(pos[0]),
    what: `This is not YAML: ${message.split('\n')[0]}`,
    fix: 'Look at the indentation, and put quotes around a text that has a colon.',
  }));
  visit(document, (key, node) => {
    if (key === 'key' && isScalar(node) && node.value === '__proto__')
      faults.push({ where: place(node.range?.[0] ?? 0), what: '"__proto__" is not a name.', fix: 'Choose another.' });
  });
  if (faults.length > 0) return faults;

  const at = (path: Path, key?: string): string => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (isMap(node) && key !== undefined && depth === path.length) {
        const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === key);
        if (isNode(pair?.key)) return place(pair.key.range?.[0] ?? 0);
      }
      if (isNode(node)) return place(node.range?.[0] ?? 0);
    }
    return `${file}:1:1`;
  };
  try {
    return { value: withoutEmpty(document.toJS({ maxAliasCount: aliasesAtMost })), at };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ where: at([]), what: `This cannot be read: ${error.message}.`, fix: 'Write the values out.' }];
  }
}

/** A section whose entries are all commented out is as good as absent. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? {};
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}
