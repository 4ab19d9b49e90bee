const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

/** Figures by the beginning of their hour. */
export interface Hours {
  /** Requests of one source that were taken; none: zero. */
  requests: ReadonlyMap<number, number>;
  /** Minutes in which Muster was there to hear. */
  there: ReadonlyMap<number, number>;
}

/** When a source is called silent. Rarer and less steady ones never are: nothing may be all there is to say. */
const silentRule = {
  /** Whole hours with Muster there and nothing heard. */
  silentHours: 3,
  /** Minutes of an hour in which Muster was there, for it to count. */
  minutesThere: 50,
  /** Of the 7 days before it fell silent so many hours count, and each of them has a request. */
  steadyHours: 120,
  /** In an hour, on the average of those days and at the same time of the weeks before. */
  perHour: 4,
} as const;

export interface FellSilent {
  /** Requests an hour at this time of the week before, rounded. */
  usual: number;
  silentHours: number;
}

/** Whether a source is silent against its own rate. Pure; null: it is not, or it is not steady enough to say. */
export function fellSilent({ requests, there }: Hours, lastSeenAt: number, now: number): FellSilent | null {
  const counts = (hour: number): boolean => (there.get(hour) ?? 0) >= silentRule.minutesThere;
  const last = lastSeenAt - (lastSeenAt % hourMs);
  const silent: number[] = [];
  for (let hour = last + hourMs; hour + hourMs <= now && silent.length < 48; hour += hourMs)
    if (counts(hour)) silent.push(hour);
  if (silent.length < silentRule.silentHours) return null;

  const before: number[] = [];
  for (let hour = last - weekMs; hour < last; hour += hourMs) if (counts(hour)) before.push(requests.get(hour) ?? 0);
  if (before.length < silentRule.steadyHours || before.some((each) => each === 0)) return null;
  if (mean(before) < silentRule.perHour) return null;

  const then = silent.flatMap((hour) =>
    [hour - weekMs, hour - 2 * weekMs].filter(counts).map((each) => requests.get(each) ?? 0),
  );
  // Nothing is known of this time of the week: the days before have to do.
  const usual = mean(then.length > 0 ? then : before);
  return usual < silentRule.perHour ? null : { usual: Math.round(usual), silentHours: silent.length };
}

const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / Math.max(1, all.length);
