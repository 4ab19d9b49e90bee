import type { Alert, Episode } from '../alerts/alert.js';
import type { NamedSource } from '../config/config.js';
import { formatDuration, formatTime } from '../messages/zones.js';

/** No sender can use it by accident: theirs are kept apart from it by what makes them. */
export const heartbeatFingerprint = 'muster:heartbeat';

export interface Heard {
  /** When a request of it was last taken; null: never. */
  lastSeenAt: number | null;
  /** Nothing counts before this: since when it is expected. */
  sinceAt: number;
  /** The newest one of its silences; null: there has been none. */
  episode: Pick<Episode, 'state' | 'startedAt'> | null;
}

/**
 * What is to be reported of a source that has to be heard so often; null: nothing has changed.
 * @param lateAt when it is late, with all that Muster itself was away.
 */
export function reportOn(
  { name, expect }: Pick<NamedSource, 'name' | 'expect'>,
  { lastSeenAt, sinceAt, episode }: Heard,
  { now, lateAt }: { now: number; lateAt(seenAt: number, dueAt: number): number },
): Alert | null {
  if (!expect) return null;
  const seenAt = Math.max(lastSeenAt ?? 0, sinceAt);
  const firesSince = episode?.state === 'firing' ? episode.startedAt : null;
  if (firesSince !== null)
    return lastSeenAt !== null && lastSeenAt > firesSince
      ? { ...alertOf(name, expect, lastSeenAt), status: 'resolved', startsAt: firesSince, endsAt: lastSeenAt }
      : null;
  const dueAt = lateAt(seenAt, seenAt + expect.everyMs + expect.graceMs);
  return dueAt <= now ? { ...alertOf(name, expect, lastSeenAt), startsAt: dueAt } : null;
}

function alertOf(source: string, expect: NonNullable<NamedSource['expect']>, lastSeenAt: number | null): Alert {
  const every = formatDuration(expect.everyMs);
  const since =
    lastSeenAt === null ? 'Nothing has ever come' : `Nothing has come since ${formatTime(lastSeenAt, 'UTC', 'date')}`;
  return {
    source,
    fingerprint: heartbeatFingerprint,
    status: 'firing',
    startsAt: null,
    endsAt: null,
    name: 'HeartbeatMissing',
    summary: `${since} from ${source}; it is expected every ${every}`,
    service: expect.service,
    host: null,
    severity: expect.severity,
    labels: { heartbeat: source },
    annotations: {},
    links: [],
    groupHint: 'heartbeat',
  };
}
