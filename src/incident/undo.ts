import type { EventBodies, EventType, TimelineEvent } from './events.js';
import type { Incident, Role, Severity, Status } from './state.js';

/** Later than this after an act, others have built on it. */
export const undoWithinMs = 15 * 60_000;

/** What taking an act back comes to; `no`: it stays, and why, with what to do instead. */
export type Reverse =
  | { what: 'severity'; from: Severity; to: Severity }
  | { what: 'status'; from: Status; to: Status }
  | { what: 'role'; role: Role; personId: string; previous: string | null }
  | { what: 'released'; role: Role; personId: string }
  | { what: 'note' }
  | { what: 'impact'; was: Incident['impact'] }
  | { what: 'workaround'; was: Incident['workaround'] }
  | { what: 'expected'; was: Incident['expected'] }
  | { what: 'followUp'; id: number }
  | { what: 'step'; index: number }
  | { what: 'tick'; index: number; substep: number; ticked: boolean }
  | { what: 'snooze' }
  | { what: 'dismiss' }
  | { what: 'owner'; previous: string | null }
  | { what: 'link' | 'unlink' | 'merge' | 'unmerge'; other: string }
  | { what: 'resolve' }
  | { what: 'no'; why: string };

/** The last thing a person did here. */
export interface LastAct {
  seq: number;
  at: number;
  recordedAt: number;
  reverse: Reverse;
  /** It was itself the taking back of another; what it brought about follows from it. */
  undone?: true;
}

export interface UndoEvents {
  /**
   * A person took their last act, the event `seq`, back. What is given stands again as it was; for the rest the event
   * beside it says what became of it.
   */
  undone: {
    seq: number;
    what: Exclude<Reverse['what'], 'no'>;
    impact?: Incident['impact'];
    workaround?: Incident['workaround'];
    expected?: Incident['expected'];
    followUp?: number;
    /** When the act happened: times that it set are not true any more. */
    actAt: number;
  };
}
export interface UndoCommands {
  /** The event the person means; another by now refuses. null: whatever was last. */
  undo: { seq: number | null };
}

const no = (why: string): Reverse => ({ what: 'no', why });
type Reversing<T extends EventType> = (body: EventBodies[T], before: Incident) => Reverse | null;

/** null: it goes with another act and is none by itself. What is not here stays, with a word for why. */
const reverses: { [T in EventType]?: Reversing<T> } = {
  severityChanged: ({ from, to }) => ({ what: 'severity', from, to }),
  statusChanged: ({ from, to }) => ({ what: 'status', from, to }),
  roleAssigned: ({ role, personId, previous }) => ({ what: 'role', role, personId, previous }),
  roleReleased: ({ role, personId }) => ({ what: 'released', role, personId }),
  noted: () => ({ what: 'note' }),
  impactStated: (_, { impact }) => ({ what: 'impact', was: impact }),
  workaroundStated: (_, { workaround }) => ({ what: 'workaround', was: workaround }),
  returnExpected: (_, { expected }) => ({ what: 'expected', was: expected }),
  followUpAdded: ({ id }) => ({ what: 'followUp', id }),
  stepDone: ({ index }) => ({ what: 'step', index }),
  stepSkipped: ({ index }) => ({ what: 'step', index }),
  stepFailed: ({ index }) => ({ what: 'step', index }),
  substepTicked: ({ index, substep, ticked }) => ({ what: 'tick', index, substep, ticked }),
  snoozed: () => ({ what: 'snooze' }),
  dismissed: (_, before) => (isMerging(before) ? null : { what: 'dismiss' }),
  entryOwned: ({ previous }) => ({ what: 'owner', previous }),
  linked: ({ other }) => ({ what: 'link', other: other.incidentId }),
  unlinked: ({ other }) => ({ what: 'unlink', other: other.incidentId }),
  mergedInto: ({ other }) => ({ what: 'merge', other: other.incidentId }),
  mergedFrom: () => no('It was merged where the other one was: /incident #12 unmerge takes that one out again.'),
  resolved: () => ({ what: 'resolve' }),
  closed: (_, before) =>
    isMerging(before)
      ? null
      : no('A close stays: its postmortem is being written. Go on with /incident reopen <reason>.'),
  acknowledged: ({ along }) =>
    along
      ? null
      : no(
          'An acknowledgement stays: people were told that they need not come. If you cannot go on, hand it over: /incident handover @who',
        ),
  updatePosted: () =>
    no('An update that has gone out is read already. Correct it with another: /incident update <text>'),
  declared: () =>
    no('A declaration stays on record. If it was nothing: /incident resolve It was nothing, then /incident close'),
  undone: () => no('That was taken back already. Do it again as you did it first; /incident timeline shows how.'),
  responderJoined: () => null,
  splitInto: () => no('A split is undone by a merge: /incident #13 merge into #12'),
  reopened: () => no('It is open again; end it with /incident resolve <summary>.'),
  // Marks, and what follows from another act.
  messageKept: () => null,
  acknowledgeMissed: () => null,
  playbookAttached: (_, before) =>
    before.walk === null ? null : no('Choose the other playbook: /incident playbook switch <name>'),
};

const isMerging = ({ links = [] }: Incident): boolean => links.at(-1)?.how === 'merged-into';
const generic = no(
  'That cannot be taken back by itself. Do what puts it right, or say so with /incident note <what was wrong>.',
);

/** What each person did last; what somebody else did since may have made it impossible, which is found out when asked. */
export function actsAfter(before: Incident | null, event: TimelineEvent): Incident['acts'] {
  const acts = before?.acts;
  const { actor, type, body, seq, at, recordedAt } = event;
  if (actor.kind !== 'person' || !before) return acts;
  const known = reverses[type] as Reversing<EventType> | undefined;
  const last = acts?.[actor.personId];
  // What is written with an act follows from it.
  const together = last?.recordedAt === recordedAt;
  if (together && (!known || last.undone || (type === 'updatePosted' && last.reverse.what === 'resolve'))) return acts;
  const reverse = known ? known(body as EventBodies[EventType], before) : generic;
  if (reverse === null) return acts;
  const undone = type === 'undone' && { undone: true as const };
  return { ...acts, [actor.personId]: { seq, at, recordedAt, reverse, ...undone } };
}
