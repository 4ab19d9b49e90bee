import type { Asked } from '../commands.js';
import { type Context, type Decision, type Decisions, event } from '../context.js';
import type { Target } from '../escalation.js';
import type { IncidentEvent } from '../events.js';
import type { GateCommands, WalkPhase } from '../gates.js';
import { handOf } from '../hand.js';
import { whoIs } from '../ladder.js';
import {
  type Actor,
  graver,
  holderOf,
  type Incident,
  isOpen,
  isRefusal,
  type Refusal,
  type Role,
  refuse,
  roles,
} from '../state.js';
import { brings, decidingIn, rollBackOf } from '../way.js';
import { asksApprovals } from './approve.js';
import { noPlaybook, notStarted } from './in-hand.js';
import { changeSeverity } from './lead.js';
import { broughtIn } from './walk.js';

type Given = Pick<Asked, 'actor' | 'at'> & { context: Context };

const minute = 60_000;
/** How long it goes on where nobody says it. */
const keptForMs = 15 * minute;
const askedAtMost = 2;

function checkPhase(state: Incident, command: GateCommands['checkPhase'], given: Given): Decision {
  const phase = state.walk?.phases?.[command.phase];
  if (!isOpen(state) || !phase || phase.dueAt !== command.dueAt) return [];
  const { title, otherwise } = phase;
  const withinMs = phase.withinMs ?? 0;
  const follows = otherwise.flatMap((each) => carriedOut(state, phase, each, given));
  const alone = follows.length === 0;
  return [event('phaseOverdue', { phase: command.phase, title, withinMs, dueAt: command.dueAt, alone }), ...follows];
}

/** What the playbook says for this case: once proposed, once done. */
function carriedOut(
  state: Incident,
  { title, withinMs }: WalkPhase,
  otherwise: WalkPhase['otherwise'][number],
  { context, at }: Given,
): IncidentEvent[] {
  const reason = `${title} was not over after ${Math.round((withinMs ?? 0) / minute)} min, as the playbook says`;
  if (otherwise.do === 'severity') {
    const { severity: to, propose } = otherwise;
    if (!graver(to, state.severity)) return [];
    if (propose) return [event('severityProposed', { to, reason })];
    const changed = changeSeverity(state, { to, reason }, at);
    if (isRefusal(changed)) return [];
    return changed.map((each) =>
      each.type === 'severityChanged' ? event('severityChanged', { ...each.body, setBy: 'machine' }) : each,
    );
  }
  const { people, nobody } = whoIs(targetsOf(state, otherwise.whom), state, context.onCall, at);
  // Where nobody can be called, the phase itself asks.
  if (people.length === 0) return [];
  return [
    event('paged', {
      ...{ why: 'asked', escalation: null, level: 0, levels: 0, round: 0, rounds: 0, people, nobody, reason },
      ...{ acknowledgeDueAt: state.acknowledgeDueAt, answerDueAt: null },
    }),
  ];
}

function targetsOf(state: Incident, whom: string): Target[] {
  if (whom === 'owners') return [{ kind: 'owners' }];
  if (whom === 'platform-lead')
    return [{ kind: 'people', as: 'platform lead', people: state.policy.platformLead ?? [] }];
  if (whom.startsWith('on-call ')) return [{ kind: 'schedule', schedule: whom.slice('on-call '.length) }];
  const role = roles.find((each): each is Role => each === whom);
  const holder = role ? holderOf(state, role) : null;
  return [{ kind: 'people', as: whom, people: holder === null ? [] : [holder] }];
}

function askDecision(state: Incident, command: GateCommands['askDecision'], at: number): Decision {
  const phase = state.walk?.phases?.[command.phase];
  if (!isOpen(state) || !phase?.decide || phase.decideAt !== command.dueAt) return [];
  const { title, decide } = phase;
  const times = phase.decideAsked + 1;
  const nextAskAt = times < askedAtMost ? at + decide.afterMs : null;
  return [
    event('decisionAsked', { phase: command.phase, title, label: decide.label, to: decide.to, times, nextAskAt }),
  ];
}

function decideWay(state: Incident, command: GateCommands['decideWay'], actor: Actor): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.startedAt === null) return notStarted(walk);
  const at = decidingIn(walk);
  const phase = at === null ? undefined : walk.phases?.[at];
  if (at === null || !phase?.decide)
    return refuse('nothing-to-decide', 'Nothing is to be decided at this step. /incident next shows it.');
  const not = notCommander(state, actor, 'decides on the way');
  if (not) return not;
  const { title, decide } = phase;
  const about = { phase: at, title, choice: command.choice, label: decide.label, why: command.why };
  if (command.choice === 'keep')
    return [event('decisionMade', { ...about, forMs: command.forMs ?? keptForMs, next: null })];
  const next = brings({ ...walk, current: null }, decide.to, null);
  return [event('decisionMade', { ...about, forMs: null, ...broughtIn(next) }), ...asksApprovals(walk, next)];
}

/** Where nobody commands anybody may. */
function notCommander({ roles: { commander } }: Incident, actor: Actor, does: string): Refusal | null {
  if (commander === undefined || (actor.kind === 'person' && actor.personId === commander)) return null;
  return refuse(
    'commander-decides',
    `The commander ${does}. Say to them what you think; /incident take commander takes it over, where that is right.`,
  );
}

function rollBack(state: Incident, { reason }: GateCommands['rollBack']): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  if (walk.startedAt === null) return notStarted(walk);
  if (walk.rollingBack)
    return refuse('rolling-back', 'The roll back is in hand already. /incident next shows its step.');
  const of = rollBackOf(walk);
  const way = of === null ? undefined : walk.steps[of]?.rollBack;
  if (of === null || !way)
    return refuse(
      'nothing-to-roll-back',
      'No step that was carried out says how it is taken back. /incident playbook shows them; /incident back only opens the step before again.',
    );
  const [next, ...also] = brings({ ...walk, current: null }, way.to, null);
  if (next === undefined) return refuse('nothing-to-roll-back', 'The playbook has no step for it.');
  const returns = handOf(walk).filter((index) => index < way.to || index >= way.end);
  return [
    event('rolledBack', { of, next, ...(also.length > 0 && { also }), end: way.end, returns, reason }),
    ...asksApprovals(walk, [next, ...also]),
  ];
}

export const phaseDecisions = {
  checkPhase: ['declared', (state, command, given) => checkPhase(state, command, given)],
  askDecision: ['declared', (state, command, { at }) => askDecision(state, command, at)],
  decideWay: ['live', (state, command, { actor }) => decideWay(state, command, actor)],
  rollBack: ['live', (state, command) => rollBack(state, command)],
} satisfies Decisions<'checkPhase' | 'askDecision' | 'decideWay' | 'rollBack'>;
