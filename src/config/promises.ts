import type { Pace } from '../incident/cadence.js';
import type { AudienceRule, Policy, SeverityPolicy } from '../incident/state.js';
import type { Preset } from './config.js';
import type { ConfigFile } from './file.js';
import { everybodyOf } from './members.js';
import type { GivenPace } from './sections/promises.js';

/** As a pace by status; undefined: it is not said. */
const paceOf = (given: GivenPace | undefined): Pace | undefined =>
  given === undefined
    ? undefined
    : typeof given === 'object' && given !== null
      ? withoutUnsaid(given)
      : { investigating: given };

const withoutUnsaid = (given: Pace): Pace =>
  Object.fromEntries(Object.entries(given).filter(([, every]) => every !== undefined));

/** How often a severity promises updates, where the file says it. */
export function cadenceOf(
  given: GivenPace | undefined,
  usual: Pick<SeverityPolicy, 'updateEveryMs'>,
): Pick<SeverityPolicy, 'updateEveryMs' | 'updateEveryIn'> {
  const pace = paceOf(given);
  if (pace === undefined) return { updateEveryMs: usual.updateEveryMs };
  const { investigating = usual.updateEveryMs, ...others } = pace;
  return { updateEveryMs: investigating, ...(Object.keys(others).length > 0 && { updateEveryIn: others }) };
}

/** What the file says of audiences and promises, as an incident keeps it. */
export function promisesOf(file: ConfigFile): Pick<Policy, 'audiences' | 'climbEveryMs' | 'subscriptions'> {
  const audiences = Object.entries(file.audiences).map(
    ([name, { services, severities, kind, every, hears }]): AudienceRule => {
      const pace = paceOf(every);
      return {
        name,
        ...(services && { services }),
        ...(severities && { severities }),
        ...(kind !== 'stakeholders' && { kind }),
        ...(pace && { every: pace }),
        ...(hears && { hears }),
      };
    },
  );
  return {
    ...(audiences.length > 0 && { audiences }),
    ...(file['climb-every'] !== undefined && { climbEveryMs: file['climb-every'] }),
    ...(file.mail !== undefined && { subscriptions: true }),
  };
}

/** Who gets mail without asking for it. */
export const presetsOf = (file: ConfigFile | null): Preset[] =>
  (file?.subscriptions ?? []).map(({ for: people, services = null }) => ({
    people: file === null ? [] : everybodyOf(file, people),
    services,
  }));
