import { formatDuration } from '../messages/zones.js';
import type { Concern, PlaybookQuality, StepQuality } from './playbook-quality.js';
import { count } from './write.js';

type NameOf = (personId: string) => string;
/** A whole day, with its year: it may be long ago. */
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const words: { [K in Concern['kind']]: (concern: Extract<Concern, { kind: K }>, nameOf: NameOf) => string } = {
  untried: () => 'nobody has ever walked it',
  'never finished': ({ walks }) => `begun ${count(walks, 'time')}, never walked to its end`,
  'one person': ({ personId }, nameOf) => `only ${nameOf(personId)} has ever walked it`,
  'no review': () => 'nobody says when it was reviewed',
  'review overdue': ({ dueAt }) => `its review was due on ${day(dueAt)}`,
  'not tried lately': ({ lastAt }) => `not walked since ${day(lastAt)}`,
  'changed since tried': ({ lastAt }) => `changed since it was last walked, on ${day(lastAt)}`,
  'often skipped': ({ step, times, of }) => `“${step}” was skipped ${times} of ${of} times`,
  'often fails': ({ step, times, of }) => `“${step}” failed ${times} of ${of} times`,
};

/** One thing that keeps it from being relied on; begins with a small letter, ends without a full stop. */
export const concernWords = (concern: Concern, nameOf: NameOf): string =>
  (words[concern.kind] as (concern: Concern, nameOf: NameOf) => string)(concern, nameOf);

/** How often it was walked and by how many. */
export const walkedWords = ({ walks, drills, finished, walkers, lastAt }: PlaybookQuality): string =>
  lastAt === null
    ? 'never walked'
    : `walked ${count(walks, 'time')} (${drills === 0 ? '' : `${count(drills, 'drill')} among them, `}${finished} to the end) by ${count(walkers.length, 'person', 'people')}, last on ${day(lastAt)}`;

/** What became of a step. */
export function stepWords({ done, skipped, failed, reasons, medianMs }: StepQuality): string {
  if (done + skipped + failed === 0) return 'never come to';
  const why =
    reasons.length === 0
      ? ''
      : ` (${reasons.map(({ reason, times }) => (times > 1 ? `${reason}, ${times} times` : reason)).join('; ')})`;
  return [
    `done ${done}${medianMs === null ? '' : `, usually in ${formatDuration(medianMs)}`}`,
    ...(skipped > 0 ? [`skipped ${skipped}${why}`] : []),
    ...(failed > 0 ? [`failed ${failed}`] : []),
  ].join(' · ');
}
