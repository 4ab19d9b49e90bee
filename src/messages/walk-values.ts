import { deciders, requestsOf } from '../incident/approvals.js';
import type { TimelineEvent } from '../incident/events.js';
import { handOf, withFocus } from '../incident/hand.js';
import type { Saying } from '../incident/jobs.js';
import { helpers, overdueInChannel } from '../incident/react/walk.js';
import { holderOf, type Incident, type Walk, type WalkStep } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import type { Card } from './card.js';
import { stillInHand } from './gate-fields.js';
import { stepCard, withWalkButtons } from './step-card.js';
import type { About, Person } from './values.js';
import type { WalkValues } from './values-walk.js';

type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;
interface Given {
  about(incident: Incident): About;
  who(personId: string | null | undefined): Person | null;
  by(event: TimelineEvent): Person | null;
  nobody: Person;
}

/** Followed by the step in hand with its buttons, so that whoever reads it can act at once. */
const showsStep: ReadonlySet<Saying> = new Set<Saying>([
  'gate',
  'step',
  'playbook-switched',
  'step-assigned',
  'approval',
]);

const outcomes = {
  walkStarted: 'back',
  stepDone: 'done',
  stepSkipped: 'skipped',
  stepFailed: 'failed',
  checkAnswered: 'answered',
  steppedBack: 'back',
} as const;

/** What is said of playbooks and their steps. */
export function walkValues({ about, who, by, nobody }: Given): {
  [S in keyof WalkValues]: (after: Incident, event: TimelineEvent) => WalkValues[S];
} {
  const stepOf = (after: Incident, index: number) => ({
    ...about(after),
    step: index + 1,
    total: after.walk?.steps.length ?? 0,
    phase: after.walk?.steps[index]?.phase ?? '',
    stepTitle: after.walk?.steps[index]?.title ?? '',
  });
  return {
    playbook: (after, event) => {
      const { title, reason, steps, later, others } = (event as Event<'playbookAttached'>).body;
      return {
        ...about(after),
        playbook: title,
        reason,
        steps: steps.length,
        later,
        beside: after.aside.map((walk) => walk.title),
        others: others.map((other) => ({ playbook: other.title, reason: other.reason })),
      };
    },
    'playbook-switched': (after, event) => {
      const { title, from } = (event as Event<'walkSwitched'>).body;
      return { ...about(after), playbook: title, from, by: by(event) };
    },
    step: (after, event) => {
      const { type, body } = event as Event<keyof typeof outcomes>;
      const index = 'to' in body ? body.to : body.index;
      const step = after.walk?.steps[index];
      const ended = step?.endedAt ?? null;
      return {
        ...stepOf(after, index),
        by: by(event),
        outcome: outcomes[type],
        evidence: step?.said ?? null,
        tookMs: ended === null || step?.startedAt == null ? null : ended - step.startedAt,
        last: after.walk?.current === null,
      };
    },
    'step-assigned': (after, event) => {
      const { index, personId } = (event as Event<'stepAssigned'>).body;
      const withinMs = after.walk?.steps[index]?.withinMs ?? null;
      return { ...stepOf(after, index), person: who(personId) ?? nobody, by: by(event), withinMs };
    },
    'sub-step': (after, event) => {
      const { index, substep, text, ticked } = (event as Event<'substepTicked'>).body;
      const step = after.walk?.steps[index];
      return {
        ...stepOf(after, index),
        substep: substep + 1,
        text,
        ticked,
        tickedCount: step?.ticked.length ?? 0,
        substeps: step?.substeps ?? 0,
        by: by(event),
      };
    },
    'step-overdue': (standing, event) => {
      const { index, times } = (event as Event<'stepOverdue'>).body;
      const after = withFocus(standing, index);
      const step = after.walk?.steps[index];
      return {
        ...stepOf(after, index),
        tookMs: Math.max(0, event.at - (step?.startedAt ?? event.at)),
        person: who(times > overdueInChannel ? after.roles.commander : askedAbout(after, step)),
        waitsFor: after.walk?.approval?.state === 'asked' ? (step?.approve ?? null) : null,
        last: times >= overdueInChannel,
      };
    },
    'step-extended': (after, event) => {
      const { index, forMs, dueAt } = (event as Event<'stepExtended'>).body;
      return { ...stepOf(after, index), by: by(event), forMs, dueAt };
    },
    'help-asked': (after, event) => {
      const { index, text } = (event as Event<'helpAsked'>).body;
      const people = helpers(after, event).flatMap((personId) => who(personId) ?? []);
      return { ...stepOf(after, index), by: by(event), text, people };
    },
    approval: (standing, event) => {
      const after = 'index' in event.body ? withFocus(standing, event.body.index as number) : standing;
      const { walk } = after;
      const index = 'index' in event.body ? (event.body.index as number) : (walk?.current ?? 0);
      const role = 'role' in event.body ? (event.body.role as keyof Incident['roles']) : 'commander';
      return {
        ...stepOf(after, index),
        outcome:
          event.type === 'approvalGiven' && event.body.have < event.body.of
            ? 'partly'
            : event.type === 'approvalGiven'
              ? 'given'
              : event.type === 'approvalDeclined'
                ? 'declined'
                : 'asked',
        role: walk?.steps[index]?.approve ?? role,
        person: who(toDecide(after, index) ?? holderOf(after, walk?.steps[index]?.approve ?? role)),
        askedBy: who(walk?.approval?.askedBy),
        by: by(event),
        reason: event.type === 'approvalDeclined' ? event.body.reason : null,
      };
    },
  };
}

/** The first of those who may decide on a step. */
function toDecide(incident: Incident, index: number): string | undefined {
  const { walk } = incident;
  const request = requestsOf(incident).findLast(({ step }) => step?.hash === walk?.hash && step?.index === index);
  return request && deciders(incident, request)[0];
}

/** Whose answer a step that takes long waits for: who has it, whose role it is, or whoever commands. */
function askedAbout(incident: Incident, step: WalkStep | undefined): string | null {
  const role = (['communications', 'scribe', 'operations'] as const).find((each) => each === step?.role);
  return step?.assignee ?? (role && incident.roles[role]) ?? incident.roles.commander ?? null;
}

/** A message of the walk with the step in hand below it, or with buttons for what it says. */
export function withStep(
  card: Card,
  say: Saying,
  after: Incident,
  event: TimelineEvent,
  parts: { playbook(hash: string): Playbook | null; names: ReadonlyMap<string, string> },
): Card {
  const { walk } = after;
  const about = aboutStep(after, event);
  const ahead = about === null;
  if (say === 'step' && walk?.beside && about === null)
    return { ...card, blocks: [...card.blocks, ...stillInHand(after, walk)] };
  if (!walk || walk.current === null || ahead || !showsStep.has(say)) return withWalkButtons(card, after, event);
  const lead = event.type === 'walkStarted' ? [] : card.blocks;
  return stepCard(after, parts.playbook(walk.hash), parts.names, lead, about) ?? card;
}

/** Events after which the step in hand is another, or another text. */
const showsAfterGate: ReadonlySet<string> = new Set(['decisionMade', 'rolledBack', 'playbookAdopted']);

/** The step in hand that a message shows; null: none, it is about one that is not in hand, or others were shown before. */
function aboutStep({ walk }: Incident, { type, body }: TimelineEvent): number | null {
  if (!walk) return null;
  const hand = handOf(walk);
  const named =
    type === 'steppedBack' ? body.to : 'next' in body ? body.next : 'index' in body ? body.index : walk.current;
  if (type === 'stepAssigned') return hand.includes(body.index) ? body.index : null;
  if (type in gateEvents && !showsAfterGate.has(type)) return null;
  if (type === 'decisionMade' && body.choice === 'keep') return null;
  if (typeof named === 'number' && hand.includes(named)) return named;
  return walk.beside ? null : walk.current;
}
const gateEvents: Partial<Record<TimelineEvent['type'], true>> = {
  ...{ valueGiven: true, phaseOverdue: true, decisionAsked: true, decisionMade: true, rolledBack: true },
  ...{ stepCarried: true, stepSettled: true, playbookChanged: true, playbookAdopted: true },
};

/** Where a playbook stands, in a few words. */
export function standing({ current, startedAt, steps }: Walk): string {
  if (current !== null) return `at step ${current + 1} of ${steps.length}`;
  return startedAt === null ? 'not started' : 'walked to its end';
}
