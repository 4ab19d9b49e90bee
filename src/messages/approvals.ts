import { type ApprovalRequest, approversWords, deciders, requestsOf, waiting } from '../incident/approvals.js';
import type { TimelineEvent } from '../incident/events.js';
import type { Saying } from '../incident/jobs.js';
import { type Incident, isOpen } from '../incident/state.js';
import { type Block, type Button, buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import type { About, Person } from './values.js';
import type { ApprovalValues } from './values-approvals.js';

type Names = ReadonlyMap<string, string>;
const shownAtMost = 5;
const titleKept = 200;

interface Given {
  about(incident: Incident): About;
  who(personId: string | null | undefined): Person | null;
  by(event: TimelineEvent): Person | null;
}

/** The request an event is about; of another event, the newest that waits. */
const requestAbout = (after: Incident, { body }: TimelineEvent): ApprovalRequest | undefined => {
  const id = 'id' in body && typeof body.id === 'number' ? body.id : null;
  return id === null
    ? waiting(after).findLast(({ step }) => step === null)
    : requestsOf(after).find((each) => each.id === id);
};

/** What is said of approvals that are for no step. */
export const approvalValues = ({
  about,
  who,
  by,
}: Given): { [S in keyof ApprovalValues]: (after: Incident, event: TimelineEvent) => ApprovalValues[S] } => ({
  'approval-request': (after, event) => {
    const request = requestAbout(after, event);
    const state = request?.state ?? 'asked';
    const partly = event.type === 'approvalGiven' && state === 'asked';
    return {
      ...about(after),
      request: request?.id ?? 0,
      what: request?.what ?? '',
      outcome: partly ? 'partly' : state === 'given' || state === 'declined' || state === 'lapsed' ? state : 'asked',
      people: request ? deciders(after, request).flatMap((personId) => who(personId) ?? []) : [],
      askedBy: who(request?.askedBy),
      by: by(event),
      have: request?.given.length ?? 0,
      needed: request?.count ?? 1,
      more: (request?.count ?? 1) > 1,
      reason: request?.said ?? null,
      dueAt: request?.dueAt ?? null,
    };
  },
  'glass-broken': (after, event) => {
    const { what, reason, id } = (event as Extract<TimelineEvent, { type: 'glassBroken' }>).body;
    const request = requestsOf(after).find((each) => each.id === id);
    return { ...about(after), what, reason, by: by(event), without: request ? approversWords(request.levels) : null };
  },
});

/** For whoever may decide on it, and for whoever cannot wait. */
function requestButtons({ id: incidentId }: Incident, request: ApprovalRequest): Button[] {
  const on = (label: string, verb: string, extra: Partial<Button> = {}): Button => ({
    label,
    command: `/incident ${verb} --request ${request.id}`,
    incidentId,
    ...extra,
  });
  return [
    on('Approve', 'approve', { style: 'primary' }),
    on('Decline…', 'decline', { input: { label: 'Why not?', required: true } }),
    glassButton(on),
  ];
}

/** Goes ahead without; what it asks for is said to everybody who could have agreed. */
export const glassButton = (on: (label: string, verb: string, extra: Partial<Button>) => Button): Button =>
  on('Go ahead without…', 'break-glass', {
    input: { label: 'Why can this not wait? Everybody who could have agreed is told.', required: true },
  });

/** What can be done about it, where it is said. */
export function withRequestButtons(card: Card, say: Saying, incident: Incident, event: TimelineEvent): Card {
  if (say !== 'approval-request') return card;
  const request = requestAbout(incident, event);
  if (request?.state === 'lapsed' && request.step === null) {
    const again: Button = {
      label: 'Ask again',
      command: `/incident approve-request ${literal(request.what, 400)}`,
      incidentId: incident.id,
    };
    return { ...card, blocks: [...card.blocks, buttons(again)] };
  }
  return request?.state === 'asked'
    ? { ...card, blocks: [...card.blocks, buttons(...requestButtons(incident, request))] }
    : card;
}

/** Everybody who may decide now, named in a sentence. */
export function decidersWords(incident: Incident, request: ApprovalRequest, names: Names): Inline[] {
  const people = deciders(incident, request);
  const shown = people.slice(0, shownAtMost);
  const more = people.length - shown.length;
  return shown.flatMap((personId, index): Inline[] => [
    ...(index === 0 ? [] : [text(index === people.length - 1 ? ' or ' : ', ')]),
    { kind: 'person', personId, name: literal(names.get(personId) ?? personId, 80), notify: false },
    ...(index === shown.length - 1 && more > 0 ? [text(` or ${more} more`)] : []),
  ]);
}

/** How many have agreed already, where one is not enough. */
export const haveWords = ({ count, given }: ApprovalRequest): string =>
  count > 1 ? ` ${given.length} of ${count} have agreed.` : '';

/** What waits besides steps, each with its buttons, the oldest first. */
export function requestsWanted(incident: Incident, names: Names): Block[] {
  if (!isOpen(incident)) return [];
  const all = waiting(incident).filter(({ step }) => step === null);
  return all
    .slice(0, shownAtMost)
    .flatMap((request): Block[] => [
      paragraph(
        strong(`Request ${request.id} waits: `),
        text(`${literal(request.what, titleKept)}. `),
        ...decidersWords(incident, request, names),
        strong(', approve?'),
        text(haveWords(request)),
        ...(request.dueAt === null ? [] : [text(' Until '), time(request.dueAt), text('.')]),
      ),
      buttons(...requestButtons(incident, request)),
    ]);
}

/** What operators hear of a private incident they may not be in. */
export const hiddenGlass: Card = {
  tone: 'neutral',
  summary: 'The glass was broken in a private incident.',
  blocks: [
    paragraph(
      strong('The glass was broken in a private incident: '),
      text('somebody went ahead without the agreement of others. Those in it know who, and why.'),
    ),
  ],
};
