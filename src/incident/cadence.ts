import type { AudienceRule, Incident, Policy, Severity, Status } from './state.js';

/** How often, in a status; null: never. Statuses that are left out go by `investigating`. */
export type Pace = Partial<Record<'investigating' | 'identified' | 'monitoring', number | null>>;

export function paceIn(pace: Pace, status: Status): number | null {
  const own = status === 'identified' || status === 'monitoring' ? pace[status] : undefined;
  return (own === undefined ? pace.investigating : own) ?? null;
}

type Paced = Pick<Incident, 'policy' | 'severity' | 'status' | 'updates' | 'audiences'>;

/** How often this severity promises updates in this status; null: never. */
function usualCadence({ severities }: Pick<Policy, 'severities'>, severity: Severity, status: Status): number | null {
  const { updateEveryMs, updateEveryIn } = severities[severity];
  return updateEveryIn === undefined
    ? updateEveryMs
    : paceIn({ investigating: updateEveryMs, ...updateEveryIn }, status);
}

/** How often updates are promised in a long incident of this severity; null: never, or no rarer than usual. */
export function longCadence({ policy }: Pick<Incident, 'policy'>, severity: Severity): number | null {
  const { updateEveryMs, longUpdateEveryMs } = policy.severities[severity];
  if (updateEveryMs === null) return null;
  const long = longUpdateEveryMs ?? 2 * updateEveryMs;
  return long > updateEveryMs ? long : null;
}

/** Audiences with a pace of their own that a person's update is for. */
const pacedOf = ({ policy, audiences = [] }: Paced): AudienceRule[] =>
  (policy.audiences ?? []).filter(({ name, kind, every }) => every && kind !== 'public' && audiences.includes(name));

const soonest = (all: readonly (number | null)[]): number | null => {
  const some = all.filter((every) => every !== null);
  return some.length === 0 ? null : Math.min(...some);
};

/** How often updates are promised now, to whoever waits for one soonest; null: never. */
export function cadence(incident: Paced): number | null {
  const { policy, severity, status, updates } = incident;
  const usual = usualCadence(policy, severity, status);
  const stretch = updates.longSince === null ? null : longCadence({ policy }, severity);
  const base = usual === null || stretch === null ? usual : Math.max(usual, stretch);
  const own = pacedOf(incident).map(({ every }) => {
    const pace = paceIn(every as Pace, status);
    return pace === null || stretch === null ? pace : 2 * pace;
  });
  return soonest([base, ...own]);
}

/** The same for what everybody reads: as public audiences say, or as often as stakeholders are told. */
export function publicCadence(incident: Paced): number | null {
  const { policy, severity, status, audiences = [] } = incident;
  const own = (policy.audiences ?? []).filter(
    ({ name, kind, every }) => kind === 'public' && every && audiences.includes(name),
  );
  if (own.length > 0) return soonest(own.map(({ every }) => paceIn(every as Pace, status)));
  return usualCadence(policy, severity, status);
}

/** A promise is never put off: with another cadence it stays, or comes sooner. */
export const sooner = (promised: number | null, every: number | null, at: number): number | null =>
  every === null ? promised : Math.min(promised ?? Number.POSITIVE_INFINITY, at + every);
