import type { Command } from '../incident/commands.js';
import { type Incident, isOpen } from '../incident/state.js';
import type { Episode, Receipt } from './alert.js';
import type { PassedOver, Telling } from './source.js';
import { line } from './words.js';

type Outcome = Receipt['outcomes'][number];

const textAtMost = 2_500;
const nameAtMost = 200;
/** A service rarely has more; a change of something that is everywhere need not fill every timeline. */
const incidentsTold = 10;

/** What to load before it can be said whom a request's words concern; both of the request's own source. */
export function keysToTell(source: string, tells: Telling | undefined) {
  if (!tells) return {};
  if ('fingerprint' in tells.of) return { episode: { source, fingerprint: tells.of.fingerprint } };
  return tells.of.service === null ? {} : { group: `service:${tells.of.service}` };
}

/** Whether it concerns what is open of a service, also where people declared it. */
export const tellsOfService = ({ passedOver }: { passedOver?: PassedOver }): boolean =>
  passedOver?.tells !== undefined && 'service' in passedOver.tells.of;

/**
 * What was understood and is no alert, as its receipt will say, and the note for the incidents it is about: those that are
 * open now. `episodes`: of its source and fingerprint.
 */
export function tell(
  { name, why, tells }: PassedOver,
  { episodes, incidents }: { episodes: readonly Episode[]; incidents: readonly Incident[] },
): { outcome: Outcome; commands: { incident: Incident; command: Command }[] } {
  const outcome: Outcome = { fingerprint: '', name: line(name, nameAtMost), outcome: 'ignored', incidentId: null, why };
  if (!tells) return { outcome, commands: [] };
  const { of } = tells;
  const open = incidents.filter(isOpen);
  const latest = episodes
    .filter(({ incidentId }) => incidentId !== null)
    .reduce<Episode | null>((last, each) => (last && last.startedAt > each.startedAt ? last : each), null);
  const told =
    'fingerprint' in of
      ? open.filter(({ id }) => id === latest?.incidentId)
      : open.filter(({ services }) => of.service !== null && services.includes(of.service));
  const unique = [...new Map(told.map((incident) => [incident.id, incident])).values()].slice(0, incidentsTold);
  const [first] = unique;
  const later = tells.change && 'service' in of && of.service !== null ? '; what begins there within 2 h says so' : '';
  if (!first) return { outcome: { ...outcome, why: `${why}; no open incident is about it${later}` }, commands: [] };
  return {
    outcome: { ...outcome, outcome: 'attached', incidentId: first.id, why: `noted on what is open, "${first.title}"` },
    commands: unique.map((incident) => ({
      incident,
      command: { type: 'addNote', text: line(tells.text, textAtMost) },
    })),
  };
}
