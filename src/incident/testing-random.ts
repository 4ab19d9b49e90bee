import fc from 'fast-check';
import type { Command, CommandType } from './commands.js';
import { decide } from './decide.js';
import type { JobDraft } from './jobs.js';
import { type Actor, type Incident, isRefusal } from './state.js';
import { context, machine, minutes, person, Story, start } from './testing.js';
import { bodies, canary, playbooks } from './testing-commands.js';
import { randomOnCall } from './testing-escalations.js';
import { beside } from './testing-links.js';
import { timersOf } from './timers.js';

export { canary };

/** Of plain objects all the way down, as every way in makes them. */
const of = (type: CommandType): fc.Arbitrary<Command> =>
  (bodies[type] as fc.Arbitrary<object>).map((body) => structuredClone({ type, ...body }) as Command);
const any = fc.oneof(...(Object.keys(bodies) as CommandType[]).map(of));
/** Commands that make one part of the life go on rather than be refused. */
const themes: CommandType[][] = [
  ['changeSeverity', 'changeStatus', 'assignRole', 'addNote', 'stateImpact', 'addFollowUp', 'undo', 'undo', 'resolve'],
  ['switchPlaybook', 'next', 'done', 'done', 'answerCheck', 'fail', 'skip', 'rollBack', 'decideWay', 'back', 'approve'],
  [
    'next',
    'done',
    'answerCheck',
    'giveValues',
    'carryStep',
    'resolve',
    'close',
    'notePlaybookChanged',
    'adoptPlaybook',
  ],
  ['link', 'unlink', 'merge', 'unmerge', 'takeIn', 'split', 'giveUp', 'receive', 'attachAlerts', 'addFollowUp'],
  ['recordChannel', 'close', 'recordPostmortem', 'recordArchived', 'recordArchived', 'reopen', 'addNote'],
  ['attachPlaybook', 'next', 'done', 'done', 'skip', 'fail', 'back'],
  [
    'attachPlaybook',
    'switchPlaybook',
    'addPlaybook',
    'next',
    'done',
    'skip',
    'tickSubstep',
    'tickSubstep',
    'assignStep',
    'askHelp',
  ],
  ['switchPlaybook', 'next', 'done', 'approve', 'decline', 'assignRole', 'assignStep', 'extendStep', 'tickSubstep'],
  [
    'requestApproval',
    'requestApproval',
    'approve',
    'approve',
    'decline',
    'breakGlass',
    'assignRole',
    'resolve',
    'reopen',
  ],
  ['open', 'ownEntry', 'snooze', 'endSnooze', 'dismiss', 'reopen', 'resolveAlerts', 'addNote'],
  ['attachAlerts', 'resolveAlerts', 'changeSeverity', 'acknowledge', 'changeStatus', 'assignRole', 'releaseRole'],
  [
    'postUpdate',
    'addNote',
    'keepMessage',
    'keepMessage',
    'reviseMessage',
    'resolve',
    'reopen',
    'close',
    'recordPostmortem',
  ],
  ['losePlatform', 'regainPlatform', 'acknowledge', 'assignRole', 'postUpdate', 'recordChannel', 'close'],
  ['recordPage', 'recordPage', 'recordPage', 'recordUnreached', 'acknowledge', 'resolve', 'reopen'],
  ['page', 'escalate', 'acknowledge', 'acknowledge', 'attachAlerts', 'changeSeverity', 'addNote', 'reopen'],
  [
    'assignRole',
    'giveTask',
    'finishTask',
    'extendTask',
    'dropTask',
    'offerHandover',
    'acceptHandover',
    'declineHandover',
    'withdrawHandover',
    'addNote',
  ],
  ['publish', 'publish', 'postUpdate', 'assignRole', 'changeStatus', 'addNote', 'resolve', 'reopen', 'close'],
  ['startLong', 'stateImpact', 'stateWorkaround', 'expectReturn', 'endLong', 'changeSeverity', 'postUpdate'],
  [
    'noteChanges',
    'countStorm',
    'countStorm',
    'endStorm',
    'noteFlapping',
    'offerSplit',
    'attachAlerts',
    'resolve',
    'reopen',
  ],
];

export interface Asking {
  command: Command;
  actor: Actor;
  /** Time passed since the one before. */
  gapMs: number;
}
const asking = (command: fc.Arbitrary<Command>): fc.Arbitrary<Asking> =>
  fc.record({
    command,
    actor: fc.oneof(fc.constantFrom('ann', 'ben').map(person), fc.constant(machine)),
    gapMs: fc.oneof(fc.constantFrom(0, 1, minutes(5), minutes(30)), fc.nat(minutes(200))),
  });

const by = (personId: string, command: Command): Asking => ({ command, actor: person(personId), gapMs: 1 });
const done = (step: number): Asking => by('ben', { type: 'done', evidence: 'host=web-1', step });
/** Ben walks a playbook and Ann commands. */
const walks = (hash: string): Asking[] => [
  by('ben', { type: 'switchPlaybook', hash, reason: canary }),
  by('ann', { type: 'assignRole', role: 'commander', personId: 'ann' }),
  by('ben', { type: 'next' }),
  done(0),
];
const agrees = by('ann', { type: 'approve' });

const handsOver: Asking[] = [
  by('ann', { type: 'assignRole', role: 'commander', personId: 'ann' }),
  by('ann', { type: 'giveTask', text: canary, personId: 'ben', forMs: minutes(5) }),
  by('ann', { type: 'offerHandover', to: 'ben', roles: null, note: canary }),
];
const waitsForAnn = walks('watched');
const repairs: Asking[] = [...walks('gated'), agrees, done(1), done(2), done(3)];
const answers = by('ben', { type: 'answerCheck', yes: true, said: canary });
const later = (asking: Asking): Asking => ({ ...asking, gapMs: minutes(21) });

const message = { platform: 'home', channel: 'C1', message: 'm1' };

/** How far it has come before chance takes over, where a story of chance alone seldom comes to. */
const openings: Record<string, Asking[]> = {
  'Ben is called by name and answers': [
    by('ann', { type: 'acknowledge' }),
    by('ann', { type: 'page', people: [{ personId: 'ben', because: 'called by name' }], reason: null }),
    by('ben', { type: 'acknowledge' }),
  ],
  'a step waits for the agreement of Ann': waitsForAnn,
  'Ann does not agree': [...waitsForAnn, by('ann', { type: 'decline', reason: canary })],
  'Ann agrees, and Ben ticks what a step is made of': [
    ...waitsForAnn,
    agrees,
    done(1),
    by('ben', { type: 'tickSubstep', substep: 0, ticked: true }),
  ],
  'steps are in hand at once': walks('gated'),
  'the text of a playbook has changed meanwhile': [
    ...walks('gated'),
    by('ann', { type: 'notePlaybookChanged', hash: 'gated', newer: 'gated2' }),
    by('ann', { type: 'adoptPlaybook', newer: 'gated2' }),
  ],
  'Ben corrects what he found, and it is to be decided which way to go': [
    ...repairs,
    by('ben', { type: 'giveValues', values: { host: 'web-2' } }),
    later(by('ann', { type: 'decideWay', choice: 'leave', forMs: null, why: canary })),
  ],
  'Ben takes back what he has changed': [...repairs, answers, done(5), by('ben', { type: 'rollBack', reason: canary })],
  'it is over, and a part of what is owed stays so': [
    ...walks('gated'),
    by('ben', { type: 'resolve', summary: canary }),
    by('ben', { type: 'carryStep', step: 1, owner: 'ben', dueOn: '2030-02-01' }),
    done(8),
  ],
  'Ann hands over to Ben, who has something to do': handsOver,
  'what Ann has kept is withdrawn': [
    by('ann', { type: 'keepMessage', ...message, text: canary, by: 'ben', how: 'marked' }),
    by('ben', { type: 'reviseMessage', ...message, text: `${canary} rather` }),
    by('ben', { type: 'reviseMessage', ...message, text: null }),
  ],
  'its channel has been put away': [
    by('ann', { type: 'recordChannel', platform: 'home', channel: 'C1', name: 'inc-42' }),
    by('ann', { type: 'close' }),
    by('ann', { type: 'recordArchived', platform: 'home', channel: 'C1' }),
    by('ben', { type: 'addNote', text: canary }),
  ],
  'Ann has handed over to Ben': [...handsOver, by('ben', { type: 'acceptHandover' })],
  'Ann takes back what she has offered and what she has said': [
    ...handsOver,
    by('ann', { type: 'withdrawHandover' }),
    by('ann', { type: 'addNote', text: canary }),
    by('ann', { type: 'undo', seq: null }),
  ],
  'Ann hands over in vain': [...handsOver, by('ben', { type: 'declineHandover', reason: canary })],
};

/** Usually something opens first; a story may also begin with nothing to act on. */
export const stories: fc.Arbitrary<Asking[]> = fc
  .tuple(
    asking(fc.oneof({ weight: 4, arbitrary: fc.oneof(of('open'), of('declare')) }, any)),
    fc.oneof(
      ...themes.map((theme) =>
        fc.array(asking(fc.oneof(any, { weight: 3, arbitrary: fc.oneof(...theme.map(of)) })), {
          maxLength: 40,
          size: 'max',
        }),
      ),
    ),
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.constantFrom(...Object.values(openings)) },
    ),
  )
  .map(([first, rest, before]) => [first, ...before, ...rest]);

export const books = context({ playbook: (hash) => playbooks[hash] ?? null, onCall: randomOnCall });

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

/** Commands that jobs put to Muster itself, in the order they are due. */
const due = (story: Story, now: number): JobDraft | undefined =>
  [...story.jobs.values()]
    .filter(({ task, dueAt }) => task.kind === 'ask' && dueAt <= now)
    .sort((a, b) => a.dueAt - b.dueAt)[0];

/** Muster names the timers it has lost as the row has them. */
const audited = (command: Command, row: Incident | null): Command =>
  command.type === 'restoreTimers' && row
    ? { ...command, timers: [...command.timers, ...timersOf(row).slice(0, 1)] }
    : command;

const stored = (row: Incident | null): Incident | null => JSON.parse(JSON.stringify(row));

/**
 * Acts a story out as the engine does: timers run when they are due (or, after an outage, late), and every command is
 * decided on the row as it was stored. Everything given is frozen, so a decision that changes what it was given throws.
 * @param seen called after every command, with the row before it.
 */
export function act(
  askings: readonly Asking[],
  prompt: boolean,
  seen: (story: Story, again: () => unknown, before: Incident | null) => void = () => {},
): Story {
  let story = new Story();
  let row: Incident | null = null;
  let now = start;
  const ask = (from: Story, command: Command, actor: Actor, at: number) => {
    const before = row;
    const asked = deepFreeze({ command: audited(command, before), actor, at });
    const decide1 = () => decide(before, asked, before ? { ...books, together: beside(before, canary) } : books);
    const decision = decide1();
    const loaded = new Story(before, from.timeline, from.jobs);
    story = isRefusal(decision)
      ? new Story(before, from.timeline, from.jobs, decision)
      : loaded.write(deepFreeze(decision), at, actor);
    deepFreeze(story.row);
    if (story.fresh.length > 0) row = deepFreeze(stored(story.row));
    seen(story, decide1, before);
  };
  for (const { command, actor, gapMs } of askings) {
    now += gapMs;
    for (let job = due(story, now); job; job = due(story, now)) {
      const rest = new Map(story.jobs);
      rest.delete(job.key);
      if (job.task.kind !== 'ask') break;
      ask(new Story(story.row, story.timeline, rest), job.task.command, machine, prompt ? job.dueAt : now);
    }
    ask(story, command, actor, now);
  }
  return story;
}
