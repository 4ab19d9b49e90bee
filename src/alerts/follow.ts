import type { NoiseEvents } from '../incident/noise.js';
import type { Ladder } from '../incident/severity.js';
import type { Evidence } from '../incident/state.js';
import type { Alert, Episode } from './alert.js';
import { evidenceOf, worse } from './evidence.js';
import { groupKeyOf } from './group.js';
import { type Reading, read } from './read.js';
import { type Interval, locate, type Stretch, unite } from './stretches.js';

/** One report of a request: where its outcome goes, and when it came. */
export interface Told {
  alert: Alert;
  receivedAt: number;
  batch: number;
  index: number;
}

/** What a report came to. All but `anew` follow from its own alert's history; that one from the end of its incident. */
export type Verdict = 'joins' | 'anew' | 'repeat' | 'raised' | 'resolved' | 'unseen' | 'over' | 'too-old';

/** One episode after these reports. */
export interface Followed {
  episode: Episode;
  /** Differs from what is stored. */
  write: boolean;
  /** It fired and has no incident yet, or none any more. */
  joins: boolean;
  /** It has an incident, and a report said something worse of it. */
  raised: boolean;
  /** Incidents in which one of its stored episodes turned from firing to resolved. */
  clearedIn: string[];
  /** When it was reported to fire on after its incident had ended, so that it left that one; else null. */
  anewAt: number | null;
  /** It fires, its incident has ended, and until then nobody hears of it; else null. */
  quietUntil: number | null;
  /** It came as a symptom of that incident, and has until then to clear. */
  settles?: true;
  /** It comes and goes: what its incident is told of it. */
  flapped?: NoiseEvents['alertFlapped'];
  told: { told: Told; verdict: Verdict }[];
}

interface About {
  ladder: Ladder;
  newId(): string;
  groupKey?(alert: Alert, at: number): string;
}

/** A repeat storm must stay cheap: `lastSeenAt` is written only when it is this much newer. */
const seenAgainMs = 60_000;
const firingKept = 16;

/**
 * Follows one alert: `stored` are its episodes in order of their start, `told` the new reports. Nothing is changed in
 * place. `gone` are ids of episodes that turned out to be part of another.
 */
export function follow(
  stored: readonly Episode[],
  told: readonly Told[],
  about: About,
): { followed: Followed[]; gone: string[] } {
  const readings = read(stored, told);
  const first = told[0] as Told;
  const [only] = readings;
  // What a storm is made of: heard of once, firing, never before.
  if (stored.length === 0 && told.length === 1 && only?.kind === 'firing') {
    const stretch = { firing: [only.to], clearFrom: null, startedAt: only.to, endedAt: null };
    return { followed: [after(stretch, stored, first.alert, told, first, about)], gone: [] };
  }
  const stretches = unite(...evidence(stored, readings));
  const claims = stretches.map((): Episode[] => []);
  const parents = stretches.map((): Episode | null => null);
  for (const episode of stored) {
    const own = locate(stretches, episode.startedAt);
    claims[own]?.push(episode);
    for (const at of [...episode.reported.firing, episode.endedAt ?? episode.startedAt]) {
      const other = locate(stretches, at);
      if (other !== own) parents[other] ??= episode;
    }
  }
  const heard = stretches.map((): Told[] => []);
  const tooOld: Told[] = [];
  for (const [i, reading] of readings.entries()) {
    const report = told[i] as Told;
    if (reading.kind === 'too-old') tooOld.push(report);
    else heard[locate(stretches, reading.to)]?.push(report);
  }
  const followed: Followed[] = [];
  for (const [i, stretch] of stretches.entries()) {
    const own = claims[i] as Episode[];
    const reports = heard[i] as Told[];
    const parent = parents[i] ?? null;
    if (own.length === 1 && reports.length === 0 && sameSpan(own[0] as Episode, stretch)) continue;
    followed.push(after(stretch, own, parent ?? first.alert, reports, first, about));
  }
  if (tooOld.length > 0) {
    const told = tooOld.map((report) => ({ told: report, verdict: 'too-old' as const }));
    const episode = stored[0] as Episode;
    const nothing = { write: false, joins: false, raised: false, clearedIn: [], anewAt: null, quietUntil: null };
    followed.push({ episode, ...nothing, told });
  }
  return { followed, gone: claims.flatMap((own) => own.slice(1).map((episode) => episode.id)) };
}

function evidence(stored: readonly Episode[], readings: readonly Reading[]): [number[], Interval[]] {
  const firing: number[] = [];
  const cleared: Interval[] = [];
  for (const { reported, endedAt } of stored) {
    firing.push(...reported.firing);
    if (reported.clearFrom !== null && endedAt !== null) cleared.push({ from: reported.clearFrom, to: endedAt });
  }
  for (const reading of readings) {
    if (reading.kind === 'firing') firing.push(reading.to);
    else if (reading.kind === 'cleared') cleared.push(reading);
  }
  return [firing, cleared];
}

const sameSpan = (episode: Episode, stretch: Stretch): boolean =>
  episode.startedAt === stretch.startedAt &&
  episode.endedAt === stretch.endedAt &&
  episode.reported.clearFrom === stretch.clearFrom &&
  String(episode.reported.firing) === String(bound(stretch.firing));

const bound = (firing: number[]): number[] =>
  firing.length <= firingKept ? firing : [firing[0] as number, ...firing.slice(1 - firingKept)];

function after(
  stretch: Stretch,
  own: readonly Episode[],
  from: Episode | Alert,
  reports: readonly Told[],
  first: Told,
  about: About,
): Followed {
  const stored = own[0] ?? null;
  const incidentId = own.find((episode) => episode.incidentId !== null)?.incidentId ?? null;
  // A firing report describes an alert better than its end does.
  const firing = reports.find(({ alert }) => alert.status === 'firing');
  const groupKey = (alert: Alert): string => {
    const report = [firing, reports[0], first].find((each) => each?.alert === alert);
    return report && about.groupKey ? about.groupKey(alert, report.receivedAt) : groupKeyOf(alert);
  };
  const known = incidentId === null ? undefined : own.find((episode) => episode.incidentId !== null);
  const source = known ?? firing?.alert ?? stored ?? reports[0]?.alert ?? from;
  let { severity, labels } = source;
  let said: Evidence | null = null;
  let raisedBy: Told | null = null;
  let lastSeenAt = Math.max(...own.map((episode) => episode.lastSeenAt), 'lastSeenAt' in from ? from.lastSeenAt : 0);
  const seenBefore = stored?.lastSeenAt ?? 0;
  for (const report of reports) {
    if (report.alert.silentSince === undefined) lastSeenAt = Math.max(lastSeenAt, report.receivedAt);
    if (report.alert === source) continue;
    const now = evidenceOf(report.alert, about.ladder);
    said ??= evidenceOf(source, about.ladder);
    if (!worse(said, now)) continue;
    raisedBy = report;
    if (worse({ ...said, compromise: true }, now)) severity = report.alert.severity;
    labels = { ...labels, ...report.alert.labels };
    said = evidenceOf({ ...source, severity, labels, name: source.name }, about.ladder);
    said = { ...said, compromise: said.compromise || now.compromise };
  }
  const last = reports.findLast(({ alert }) => alert.status === 'firing')?.alert;
  const expiresAt = last ? last.expiresAt : stored?.expiresAt;
  const damped = stretch.endedAt === null ? undefined : own.find((episode) => episode.damped)?.damped;
  const fired = stretch.firing.length > 0;
  const spanned = stored !== null && own.length === 1 && sameSpan(stored, stretch);
  const runsOut = tooSoon(stored?.expiresAt, expiresAt, lastSeenAt);
  const write = !spanned || raisedBy !== null || runsOut || lastSeenAt > seenBefore + seenAgainMs;
  const episode: Episode = {
    id: stored?.id ?? about.newId(),
    source: source.source,
    fingerprint: source.fingerprint,
    incidentId,
    state: stretch.endedAt === null ? 'firing' : 'resolved',
    startedAt: stretch.startedAt,
    endedAt: stretch.endedAt,
    reported: { firing: bound(stretch.firing), clearFrom: stretch.clearFrom },
    lastSeenAt: write ? lastSeenAt : seenBefore,
    ...(stored?.held && { held: stored.held }),
    ...(damped && { damped }),
    ...(expiresAt !== undefined && stretch.endedAt === null && { expiresAt }),
    name: source.name,
    summary: source.summary,
    service: source.service,
    host: source.host,
    severity,
    groupKey: 'groupKey' in source ? source.groupKey : groupKey(source),
    labels,
    annotations: source.annotations,
    links: source.links,
  };
  const joins = fired && incidentId === null;
  const raised = raisedBy !== null && incidentId !== null;
  const clearedIn =
    stretch.endedAt === null ? [] : own.flatMap((e) => (e.state === 'firing' && e.incidentId ? [e.incidentId] : []));
  return {
    episode,
    write,
    joins,
    raised,
    clearedIn,
    anewAt: null,
    quietUntil: null,
    told: verdicts(reports, { joins, own, fired, cleared: clearedIn.length > 0, raisedBy: raised ? raisedBy : null }),
  };
}

/** Whether what is stored is out of date: sooner than that, a fifth of what was promised is not worth a write. */
const tooSoon = (stored: number | undefined, now: number | undefined, at: number): boolean =>
  stored !== now && (stored === undefined || now === undefined || now < stored || stored - at < (now - at) * 0.8);

function verdicts(
  reports: readonly Told[],
  now: { joins: boolean; own: readonly Episode[]; fired: boolean; cleared: boolean; raisedBy: Told | null },
): Followed['told'] {
  const wasOver = now.own.length > 0 && now.own.every((episode) => episode.state === 'resolved');
  let joined = !now.joins;
  let ended = !(now.cleared || now.joins);
  let seen = now.fired || now.own.length > 0;
  return reports.map((told) => {
    const say = (verdict: Verdict) => ({ told, verdict });
    if (told === now.raisedBy) return say('raised');
    if (told.alert.status === 'firing') {
      if (!joined) {
        joined = true;
        return say('joins');
      }
      return say(wasOver && !now.joins ? 'over' : 'repeat');
    }
    if (!ended) {
      ended = true;
      return say('resolved');
    }
    if (!seen) {
      seen = true;
      return say('unseen');
    }
    return say('repeat');
  });
}
