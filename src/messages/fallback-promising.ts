import { strong, time } from './card.js';
import { addressedOr, due, type Lines, say, who } from './fallback-updates.js';
import type { PromisingValues } from './values-promising.js';
import { formatDuration } from './zones.js';

/** What must be told even when the template cannot. */
export const promisingEssentials: { [N in keyof PromisingValues]: (values: PromisingValues[N]) => Lines } = {
  'update-chased': (v) => [
    say(
      v.everybody ? 'A word to everybody is owed since ' : 'A status update is owed since ',
      time(v.dueAt),
      ` (${formatDuration(v.lateMs)})`,
    ),
    say('Draft: ', v.draft),
  ],
  'publish-due': (v) => [
    say(addressedOr(v.person), ', everybody is promised the next word at ', time(v.dueAt)),
    say('Draft: ', v.draft),
  ],
  published: (v) => [
    say('Everybody reads now, by ', who(v.by), ': ', v.headline),
    say(v.words),
    ...due('Next: ', v.nextAt),
  ],
  'public-update': (v) => [say('Status: ', v.status), say(v.words), ...due('Next update: ', v.nextAt)],
  'executive-brief': (v) => [
    say('Status: ', v.status),
    say('Impact: ', v.impact ?? 'not stated yet'),
    v.expectedAt === null ? say('Expected back: not known yet') : say('Expected back: ', time(v.expectedAt, 'date')),
    ...(v.decision === null ? [] : [say(strong('Decision needed: '), v.decision)]),
  ],
};
