import { type Inline, strong, text, time } from './card.js';
import { literal } from './literal.js';
import type { Person } from './values.js';
import type { UpdateValues } from './values-updates.js';
import { formatDuration } from './zones.js';

export type Part = string | number | Inline;
export type Lines = Part[][];

export const say = (...parts: Part[]): Part[] => parts;
const person = ({ personId, name }: Person, notify: boolean): Inline =>
  personId === '' ? text(literal(name)) : { kind: 'person', personId, name: literal(name), notify };
export const who = (by: Person | null): Inline => (by === null ? text('Muster') : person(by, false));
export const addressed = (whom: Person): Inline => person(whom, true);
export const addressedOr = (whom: Person | null): Inline => (whom === null ? text('everybody here') : addressed(whom));
export const list = (all: readonly string[]): string => {
  const shown = all.slice(0, 10).map((each) => literal(each, 200));
  return `${shown.join(', ') || 'none'}${all.length > shown.length ? ` and ${all.length - shown.length} more` : ''}`;
};
export const due = (label: string, at: number | null): Lines => (at === null ? [] : [say(label, time(at))]);

/** The same for what is said around status updates. */
export const updateEssentials: { [N in keyof UpdateValues]: (values: UpdateValues[N]) => Lines } = {
  'status-update': (v) => [
    ...(v.automatic ? [say(strong('Automatic update'))] : []),
    say('Status: ', v.status),
    ...(v.text === null ? [] : [say(v.text)]),
    say('What happened: ', v.happened),
    say(
      'What is impacted: ',
      v.impact ?? 'not stated yet',
      ...(v.impactAt === null ? [] : [' (said at ', time(v.impactAt), ')']),
    ),
    ...(v.workaround === null ? [] : [say('Workaround: ', v.workaround)]),
    ...(v.expectedAt === null ? [] : [say('Expected back: ', time(v.expectedAt, 'date'))]),
    say('What is being done: ', v.doing ?? 'not stated'),
    v.nextAt === null ? say('No further update is promised.') : say('Next update: ', time(v.nextAt)),
  ],
  'update-unchanged': (v) => [say('No change since ', time(v.sinceAt)), ...due('Next update: ', v.nextAt)],
  announcement: (v) => [
    say('An incident has been declared: ', v.severityReason),
    say('Services: ', list(v.services)),
    say('What is impacted: ', v.impact ?? 'not stated yet'),
    ...due('Next update: ', v.nextAt),
  ],
  'update-due-soon': (v) => [
    say(addressedOr(v.person), ', the next status update is due ', time(v.dueAt)),
    say('Draft: ', v.draft),
  ],
  'update-overdue': (v) => [say(addressedOr(v.person), ', a status update is owed since ', time(v.dueAt))],
  'update-asked': (v) => [
    say(addressedOr(v.person), ', this changed and stakeholders do not know yet: ', list(v.changed)),
    say('Draft: ', v.draft),
  ],
  'long-proposed': (v) => [
    say(
      'Open for ',
      formatDuration(v.openForMs),
      v.longEveryMs === v.everyMs ? '. Take turns.' : `. Proposed: updates every ${formatDuration(v.longEveryMs)}`,
    ),
  ],
  'long-mode': (v) => [
    say('A long incident: updates come every ', formatDuration(v.everyMs)),
    ...due('Next update: ', v.nextAt),
  ],
  'long-over': (v) => [
    say('Updates come every ', formatDuration(v.everyMs), ' again'),
    ...due('Next update: ', v.nextAt),
  ],
  workaround: (v) => [
    v.text === null
      ? say('There is no workaround any more, said by ', who(v.by), ' at ', time(v.at))
      : say('Workaround, said by ', who(v.by), ' at ', time(v.at), ': ', v.text),
  ],
  expected: (v) => [
    v.expectedAt === null
      ? say('When it works again is not known, said by ', who(v.by))
      : say('Expected back: ', time(v.expectedAt, 'date'), ', said by ', who(v.by)),
    ...(v.why === null ? [] : [say(v.why)]),
  ],
  'stakeholder-view': (v) => [
    say('Status: ', v.status),
    say('What is impacted: ', v.impact ?? 'not known yet'),
    say('Workaround: ', v.workaround ?? 'not known yet'),
    v.expectedAt === null ? say('Expected back: not known yet') : say('Expected back: ', time(v.expectedAt, 'date')),
    ...due('Next update: ', v.nextAt),
  ],
};
