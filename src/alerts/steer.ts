import type { Incident } from '../incident/state.js';
import type { Alert, Episode, Held } from './alert.js';
import type { Followed } from './follow.js';

/** Where an alert goes that would join an incident, when not where its group goes. */
export interface Steered {
  /** It joins none, and nobody is told. */
  hold?: Held;
  /** It goes where this group goes. */
  groupKey?: string;
  /** In words, for its receipt and for `muster plan`. */
  why: string;
}

/** One reason to send alerts elsewhere: silences, rules, dependencies. Pure. */
export interface Steering {
  /** Group keys whose incident has to be known before one can say. */
  groups?(alert: Alert): readonly string[];
  /** null: it has no word. `incidents`: of the alert's own group and of `groups`. */
  steer(episode: Episode, about: { now: number; incidents: readonly Incident[] }): Steered | null;
}

/**
 * Asks the steerings about each episode that would join. One that is held joins nothing: its `held` says why; one that
 * had been held and has cleared stays so, and nobody hears of it. What is held no more joins as if it were new.
 */
export function steer(
  followed: readonly Followed[],
  steering: readonly Steering[],
  about: { now: number; incidents: readonly Incident[] },
): Map<Followed, Steered> {
  const steered = new Map<Followed, Steered>();
  for (const own of followed) {
    const { episode } = own;
    if (!own.joins) {
      if (episode.incidentId !== null) delete episode.held;
      continue;
    }
    if (episode.held && episode.state === 'resolved') {
      own.joins = false;
      continue;
    }
    delete episode.held;
    let word: Steered | null = null;
    for (const each of steering) {
      word = each.steer(episode, about);
      if (word) break;
    }
    if (!word) continue;
    steered.set(own, word);
    if (!word.hold) continue;
    own.joins = false;
    own.write = true;
    episode.held = word.hold;
  }
  return steered;
}
