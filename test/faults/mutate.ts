/** A small generator of chance that gives the same again for the same seed. */
export function chance(seed: number): { below(n: number): number; of<T>(list: readonly T[]): T } {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const below = (n: number): number => next() % n;
  return { below, of: (list) => list[below(list.length)] as (typeof list)[number] };
}
type Chance = ReturnType<typeof chance>;

const deep = (levels: number): unknown => (levels === 0 ? 0 : { a: deep(levels - 1) });
/** What senders never send, and what some do. */
const odd: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => 2 ** 63,
  () => '',
  () => ' ',
  () => '0',
  () => 'null',
  () => 'x'.repeat(100_000),
  () => '\ud800',
  () => '\u202e\u200bevil\u2066',
  () => '<!channel> @all @here [x](javascript:alert(1))',
  () => '0001-01-01T00:00:00Z',
  () => '9999-99-99T99:99:99Z',
  () => '2026-11-21T02:41:00+99:99',
  () => '{"a":',
  () => '[[[[[[',
  () => '{"__proto__":{"a":1}}',
  () => 'https://user:pass@[::1]:99999/%zz?\u0000',
  () => [],
  () => {},
  () => [[]],
  () => [null, 1, 'x', {}],
  () => Array.from({ length: 500 }, (_, n) => n),
  () => Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, `v${n}`])),
  () => ({ toString: 'x', hasOwnProperty: 1, length: -1, constructor: 'y' }),
  () => deep(25),
  () => deep(60),
];

interface Place {
  holder: Record<string, unknown> | unknown[];
  key: string | number;
}
function placesIn(value: unknown): Place[] {
  const places: Place[] = [];
  const rest: unknown[] = [value];
  while (rest.length > 0 && places.length < 2_000) {
    const holder = rest.pop();
    if (typeof holder !== 'object' || holder === null) continue;
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      places.push({ holder: holder as Place['holder'], key });
      rest.push((holder as Record<string | number, unknown>)[key]);
    }
  }
  return places;
}

/** The same JSON with one to four places changed, removed, doubled or exchanged; the given value stays. */
export function mutated(value: unknown, by: Chance): unknown {
  const root = { value: structuredClone(value) };
  for (let times = 1 + by.below(4); times > 0; times--) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const { holder, key } = by.of(places);
    const of = holder as Record<string | number, unknown>;
    const kind = by.below(6);
    if (kind === 0) {
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete of[key];
    } else if (kind === 1) of[key] = structuredClone(by.of(places).holder);
    else if (kind === 2 && typeof of[key] === 'string') of[key] = textOf(of[key] as string, by);
    else if (kind === 3 && Array.isArray(of[key])) of[key] = Array(20).fill((of[key] as unknown[])[0]);
    else of[key] = by.of(odd)();
  }
  return root.value;
}

function textOf(text: string, by: Chance): string {
  const at = by.below(text.length + 1);
  return by.of([
    text.slice(0, at),
    text.toUpperCase(),
    `${text.slice(0, at)}${String.fromCharCode(by.below(0xffff))}${text.slice(at)}`,
    text + text,
    [...text].reverse().join(''),
  ]);
}

/** Bytes as they may arrive: whole, cut off, or with one that is another. */
export function damaged(bytes: Buffer, by: Chance): Buffer {
  const kind = by.below(12);
  if (kind === 0) return bytes.subarray(0, by.below(bytes.length + 1));
  if (kind === 1 && bytes.length > 0) {
    const other = Buffer.from(bytes);
    other[by.below(other.length)] = by.below(256);
    return other;
  }
  return bytes;
}
