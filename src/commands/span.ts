const minute = 60_000;
const units: Record<string, number> = { m: minute, h: 60 * minute, d: 24 * 60 * minute };
const span = /^(\d{1,4})\s*(m|h|d)(?:in(?:ute)?s?|(?:ou)?rs?|ays?)?(?=[\s,:]|$)[\s,:]*/i;

/** `10m`, `2 hours`, `1d` at the beginning of a line, in ms, and what follows it; null when it begins otherwise. */
export function spanOf(line: string): { ms: number; rest: string } | null {
  const hit = span.exec(line);
  return hit
    ? { ms: Number(hit[1]) * (units[(hit[2] as string).toLowerCase()] ?? minute), rest: line.slice(hit[0].length) }
    : null;
}
