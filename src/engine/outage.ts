/** How it stands with a chat platform, as far as real calls tell; all times ms since the epoch. Kept in the store. */
export interface Health {
  /** The first call that failed since one got through; null: the last one got through. */
  failingSince: number | null;
  failedAt: number | null;
  /** What it said last. */
  why: string | null;
  /** It has asked not to be called before. */
  quietUntil: number | null;
  /** When its incidents were moved elsewhere; null: they are at home. */
  lostAt: number | null;
  /** While it is lost: since when every call gets through. */
  steadySince: number | null;
  /** How often it was lost in a row, with little time in between. */
  losses: number;
  backAt: number | null;
}

export const healthy: Health = {
  failingSince: null,
  failedAt: null,
  why: null,
  quietUntil: null,
  lostAt: null,
  steadySince: null,
  losses: 0,
  backAt: null,
};

/** How one call ended. `quietUntil`: the platform has said how long to wait. */
export type CallEnd = { at: number; ok: true } | { at: number; ok: false; why: string; quietUntil: number | null };

/** Failures further apart than this have nothing to do with one another. */
const togetherMs = 3 * 60_000;
/** A sign this old is one of then: what fails is tried again within a minute. */
const freshMs = 2 * 60_000;
/** Calls get through for so long before it counts as back. */
const steadyForMs = 60_000;
/** Lost, it stays so for this long, and twice as long each time it is lost again soon after. */
const stayForMs = 5 * 60_000;
const stayAtMostMs = 40 * 60_000;
const soonMs = 60 * 60_000;

/** Pure. */
export function afterCall(health: Health, call: CallEnd): Health {
  if (call.ok)
    return health.lostAt === null
      ? { ...health, failingSince: null, failedAt: null, why: null, quietUntil: null }
      : { ...health, steadySince: health.steadySince ?? call.at, quietUntil: null };
  const lastSign = Math.max(health.failedAt ?? 0, health.quietUntil ?? 0);
  const together = health.failingSince !== null && (health.lostAt !== null || call.at - lastSign <= togetherMs);
  return {
    ...health,
    failingSince: together ? health.failingSince : call.at,
    failedAt: call.at,
    why: call.why,
    quietUntil: call.quietUntil,
    steadySince: null,
  };
}

/** Whether it is lost or back by now. Pure; never to and fro within minutes. */
export function judged(health: Health, now: number, awayAfterMs: number): Health {
  const { failingSince, failedAt, lostAt, steadySince, backAt } = health;
  if (lostAt === null) {
    if (failingSince === null || now - failingSince < awayAfterMs) return health;
    const quiet = health.quietUntil ?? 0;
    const failsOn = (failedAt ?? 0) > failingSince && now - (failedAt ?? 0) <= freshMs;
    if (!failsOn && now - quiet > freshMs) return health;
    const again = backAt !== null && now - backAt < soonMs;
    return { ...health, lostAt: now, steadySince: null, losses: again ? health.losses + 1 : 1 };
  }
  const stay = Math.min(stayAtMostMs, stayForMs * 2 ** (health.losses - 1));
  if (steadySince === null || now - steadySince < steadyForMs || now - lostAt < stay) return health;
  return { ...healthy, losses: health.losses, backAt: now };
}

/** How long after so many failures in a row it is asked again. */
export const probeAfterMs = (failures: number): number => Math.min(60_000, 1_000 * 2 ** failures);
