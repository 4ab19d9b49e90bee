import fc from 'fast-check';
import type { Command, CommandType } from './commands.js';
import { decide } from './decide.js';
import type { JobDraft } from './jobs.js';
import { type Actor, type Incident, isRefusal } from './state.js';
import { context, machine, minutes, person, Story, start } from './testing.js';
import { bodies, canary, playbooks } from './testing-commands.js';
import { randomOnCall } from './testing-escalations.js';
import { beside } from './testing-links.js';

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
/** Until a step waits for the agreement of Ann, which a story of chance seldom comes to. */
const waitsForAnn: Asking[] = [
  by('ben', { type: 'switchPlaybook', hash: 'watched', reason: canary }),
  by('ben', { type: 'assignRole', role: 'commander', personId: 'ann' }),
  by('ben', { type: 'next' }),
  by('ben', { type: 'done', evidence: null }),
];

/** Ann commands, has given Ben something to do, and hands over to him. */
const handsOver: Asking[] = [
  by('ann', { type: 'assignRole', role: 'commander', personId: 'ann' }),
  by('ann', { type: 'giveTask', text: canary, personId: 'ben', forMs: minutes(5) }),
  by('ann', { type: 'offerHandover', to: 'ben', roles: null, note: canary }),
];

const handsOverInVain: Asking[] = [...handsOver, by('ben', { type: 'declineHandover', reason: canary })];

/** Ben is called by name and answers. */
const callsBen: Asking[] = [
  by('ann', { type: 'acknowledge' }),
  by('ann', { type: 'page', people: [{ personId: 'ben', because: 'called by name' }], reason: null }),
  by('ben', { type: 'acknowledge' }),
];

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
    fc.constantFrom([], [], callsBen, waitsForAnn, handsOver, handsOverInVain),
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
  let now = start;
  const ask = (from: Story, command: Command, actor: Actor, at: number) => {
    const row = deepFreeze(stored(from.row));
    const asked = deepFreeze({ command, actor, at });
    const decide1 = () => decide(row, asked, row ? { ...books, together: beside(row, canary) } : books);
    const decision = decide1();
    const loaded = new Story(row, from.timeline, from.jobs);
    story = isRefusal(decision)
      ? new Story(row, from.timeline, from.jobs, decision)
      : loaded.write(deepFreeze(decision), at, actor);
    deepFreeze(story.row);
    seen(story, decide1, row);
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
