import type { Judgement } from '../incident/severity.js';
import type { Incident } from '../incident/state.js';
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
  /** In words, for its receipt and for `muster plan`. */
  why: string;
}

/** One reason to send alerts elsewhere: silences, rules, dependencies. Pure. */
export interface Steering {
  /** Group keys whose incident has to be known before one can say. `at`: when it was reported. */
  groups?(alert: Alert, at: number): readonly string[];
  /** null: it has no word. `incidents`: of the alert's own group and of `groups`. */
  steer(episode: Episode, about: { now: number; incidents: readonly Incident[] }): Steered | null;
}

/** A suspected compromise is never kept quiet, nor taken for part of something else; how grave it is may be raised. */
function heard({ why, atLeast, weightless }: Steered): Steered {
  return {
    why: `${why}; this may be a compromise, which is heard all the same`,
    ...(atLeast && !weightless && { atLeast }),
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
  about: { now: number; incidents: readonly Incident[] },
): Map<Followed, Steered> {
  const steered = new Map<Followed, Steered>();
  const wordOn = (episode: Episode): Steered | null => {
    for (const each of steering) {
      const word = each.steer(episode, about);
      if (!word) continue;
      const kept = word.hold ?? word.groupKey ?? word.weightless;
      return kept !== undefined && compromiseOf(episode.labels, episode.name) ? heard(word) : word;
    }
    return null;
  };
  for (const own of followed) {
    const { episode } = own;
    if (!own.joins) {
      if (episode.incidentId !== null) delete episode.held;
      const { why, atLeast, weightless, hold } = (own.raised && wordOn(episode)) || { why: null };
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
    const word = wordOn(episode);
    if (!word) continue;
    steered.set(own, word);
    if (!word.hold) continue;
    own.joins = false;
    own.write ||= JSON.stringify(before) !== JSON.stringify(word.hold);
    episode.held = word.hold;
  }
  return steered;
}
