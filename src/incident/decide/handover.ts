import { type Context, type Decision, type Decisions, event } from '../context.js';
import { watchers } from '../escalation.js';
import type { IncidentEvent } from '../events.js';
import { answerWithinMs, type Handover, type HandoverCommands, longWatchMs, maySucceed, rolesOf } from '../handover.js';
import { alone, roleToOffer } from '../here.js';
import { type Incident, isOpen, type Role, refuse } from '../state.js';
import { onCallFor, proposalsFor } from '../watch.js';

const none = refuse('no-handover', 'No handover waits. Hand over with /incident handover @who');

/** Of a private incident nobody hears who is not in it. */
const mayHear = (state: Incident, personId: string): boolean =>
  state.visibility === 'public' || state.responders.includes(personId);

/** Who is asked when the one before says nothing or no: whoever is on call, then the lead, then who was called. */
function nextAfter(state: Incident, handover: Handover, context: Context, at: number) {
  const lead = state.policy.platformLead ?? [];
  const candidates = [
    ...onCallFor(state, context.onCall, at).map((personId) => ({ personId, because: 'on call' })),
    ...lead.map((personId) => ({ personId, because: 'platform lead' })),
    ...watchers(state).map((personId) => ({ personId, because: 'called for it' })),
  ];
  return (
    candidates.find(
      ({ personId }) =>
        personId !== handover.from && !handover.everAsked.includes(personId) && mayHear(state, personId),
    ) ?? null
  );
}

function climbs(
  state: Incident,
  handover: Handover,
  { context, at, after }: { context: Context; at: number; after: 'silence' | 'refusal' },
): IncidentEvent[] {
  const next = nextAfter(state, handover, context, at);
  // Somebody else was asked before, and may still accept.
  if (next === null && after === 'refusal' && handover.asked.length > 1) return [];
  return [
    event('handoverClimbed', {
      to: next?.personId ?? null,
      because: next?.because ?? 'nobody else is named',
      after,
      askAt: next === null ? null : at + answerWithinMs,
    }),
  ];
}

/** `assignRole` for each, told as one act. */
const takesOver = (
  state: Incident,
  { roles, personId, context, at }: { roles: readonly Role[]; personId: string; context: Context; at: number },
): IncidentEvent[] =>
  roles
    .filter((role) => state.roles[role] !== personId)
    .map((role) =>
      event('roleAssigned', {
        role,
        personId,
        previous: state.roles[role] ?? null,
        along: true,
        ...(role === 'commander' && { propose: proposalsFor(state, personId, context.onCall, at) }),
      }),
    );

function offer(
  state: Incident,
  { to, roles, note }: HandoverCommands['offerHandover'],
  from: string,
  at: number,
): Decision {
  if (!isOpen(state)) return refuse('ended', `This incident is ${state.status}: there is nothing to hand over.`);
  if (to === from) return refuse('yourself', 'That is you. Hand over to somebody else: /incident handover @who');
  const held = rolesOf(state, from);
  const mine =
    held.length === 0 && state.roles.commander === undefined && alone(state) === from ? ['commander' as const] : held;
  const given = roles ?? mine;
  const notMine = given.filter((role) => !mine.includes(role));
  const { handover } = state;
  if (given.length === 0 || notMine.length > 0) {
    const what = notMine[0] ?? 'a role';
    return refuse(
      'not-yours',
      `You do not have ${notMine[0] === undefined ? what : `the role of ${what}`}. Whoever has it hands it over; /incident assign ${notMine[0] ?? 'commander'} @who gives it at once.`,
    );
  }
  if (handover && handover.from !== from)
    return refuse('other-handover', 'Another handover waits already. /incident handover shows it.');
  if (handover?.asked.includes(to) && handover.note === note)
    return refuse('unchanged', 'That person has been asked already. /incident handover shows how it stands.');
  return [event('handoverOffered', { to, roles: given, note, askAt: at + answerWithinMs })];
}

export const handoverDecisions: Decisions<keyof HandoverCommands> = {
  offerHandover: [
    'live',
    (state, command, { actor, at }) =>
      actor.kind === 'person'
        ? offer(state, command, actor.personId, at)
        : refuse('no-person', 'Only a person hands over.'),
  ],
  acceptHandover: [
    'live',
    (state, _command, { actor, context, at }) => {
      const { handover } = state;
      if (!handover || actor.kind !== 'person') return none;
      if (!maySucceed(state, actor.personId))
        return refuse(
          'not-asked',
          'This handover is not for you. Where it is right all the same: /incident take commander',
        );
      return [
        event('handoverAccepted', { from: handover.from, roles: handover.roles }),
        ...takesOver(state, { roles: handover.roles, personId: actor.personId, context, at }),
      ];
    },
  ],
  declineHandover: [
    'live',
    (state, { reason }, { actor, context, at }) => {
      const { handover } = state;
      if (!handover || actor.kind !== 'person') return none;
      if (!maySucceed(state, actor.personId))
        return refuse('not-asked', 'This handover is not for you. /incident handover shows who is asked.');
      const goesOn = climbs(state, handover, { context, at, after: 'refusal' });
      const [next] = goesOn;
      return [
        event('handoverDeclined', {
          from: handover.from,
          reason,
          next: next?.type === 'handoverClimbed' ? next.body.to : null,
        }),
        ...goesOn,
      ];
    },
  ],
  withdrawHandover: [
    'live',
    (state, _command, { actor }) => {
      const { handover } = state;
      if (!handover || actor.kind !== 'person') return none;
      if (handover.from !== actor.personId)
        return refuse(
          'not-yours',
          'Only whoever hands over takes it back. You can say: /incident handover decline <reason>',
        );
      return [event('handoverWithdrawn', { to: handover.asked })];
    },
  ],
  checkHandover: [
    'declared',
    (state, { dueAt }, { context, at }) => {
      const { handover } = state;
      if (!handover || handover.askAt !== dueAt || !isOpen(state)) return [];
      if (!handover.reminded && handover.asked.length > 0)
        return [event('handoverReminded', { people: handover.asked, askAt: at + answerWithinMs })];
      return climbs(state, handover, { context, at, after: 'silence' });
    },
  ],
  proposeHandover: [
    'declared',
    (state, { dueAt }, { context, at }) => {
      const due = state.watch?.propose[0];
      const { commander } = state.roles;
      if (!due || due.at !== dueAt || commander === undefined || !isOpen(state)) return [];
      const others = onCallFor(state, context.onCall, at).filter((each) => each !== commander);
      const again = due.why === 'long' ? { at: at + longWatchMs, why: 'long' as const } : null;
      return [
        event('handoverProposed', {
          why: due.why,
          personId: commander,
          to: others.find((each) => mayHear(state, each)) ?? null,
          dueAt,
          again,
        }),
      ];
    },
  ],
  offerRole: [
    'declared',
    (state) => {
      const next = roleToOffer(state);
      const { commander } = state.roles;
      return next && commander !== undefined && isOpen(state) ? [event('roleOffered', { ...next, commander })] : [];
    },
  ],
};
