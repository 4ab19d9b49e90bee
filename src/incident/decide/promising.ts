import { publicCadence, sooner } from '../cadence.js';
import { climbEvery, nextRung } from '../climb.js';
import type { CommandBodies } from '../commands.js';
import { type Decision, type Decisions, event } from '../context.js';
import { climbOf, isPublicOver, mayPublish, owesPublication } from '../publication.js';
import { type Incident, isOpen, refuse } from '../state.js';

/** Only ever a person's words, and only those: what else is known stays inside. */
export function publish(state: Incident, { title, text, nextInMs }: CommandBodies['publish'], at: number): Decision {
  if (!mayPublish(state))
    return refuse(
      'not-public',
      `A ${state.drill ? 'drill' : 'private incident'} is told to nobody outside. Say it in its channel: /incident update <text>`,
    );
  const before = state.publication ?? null;
  const over = isPublicOver(state.status);
  const usual = over ? null : publicCadence(state);
  const promised = usual === null ? null : at + usual;
  return [
    event('published', {
      number: (before?.number ?? 0) + 1,
      title: title ?? before?.title ?? `Incident ${state.number}`,
      text,
      status: state.status,
      severity: state.severity,
      promisedAt: before?.nextAt ?? null,
      lateMs: before === null || before.nextAt === null ? 0 : Math.max(0, at - before.nextAt),
      nextAt: over || nextInMs === undefined ? promised : sooner(promised, nextInMs, at),
    }),
  ];
}

const isOwed = (state: Incident, dueAt: number): boolean =>
  owesPublication(state) && state.publication?.nextAt === dueAt;

/** From a due job; after an outage the time may be over already, and then it is owed. */
const warnPublish = (state: Incident, { dueAt }: CommandBodies['warnPublish'], at: number): Decision =>
  isOwed(state, dueAt) && at < dueAt ? [event('publishWarned', { dueAt })] : [];

/** Nothing is told to everybody by itself. */
const missPublish = (state: Incident, { dueAt }: CommandBodies['missPublish']): Decision =>
  isOwed(state, dueAt) ? [event('publishMissed', { dueAt })] : [];

/** From a due job; another time means that somebody has spoken meanwhile. */
function chaseUpdate(state: Incident, { of, dueAt }: CommandBodies['chaseUpdate'], at: number): Decision {
  const climb = climbOf(state, of);
  const next = nextRung(state, climb);
  if (!climb || !next || climb.nextAt !== dueAt || (of === 'update' && !isOpen(state))) return [];
  return [event('updateChased', { of, since: climb.since, ...next, nextAt: at + climbEvery(state) })];
}

export const promisingDecisions = {
  publish: ['declared', (state, command, { at }) => publish(state, command, at)],
  warnPublish: ['declared', (state, command, { at }) => warnPublish(state, command, at)],
  missPublish: ['declared', (state, command) => missPublish(state, command)],
  chaseUpdate: ['declared', (state, command, { at }) => chaseUpdate(state, command, at)],
} satisfies Decisions<'publish' | 'warnPublish' | 'missPublish' | 'chaseUpdate'>;
