import type { Judgement } from '../incident/severity.js';
import { type Incident, severities } from '../incident/state.js';
import type { Symptom } from '../incident/symptoms.js';
import type { Alert, Episode, Held } from './alert.js';
import { compromiseOf } from './evidence.js';
import type { Followed } from './follow.js';

/** Where an alert goes that would join an incident, when not where its group goes. */
export interface Steered {
  /** It joins none, and nobody is told. */
  hold?: Held;
  /** It goes where this group goes. */
  groupKey?: string;
  /** What it joins is at least as grave as this. */
  atLeast?: Judgement;
  /** What it says of itself does not count towards how grave that is. */
  weightless?: true;
  /** It goes there because what its service depends on fails. */
  symptom?: Symptom;
  /** It is one of too many, which go there together. */
  storm?: { source: string; overAfterMs: number };
  /** In words, for its receipt and for `muster plan`. */
  why: string;
}

/** What is known when an alert is asked about. */
export interface AboutSteering {
  now: number;
  /** Of the alert's own group and of those it named. */
  incidents: readonly Incident[];
  /** To a steering that is asked last: everything that would join by its own group, this one included. */
  joining?: readonly Episode[];
  /** What is stored of the same alert. */
  before?: readonly Episode[];
}

/** One reason to send alerts elsewhere: silences, rules, dependencies. Pure. */
export interface Steering {
  /** Group keys whose incident has to be known before one can say. `at`: when it was reported. */
  groups?(alert: Alert, at: number): readonly string[];
  /** Asked when the others have had their word on everything: it has to know what else comes. */
  last?: true;
  /** null: it has no word. */
  steer(episode: Episode, about: AboutSteering): Steered | null;
}

/** A suspected compromise is never kept quiet, nor taken for part of something else; how grave it is may be raised. */
function heard({ why, atLeast, weightless }: Steered): Steered {
  return {
    why: `${why}; this may be a compromise, which is heard all the same`,
    ...(atLeast && !weightless && { atLeast }),
  };
}

/** Where it goes is said by the first that says so; how grave it is, by all up to there. */
function both(before: Steered | null, now: Steered): Steered {
  if (!before) return now;
  const graver = [before.atLeast, now.atLeast].filter((each) => each !== undefined);
  const atLeast = graver.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))[0];
  return {
    ...now,
    ...(atLeast && { atLeast }),
    ...((before.weightless || now.weightless) && { weightless: true }),
    why: `${before.why}; ${now.why}`,
  };
}

/**
 * Asks the steerings about each episode that would join. One that is held joins nothing: its `held` says why; one that
 * had been held and has cleared stays so, and nobody hears of it. What is held no more joins as if it were new. One that
 * got worse where it is stays there: of its word only what it says about how grave that is counts.
 */
export function steer(
  followed: readonly Followed[],
  steering: readonly Steering[],
  about: { now: number; incidents: readonly Incident[]; before?(own: Followed): readonly Episode[] },
): Map<Followed, Steered> {
  const steered = new Map<Followed, Steered>();
  const { now, incidents } = about;
  const later = steering.some(({ last }) => last);
  const free: { own: Followed; before: Held | undefined }[] = [];
  const wordOn = (own: Followed, joining?: readonly Episode[]): Steered | null => {
    const { episode } = own;
    const known: AboutSteering = {
      now,
      incidents,
      ...(joining && { joining }),
      ...(about.before && { before: about.before(own) }),
    };
    let said: Steered | null = null;
    for (const each of steering) {
      if ((each.last ?? false) && !joining) continue;
      const word = each.steer(episode, known);
      if (!word) continue;
      const kept = word.hold ?? word.groupKey ?? word.weightless;
      said = both(said, kept !== undefined && compromiseOf(episode.labels, episode.name) ? heard(word) : word);
      if (said.hold || said.groupKey !== undefined) break;
    }
    return said;
  };
  const take = (own: Followed, word: Steered, before: Held | undefined): void => {
    steered.set(own, word);
    if (!word.hold) return;
    own.joins = false;
    own.write ||= JSON.stringify(before) !== JSON.stringify(word.hold);
    own.episode.held = word.hold;
  };
  for (const own of followed) {
    const { episode } = own;
    if (!own.joins) {
      if (episode.incidentId !== null) delete episode.held;
      const { why, atLeast, weightless, hold } = (own.raised && wordOn(own)) || { why: null };
      if (why !== null && !hold)
        steered.set(own, { why, ...(atLeast && { atLeast }), ...(weightless && { weightless }) });
      continue;
    }
    const before = episode.held;
    if (before && episode.state === 'resolved') {
      own.joins = false;
      continue;
    }
    delete episode.held;
    const word = wordOn(own);
    if (word && (!later || word.hold || word.groupKey !== undefined)) take(own, word, before);
    else if (later) free.push({ own, before });
  }
  // Those that nothing sent elsewhere: what is asked last has to know all of them.
  const joining = free.map(({ own }) => own.episode);
  for (const { own, before } of free) {
    const word = wordOn(own, joining);
    if (word) take(own, word, before);
  }
  return steered;
}
