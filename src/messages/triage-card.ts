import type { Incident } from '../incident/state.js';
import { type Block, type Button, buttons, type Card, type Inline, paragraph, strong, text, time } from './card.js';
import { literal } from './literal.js';
import { type AboutSituation, personInline } from './situation.js';
import { changedFields } from './situation-changed.js';

const titleKept = 200;
const textKept = 500;

/** What can be decided about an entry of the triage queue. */
export function triageButtons(entry: Pick<Incident, 'id' | 'queued'>): Button[] {
  const incidentId = entry.id;
  const owned = (entry.queued?.owner ?? null) !== null;
  return [
    { label: 'Declare', command: '/incident declare', incidentId, style: 'primary' },
    ...(owned ? [] : [{ label: 'Own it', command: '/incident own', incidentId }]),
    {
      label: 'Snooze 1 h…',
      command: '/incident snooze 1h',
      incidentId,
      input: { label: 'Why can it wait?', required: true },
    },
    {
      label: 'Dismiss…',
      command: '/incident dismiss',
      incidentId,
      input: { label: 'Why is this not an incident?', required: true },
    },
  ];
}

const list = (values: readonly string[]): string => literal(values.join(', '), textKept) || 'unknown';

function decision(entry: Incident, about: AboutSituation): Inline[] | null {
  const made = entry.triageDecision;
  const who = (personId: string | null): Inline =>
    personId === null ? text('Muster') : personInline(personId, about.names);
  const why = (reason: string | undefined): Inline => text(reason ? `: ${literal(reason, textKept)}` : '');
  if (entry.status === 'triage') {
    if (entry.snoozedUntil === null) return null;
    return [
      text('Snoozed until '),
      time(entry.snoozedUntil, 'date'),
      text(' by '),
      who(made?.by ?? null),
      why(made?.reason),
    ];
  }
  if (entry.status === 'dismissed')
    return [text('Dismissed by '), who(made?.by ?? null), why(made?.reason ?? entry.outcome?.reason)];
  const by = entry.declaredBy?.kind === 'person' ? entry.declaredBy.personId : null;
  return [
    text(`Declared as #${entry.number} by `),
    who(by),
    text(' · '),
    { kind: 'channel', channel: { to: 'incident', incidentId: entry.id }, label: `#inc-${entry.number}` },
  ];
}

const backIntoQueue = (entry: Incident): Button => ({
  label: 'Back into the queue…',
  command: '/incident reopen',
  incidentId: entry.id,
  input: { label: 'Why should it be looked at again?', required: true },
});

const fact = (label: string, value: Inline[]) => ({ label, value });

/** Who answers for it, by when, and how long it has waited. */
function waiting({ queued, openedAt }: Incident, about: AboutSituation): ReturnType<typeof fact>[] {
  if (!queued) return [];
  const late = queued.dueAt < about.now;
  return [
    fact('Owner', [queued.owner === null ? text('nobody yet') : personInline(queued.owner, about.names)]),
    fact('Due', [
      ...(late ? [strong('was due ')] : []),
      time(queued.dueAt, 'date'),
      text(' · waits since '),
      time(openedAt, 'relative'),
    ]),
  ];
}

/** An entry of the triage queue: what came, how grave and why, and the decision once there is one. */
export function triageCard(entry: Incident, about: AboutSituation): Card {
  const title = literal(entry.title, titleKept);
  const { firing, total, names } = entry.alerts;
  const open = entry.status === 'triage';
  const often = `${total} alert${total === 1 ? '' : 's'}, ${firing === 0 ? 'all cleared' : `${firing} firing`}`;
  const decided = decision(entry, about);
  const fields = [
    fact('Severity', [text(`${entry.severity}, because ${literal(entry.severityReason, textKept)}`)]),
    fact('Alerts', [text(`${often} · ${list(names)}`)]),
  ];
  if (entry.services.length > 0) fields.push(fact('Services', [text(list(entry.services))]));
  if (entry.evidence.hosts.length > 0) fields.push(fact('Hosts', [text(list(entry.evidence.hosts))]));
  fields.push(fact('First seen', [time(entry.firstAlertAt ?? entry.openedAt, 'date')]));
  fields.push(...changedFields(entry));
  if (open) fields.push(...waiting(entry, about));
  const blocks: Block[] = [
    {
      kind: 'heading',
      content: [...(entry.drill ? [strong('DRILL'), text(' · ')] : []), text(`${title} · `), strong(entry.severity)],
    },
    { kind: 'fields', fields },
  ];
  if (decided) blocks.push(paragraph(...decided));
  if (open) blocks.push(buttons(...triageButtons(entry)));
  if (entry.status === 'dismissed') blocks.push(buttons(backIntoQueue(entry)));
  const state = open ? (entry.snoozedUntil === null ? 'in the triage queue' : 'snoozed') : decidedWord(entry);
  return {
    tone: open ? entry.severity : 'neutral',
    summary: `${entry.drill ? 'DRILL · ' : ''}${title}: ${entry.severity}, ${often}, ${state}.`,
    blocks,
  };
}

const decidedWord = (entry: Incident): string =>
  entry.status === 'dismissed' ? 'dismissed' : `declared as #${entry.number}`;
