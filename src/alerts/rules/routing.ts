import type { Incident } from '../../incident/state.js';
import { isOpen } from '../../incident/state.js';
import type { Alert } from '../alert.js';
import { groupKeyOf } from '../group.js';
import type { Steered, Steering } from '../steer.js';
import { type AboutTests, type Fits, fitsOf, type Tested } from './fits.js';
import { keyBy } from './grouping.js';
import { placesOf, placeWithin } from './places.js';
import type { IntakeRule, IntakeRules } from './rule.js';

interface Compiled {
  rule: IntakeRule;
  when: Fits;
  unless: Fits | null;
}

/** The rules of one configuration, ready to be asked. */
export interface Routing {
  rules: Steering;
  /** Where a group goes whose last alert came too long ago; asked after all that says more. */
  windows: Steering;
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
    rules: {
      groups: (alert) =>
        compiled.flatMap(({ rule, when }) =>
          rule.outcome.kind === 'attach' && when.but(alert) ? [ofService(rule.outcome.service)] : [],
        ),
      steer(episode, { now, incidents }) {
        const found = first(episode, now);
        return found && wordOf(found, now, incidents);
      },
    },
    windows: {
      last: true,
      groups: (alert, at) => (windows ? placesOf(groupKey(alert, at)) : []),
      steer(episode, { now, incidents }) {
        const own = windows ? (first(episode, now)?.rule.group ?? group) : null;
        return own?.windowMs ? placeWithin(episode.groupKey, own.windowMs, now, incidents) : null;
      },
    },
  };
}

const ofService = (service: string): string => groupKeyOf({ service, source: '', groupHint: '' });

function wordOf({ rule, when, unless }: Compiled, now: number, incidents: readonly Incident[]): Steered | null {
  const { outcome: then, name, because } = rule;
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
