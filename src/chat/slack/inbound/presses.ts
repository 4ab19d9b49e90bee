import { createHash } from 'node:crypto';

/** Two presses of one button by one person nearer than this are one. */
const momentMs = 3_000;
/** Slack delivers again for some minutes. */
const rememberedForMs = 10 * 60_000;
const rememberedAtMost = 2_000;

interface Press {
  userId: string;
  /** The message or view the button is in. */
  place: string;
  actionId: string;
  value: string;
  /** When it was pressed, by Slack. */
  at: number;
}

/**
 * Ids for presses: a double click and a delivery that comes again have the id of the first, a press later on has its own.
 * A replica that saw only the second of two gives the same id too, unless a moment's border lies between them.
 */
export function pressIds(): (press: Press) => string {
  const recent = new Map<string, { from: number; to: number; id: string }[]>();
  return ({ userId, place, actionId, value, at }) => {
    const key = createHash('sha256')
      .update(JSON.stringify([userId, place, actionId, value]))
      .digest('base64url')
      .slice(0, 24);
    const known = (recent.get(key) ?? []).filter(({ to }) => Math.abs(at - to) < rememberedForMs);
    const same = known.find(({ from, to }) => at > from - momentMs && at < to + momentMs);
    if (same) {
      same.from = Math.min(same.from, at);
      same.to = Math.max(same.to, at);
      return same.id;
    }
    const id = `press-${key}-${Math.floor(at / momentMs)}`;
    recent.delete(key);
    recent.set(key, [...known, { from: at, to: at, id }]);
    if (recent.size > rememberedAtMost) recent.delete(recent.keys().next().value as string);
    return id;
  };
}
