import { hash } from '../alerts/hash.js';
import type { Quiet } from '../alerts/quiet/steering.js';
import { literal } from '../messages/literal.js';
import { formatTime } from '../messages/zones.js';
import { called, holderOf, type Silence } from './silence.js';
import { nextOf, type Occurrence, occurrences, type Window } from './window.js';

/** What the answers follow from; another object whenever something of it has changed. */
export interface DeskBasis {
  silences: readonly Silence[];
  windows: readonly Window[];
  /** How many alerts that fire each holder keeps quiet. */
  held: ReadonlyMap<string, number>;
  /** Service -> tier, 1 the most important. */
  tiers: Readonly<Record<string, number>>;
  /** Every service of the catalogue, by all its names. */
  services: ReadonlyMap<string, string>;
  /** Names of senders. */
  sources: readonly string[];
  names: ReadonlyMap<string, string>;
}

/** What is kept quiet, and until when. */
export interface QuietDesk extends Pick<DeskBasis, 'tiers' | 'services' | 'sources'> {
  standing(now: number): readonly Quiet[];
  /** Those that hold or are to come, by number. */
  silences(): readonly Silence[];
  /** Windows of the configuration. */
  windows(now: number): { window: Window; current: Occurrence | null; next: Occurrence | null }[];
  /** How many alerts that fire it keeps quiet, as of the last look. */
  held(by: string): number;
}

const followedMs = 2 * 86_400_000;
const hourMs = 3_600_000;
const reasonKept = 200;

const holders = new WeakMap<Window, string>();

/** A window that was changed holds as another one. */
export function holderOfWindow(window: Window): string {
  const known = holders.get(window);
  if (known !== undefined) return known;
  const by = `maintenance/${window.name}/${hash([window]).slice(0, 12)}`;
  holders.set(window, by);
  return by;
}

export function openDesk(basis: () => DeskBasis): QuietDesk {
  return {
    standing: (now) => standingOf(basis(), now),
    silences: () => basis().silences,
    windows: (now) =>
      basis().windows.map((window) => {
        const current = currentOf(window, now);
        const next = nextOf(window, now, { many: 5 }).find(({ fromAt }) => fromAt > now) ?? null;
        return { window, current, next };
      }),
    held: (by) => basis().held.get(by) ?? 0,
    get tiers() {
      return basis().tiers;
    },
    get services() {
      return basis().services;
    },
    get sources() {
      return basis().sources;
    },
  };
}

/** What keeps alerts quiet at an instant. */
export function standingOf(
  { silences, windows, names }: Pick<DeskBasis, 'silences' | 'windows' | 'names'>,
  now: number,
) {
  const standing: Quiet[] = [];
  for (const silence of silences) {
    const { fromAt, untilAt, endedAt, setBy, because, what } = silence;
    if (endedAt !== null || fromAt > now || untilAt <= now) continue;
    const by = literal(names.get(setBy) ?? setBy, 80);
    const why = `${called(silence)} by ${by} until ${formatTime(untilAt, 'UTC', 'date')}: ${literal(because, reasonKept)}`;
    standing.push({ by: holderOf(silence), why, until: untilAt, what });
  }
  for (const window of windows) {
    const current = currentOf(window, now);
    if (!current) continue;
    const until = formatTime(current.untilAt, 'UTC', 'date');
    const why = `maintenance ${window.name} until ${until}: ${literal(window.because, reasonKept)}`;
    standing.push({ by: holderOfWindow(window), why, until: current.untilAt, what: [window.what] });
  }
  return standing;
}

const followed = new WeakMap<Window, { fromAt: number; untilAt: number; found: Occurrence[] }>();

/** The one that holds at an instant; of several that overlap the one that ends last. */
function currentOf(window: Window, now: number): Occurrence | null {
  let known = followed.get(window);
  if (!known || now < known.fromAt || now >= known.untilAt) {
    const span = { fromAt: now - hourMs, untilAt: now + followedMs };
    known = { ...span, found: occurrences(window, span.fromAt, span.untilAt) };
    followed.set(window, known);
  }
  let last: Occurrence | null = null;
  for (const each of known.found) {
    if (each.fromAt <= now && now < each.untilAt && each.untilAt > (last?.untilAt ?? 0)) last = each;
  }
  return last;
}
