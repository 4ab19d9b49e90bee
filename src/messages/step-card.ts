import { requestsOf } from '../incident/approvals.js';
import type { TimelineEvent } from '../incident/events.js';
import { withFocus } from '../incident/hand.js';
import { holderOf, type Incident, isOpen, type Walk, type WalkStep } from '../incident/state.js';
import { lastEnded } from '../incident/way.js';
import type { Playbook } from '../playbooks/playbook.js';
import { presentStep } from '../playbooks/present.js';
import { decidersWords, glassButton, haveWords } from './approvals.js';
import { type Block, type Button, buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { gateButtons, otherSteps, phaseFields } from './gate-fields.js';
import { literal } from './literal.js';

type Names = ReadonlyMap<string, string>;
const ticksOffered = 5;
const plainAnswers = { yes: 'Yes', no: 'No' };

/** A button for this step of this playbook: on an older card it must not end another one. */
const onStep =
  ({ id: incidentId }: Incident, walk: Walk, index: number) =>
  (label: string, verb: string, extra: Partial<Button> = {}): Button => ({
    label,
    command: `/incident ${verb} --step ${index + 1} --playbook ${encodeURIComponent(walk.playbookId)}`,
    incidentId,
    ...extra,
  });
const asking = (label: string, required = true): Partial<Button> => ({ input: { label, required } });

const waits = ({ approval }: Walk, step: WalkStep | undefined): boolean =>
  step !== undefined && step.approve !== null && approval?.state !== 'given';

/** What can be said of the step in hand. */
function stepButtons(incident: Incident, walk: Walk, current: number, playbook: Playbook | null): Button[] {
  const on = onStep(incident, walk, current);
  const step = walk.steps[current];
  const ask = playbook?.steps[current]?.ask ?? [];
  const begun = walk.steps.some(({ endedAt }) => endedAt !== null);
  const done = on('Done', 'done', {
    style: 'primary',
    input:
      ask.length > 0
        ? { label: ask.length === 1 ? `${ask[0]}?` : ask.map((name) => `${name}=…`).join(' '), required: true }
        : { label: 'Evidence', placeholder: 'What you saw', required: false },
  });
  const check = step?.check ? (playbook?.steps[current]?.check ?? plainAnswers) : null;
  const seen: Partial<Button> = { input: { label: 'What do you see?', required: false } };
  const ends = check
    ? [
        on(literal(check.yes, 24), 'answer yes', { style: 'primary', ...seen }),
        on(literal(check.no, 24), 'answer no', seen),
      ]
    : [done];
  const first = waits(walk, step) ? [...approvalButtons(incident), on('I run it', 'take step')] : ends;
  const ticks = Array.from({ length: step?.substeps ?? 0 }, (_, index) => index)
    .filter((index) => !step?.ticked.includes(index))
    .slice(0, ticksOffered)
    .map((index) => on(`Tick ${index + 1}`, `tick ${index + 1}`));
  return [
    ...first,
    ...(waits(walk, step) ? [] : ticks),
    ...(check ? [] : [on('It failed…', 'fail', asking('What happened?'))]),
    ...gateButtons(incident, walk, current, playbook),
    on('Skip…', 'skip', asking('Why is it skipped?')),
    on('Assign…', 'assign step', { input: { label: 'To whom?', placeholder: '@bob', required: true } }),
    ...(begun ? [{ label: 'Back', command: '/incident back', incidentId: incident.id }] : []),
    ...otherSteps(incident, walk, current),
  ];
}

/** For whoever may decide on the step in hand; none when it waits for nobody. */
export function approvalButtons(incident: Incident): Button[] {
  const { walk } = incident;
  if (!walk || walk.current === null || !waits(walk, walk.steps[walk.current])) return [];
  const on = onStep(incident, walk, walk.current);
  const decline = on('Decline…', 'decline', asking('Why not?'));
  return [
    on('Approve', 'approve', { style: 'primary' }),
    ...(walk.approval?.state === 'declined' ? [] : [decline]),
    glassButton(on),
  ];
}

const named = (personId: string | null, names: Names): Inline =>
  personId === null
    ? text('somebody')
    : { kind: 'person', personId, name: literal(names.get(personId) ?? personId, 80), notify: false };

/** Who has to agree to the step in hand, and how that stands. Empty when nobody has to. */
export function approvalWords(incident: Incident, names: Names): Inline[] {
  const { walk } = incident;
  const step = walk && walk.current !== null ? walk.steps[walk.current] : undefined;
  const role = step?.approve;
  if (!walk || !role) return [];
  const { approval } = walk;
  if (approval?.alone)
    return [
      named(approval.by, names),
      strong(' goes ahead alone'),
      text(` since `),
      time(approval.at ?? approval.askedAt),
      text(`: ${literal(approval.said ?? '', 200)}`),
    ];
  if (approval?.state === 'given')
    return [text('approved by '), named(approval.by, names), text(' at '), time(approval.at ?? approval.askedAt)];
  if (approval?.state === 'declined')
    return [text('declined by '), named(approval.by, names), text(`: ${literal(approval.said ?? '', 200)}`)];
  const asked = approval?.askedBy ? [text(' Asked by '), named(approval.askedBy, names), text('.')] : [];
  const holder = holderOf(incident, role);
  const request = requestsOf(incident).findLast(
    (each) => each.step?.hash === walk.hash && each.step.index === walk.current,
  );
  const people = request ? decidersWords(incident, request, names) : [];
  if (holder === null) return [strong(`Who approves? Nobody is ${role}.`), ...could(incident, names), ...asked];
  if (request && people.length > 0) return [...people, strong(', approve?'), text(haveWords(request)), ...asked];
  if (holder === approval?.askedBy)
    return [
      named(holder, names),
      text(` asked and is ${role} too, so two people are needed: whoever runs it presses “I run it”, then `),
      named(holder, names),
      text(' approves.'),
    ];
  return [named(holder, names), strong(', approve?'), ...asked];
}

/** Those the configuration names for the services of the incident. */
function could({ services, policy }: Incident, names: Names): Inline[] {
  const people = [...new Set(services.flatMap((service) => policy.services?.[service]?.approve ?? []))].slice(0, 5);
  return people.flatMap((personId, index): Inline[] => [
    text(index === 0 ? ' It could be ' : index === people.length - 1 ? ' or ' : ', '),
    named(personId, names),
    ...(index === people.length - 1 ? [text('.')] : []),
  ]);
}

/** Who has the step, who agrees to it, and when Muster asks about it. */
function standingOf(incident: Incident, walk: Walk, step: WalkStep | undefined, names: Names): Block[] {
  const approval = approvalWords(incident, names);
  const fields: { label: string; value: Inline[] }[] = [
    ...(step?.assignee ? [{ label: 'With', value: [named(step.assignee, names)] }] : []),
    ...(approval.length > 0 ? [{ label: 'Approval', value: approval }] : []),
    ...(walk.current === null ? [] : phaseFields(walk, walk.current, names)),
    ...(walk.dueAt !== null ? [{ label: 'Muster asks at', value: [time(walk.dueAt)] }] : []),
  ];
  return fields.length > 0 ? [{ kind: 'fields', fields }] : [];
}

const beforeStart = ({ id }: Incident, walk: Walk): { said: string; offered: Button[] } => ({
  said: `${walk.title} has ${walk.steps.length} steps and has not been started.`,
  offered: [{ label: 'Start', command: '/incident next', incidentId: id, style: 'primary' }],
});

function afterEnd(incident: Incident, walk: Walk): { said: string; offered: Button[] } {
  const { id: incidentId } = incident;
  const last = lastEnded(walk);
  const back: Button = { label: 'Back', command: '/incident back', incidentId };
  const resolve: Button = {
    label: 'Resolve…',
    command: '/incident resolve',
    incidentId,
    input: { label: 'What ended it?', required: false },
  };
  if (last !== null && walk.steps[last]?.state === 'failed')
    return {
      said: `${walk.title} ends here, and step ${last + 1} did not go as expected. /incident back tries it again; /incident note says what you do instead.`,
      offered: [back],
    };
  return isOpen(incident)
    ? {
        said: `${walk.title} is walked to its end. When the impact is over: /incident resolve, with what ended it.`,
        offered: [resolve, back],
      }
    : { said: `${walk.title} is walked to its end.`, offered: [back] };
}

/**
 * The step in hand with its content and buttons; before the start and after the last step, where the walk stands.
 * null when the incident has no playbook. `playbook` null: its text cannot be read, the kept title is shown. `index`: of
 * several in hand this one.
 */
export function stepCard(
  standing: Incident,
  playbook: Playbook | null,
  names: Names,
  lead: readonly Block[] = [],
  index: number | null = null,
): Card | null {
  const incident = withFocus(standing, index);
  const { walk } = incident;
  if (!walk) return null;
  const tone = incident.severity;
  const { current } = walk;
  if (current === null) {
    const { said, offered } = walk.finishedAt === null ? beforeStart(incident, walk) : afterEnd(incident, walk);
    return { tone, summary: said, blocks: [...lead, paragraph(text(said)), buttons(...offered)] };
  }
  const step = walk.steps[current];
  const place = `Step ${current + 1} of ${walk.steps.length} · ${step?.phase ?? ''} · ${step?.title ?? ''}`;
  const content = playbook ? presentStep(playbook, current, walk.answers, step?.ticked) : [paragraph(text(place))];
  return {
    tone,
    summary: place,
    blocks: [
      ...lead,
      ...content,
      ...standingOf(incident, walk, step, names),
      buttons(...stepButtons(incident, walk, current, playbook)),
    ],
  };
}

/** What can be done about what a message of the walk says. */
export function withWalkButtons(card: Card, incident: Incident, event: TimelineEvent): Card {
  const all = messageButtons(incident, event);
  return all.length > 0 ? { ...card, blocks: [...card.blocks, buttons(...all)] } : card;
}

function messageButtons(standing: Incident, event: TimelineEvent): Button[] {
  const incident = event.type === 'stepOverdue' ? withFocus(standing, event.body.index) : standing;
  const { walk, id: incidentId } = incident;
  if (!walk) return [];
  if (event.type === 'playbookAttached') {
    const line = (label: string, verb: string, id: string): Button => ({
      label: literal(label, 60),
      command: `/incident playbook ${verb} ${id}`,
      incidentId,
    });
    const { others, later, title, playbookId } = event.body;
    return [
      ...(later ? [line(`Walk ${title}`, 'switch', playbookId)] : []),
      ...others.flatMap((other) => [
        line(`Walk ${other.title}`, 'switch', other.playbookId),
        line(`Add ${other.title}`, 'add', other.playbookId),
      ]),
    ];
  }
  if (event.type !== 'stepOverdue') return [];
  const on = onStep(incident, walk, event.body.index);
  const decisions = walk.current === event.body.index ? approvalButtons(incident) : [];
  return [
    ...decisions,
    on('Still on it', 'more'),
    on('Help…', 'stuck', asking('What is needed?', false)),
    ...(decisions.length > 0 ? [] : [on('Done', 'done', asking('Evidence', false))]),
    on('It failed…', 'fail', asking('What happened?')),
  ];
}
