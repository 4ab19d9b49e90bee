import { createHash } from 'node:crypto';

/** Two presses of one button by one person nearer than this are one. */
const momentMs = 3_000;
const rememberedAtMost = 2_000;

/** `text` made short, the same for the same. */
export const shortId = (...parts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24);

/**
 * When something was done, by the server: it stands in the trigger that comes along. null: that is no trigger as servers
 * make them.
 */
export function triggeredAt(trigger: string): number | null {
  const at = Number(Buffer.from(trigger, 'base64').toString('latin1').split(':')[2]);
  return Number.isSafeInteger(at) && at > 0 ? at : null;
}

/**
 * Ids for presses: a double click has the id of the first, a press later on has its own. A replica that saw only the
 * second of two gives the same id too, unless a moment's border lies between them.
 */
export function pressIds(): (press: { account: string; post: string; does: string; at: number }) => string {
  const recent = new Map<string, { at: number; id: string }>();
  return ({ account, post, does, at }) => {
    const key = shortId(account, post, does);
    const last = recent.get(key);
    const id = last && Math.abs(at - last.at) < momentMs ? last.id : `press-${key}-${Math.floor(at / momentMs)}`;
    recent.delete(key);
    recent.set(key, { at, id });
    if (recent.size > rememberedAtMost) recent.delete(recent.keys().next().value as string);
    return id;
  };
}
