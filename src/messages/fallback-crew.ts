import { time } from './card.js';
import { addressedOr, type Lines, say, who } from './fallback-updates.js';
import type { CrewValues } from './values-crew.js';

/** The same for tasks, handing over and roles that could be given away. */
export const crewEssentials: { [N in keyof CrewValues]: (values: CrewValues[N]) => Lines } = {
  'task-given': (v) => [say('Task ', v.task, ' for you, by ', who(v.by), ': ', v.text), say('Back by ', time(v.dueAt))],
  'task-overdue': (v) => [
    say('Task ', v.task, ' of ', who(v.person), ': ', v.text),
    say('Its time was over at ', time(v.dueAt), '. What came of it?'),
  ],
  'task-ended': (v) => [
    say('Task ', v.task, ' (', v.text, ') ', v.outcome, ' by ', who(v.by)),
    ...(v.said === null ? [] : [say(v.said)]),
  ],
  'handover-proposed': (v) => [
    say('You could hand over now', ...(v.to === null ? [] : [' to ', who(v.to)]), ': /incident handover @who'),
  ],
  'handover-offered': (v) => [
    say(who(v.from), ' hands over to you: ', v.roles),
    ...v.lines.slice(0, 20).map((each) => say(each)),
    say('Accept: /incident handover accept'),
  ],
  'handover-waits': (v) => [
    v.to === null
      ? say('Nobody has taken over, and nobody is left to ask: ', v.roles)
      : say(who(v.to), ' (', v.because, ') is asked now to take over: ', v.roles),
  ],
  'handover-declined': (v) => [say(who(v.by), ' has declined to take over: ', v.reason)],
  'handover-withdrawn': (v) => [say(who(v.by), ' has taken the handover back')],
  'handover-accepted': (v) => [say(addressedOr(v.by), ' has taken over from ', who(v.from), ': ', v.roles)],
  'role-offered': (v) => [say(who(v.person), ' is there now, and could have the role of ', v.role)],
};
