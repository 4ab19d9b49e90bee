import type { Incident } from '../../incident/state.js';
import { isOpen } from '../../incident/state.js';
import type { Alert, Episode } from '../alert.js';
import { groupKeyOf } from '../group.js';
import type { Steered, Steering } from '../steer.js';
import { type AboutTests, type Fits, fitsOf, type Tested } from './fits.js';
import { keyBy } from './grouping.js';
import { placesOf, placeWithin } from './places.js';
import type { Grouping, IntakeRule, IntakeRules } from './rule.js';

interface Compiled {
  rule: IntakeRule;
  when: Fits;
  unless: Fits | null;
}

/** The rules of one configuration, ready to be asked. */
export interface Routing extends Steering {
  /** What an alert that comes at this time is grouped by. */
  groupKey(alert: Alert, at: number): string;
}

/** Compiles once; asking is pure. @throws on a pattern that is none. */
export function routingOf({ rules, group }: Pick<IntakeRules, 'rules' | 'group'>, about: AboutTests): Routing {
  const compiled = rules.map(
    (rule): Compiled => ({
      rule,
      when: fitsOf(rule.when, about),
      unless: rule.unless && fitsOf(rule.unless, about),
    }),
  );
  const first = (alert: Tested, at: number): Compiled | null =>
    compiled.find(({ when, unless }) => when.fits(alert, at) && !unless?.fits(alert, at)) ?? null;
  const windows = compiled.some(({ rule }) => rule.group?.windowMs) || Boolean(group?.windowMs);

  function groupKey(alert: Alert, at: number): string {
    const own = first(alert, at)?.rule.group ?? group;
    return own && own.keys.length > 0 ? keyBy(alert, own) : groupKeyOf(alert);
  }

  return {
    groupKey,
    groups: (alert, at) => [
      ...compiled.flatMap(({ rule, when }) =>
        rule.then.kind === 'attach' && when.but(alert) ? [ofService(rule.then.service)] : [],
      ),
      ...(windows ? placesOf(groupKey(alert, at)) : []),
    ],
    steer(episode, { now, incidents }) {
      const found = first(episode, now);
      const word = found && wordOf(found, now, incidents);
      if (word?.hold || word?.groupKey) return word;
      return within(episode, found?.rule.group ?? group, now, incidents, word);
    },
  };
}

const ofService = (service: string): string => groupKeyOf({ service, source: '', groupHint: '' });

function wordOf({ rule, when, unless }: Compiled, now: number, incidents: readonly Incident[]): Steered | null {
  const { then, name, because } = rule;
  const why = `${name}: ${because}`;
  switch (then.kind) {
    case 'usual':
      return { why };
    case 'open':
      return { atLeast: { severity: then.atLeast, reason: `${name} says at least ${then.atLeast}: ${because}` }, why };
    case 'open-as':
      return {
        atLeast: { severity: then.severity, reason: `${name} says ${then.severity}: ${because}` },
        weightless: true,
        why,
      };
    case 'queue':
      return {
        atLeast: { severity: 'sev3', reason: `${name} leaves it to the queue: ${because}` },
        weightless: true,
        why,
      };
    case 'ignore': {
      const ends = [when.until(now), unless?.until(now) ?? null].filter((each) => each !== null);
      return { hold: { as: 'ignored', why, until: ends.length > 0 ? Math.min(...ends) : null }, why };
    }
    case 'attach': {
      const groupKey = ofService(then.service);
      const open = incidents.some((each) => each.groupKey === groupKey && isOpen(each));
      return open ? { groupKey, why } : { why: `${why}; nothing is open of ${then.service}, so it goes its usual way` };
    }
  }
}

/** A group with a window may have more than one incident open, each in a place of its own. */
function within(
  { groupKey }: Episode,
  group: Grouping | null,
  now: number,
  incidents: readonly Incident[],
  word: Steered | null,
): Steered | null {
  if (!group?.windowMs) return word;
  const place = placeWithin(groupKey, group.windowMs, now, incidents);
  if (place.groupKey === groupKey) return word;
  return { ...word, groupKey: place.groupKey, why: [word?.why, place.why].filter(Boolean).join('; ') };
}
