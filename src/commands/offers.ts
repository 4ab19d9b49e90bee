import type { Incident, Status } from '../incident/state.js';
import { type Block, type Button, note, paragraph, strong, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { sensibleNow } from '../messages/sensible-now.js';
import { triageButtons } from '../messages/triage-card.js';
import { called, lineButton, onButton, quoted, refused, sayCard, withButtons } from './answers.js';
import type { About, Act, Verb } from './verb.js';

const offered = 5;
const open: readonly Status[] = ['investigating', 'identified', 'monitoring'];
const anyOf: readonly (readonly Status[])[] = [open, ['resolved'], ['closed']];

export const declareButton = (line: string, label = `Declare “${literal(line, onButton)}”`): Button[] =>
  lineButton(label, `declare ${line}`);
const declareAsking: Button[] = lineButton('Declare…', 'declare', {
  style: 'primary',
  input: { label: 'What is wrong?', placeholder: 'Registry: pushes fail', required: true },
});

const label = (incident: Incident): string =>
  `${incident.number === null ? '' : `#${incident.number} `}${literal(incident.title, onButton)}`;

async function some(about: About, kinds: readonly (readonly Status[])[]): Promise<Incident[]> {
  const pages = await Promise.all(
    kinds.map((kind) =>
      about.reads.incidents(about.viewer, {
        status: [...kind],
        limit: offered,
        offset: 0,
        ...(kind.includes('triage') ? { triage: true } : {}),
      }),
    ),
  );
  return pages.flatMap((page) => page.incidents).slice(0, offered);
}

/** A verb that needs an incident was typed elsewhere: the incidents it may be meant for, each carrying the same line. */
export async function whichIncident(verb: Verb, args: string, line: string, about: About): Promise<Act> {
  const incidents = await some(about, verb.offers ?? anyOf);
  const asks = args === '' && verb.asks ? { input: verb.asks } : {};
  const same = `${verb.name} ${args}`.trim();
  const choices = incidents.flatMap((each) => lineButton(label(each), same, { incidentId: each.id, ...asks }));
  const declares = args === '' ? [] : declareButton(line);
  if (incidents.length === 0) {
    const none = verb.offers?.[0]?.includes('triage')
      ? 'The triage queue is empty.'
      : `There is no incident to ${verb.name}.`;
    return refused('no-incident', none, declares.length > 0 ? declares : declareAsking);
  }
  if (choices.length === 0) return refused('which-incident', 'Which incident? Type its number first: /incident #12 …');
  return refused('which-incident', `Which incident is this for? /incident ${literal(same, quoted)}`, [
    ...choices,
    ...declares,
  ]);
}

/** The bare command: what makes sense where you are. */
export async function menu(about: About): Promise<Act> {
  const { incident } = about;
  if (!incident) return elsewhere(about);
  const on = { incidentId: incident.id };
  if (incident.status === 'triage' || incident.status === 'dismissed') {
    const summary = `${called(incident)}: ${incident.severity}, ${incident.status}.`;
    const all = incident.status === 'triage' ? triageButtons(incident) : [];
    return sayCard({ tone: incident.severity, summary, blocks: withButtons([paragraph(text(summary))], all) });
  }
  const more: Button[] = [
    ...lineButton('Note…', 'note', { ...on, input: { label: 'Note', required: true } }),
    ...lineButton('Status', 'status', on),
    ...lineButton('Timeline', 'timeline', on),
    ...lineButton('Help', 'help'),
  ];
  const summary = `#${incident.number} ${literal(incident.title, quoted)}: ${incident.severity}, ${incident.status}.`;
  return sayCard({
    tone: incident.severity,
    summary,
    blocks: withButtons(
      [
        paragraph(
          strong(`#${incident.number} `),
          text(`${literal(incident.title, quoted)} · ${incident.severity} · ${incident.status}`),
        ),
      ],
      [...sensibleNow(incident), ...more],
    ),
  });
}

async function elsewhere(about: About): Promise<Act> {
  const incidents = await some(about, [open]);
  const summary =
    incidents.length === 0 ? 'No incident is open.' : 'Type what is wrong, or choose one of the open incidents.';
  const blocks: Block[] = [paragraph(text(summary))];
  const choices = incidents.flatMap((each) => lineButton(label(each), 'status', { incidentId: each.id }));
  const all = [...declareAsking, ...lineButton('List', 'list'), ...choices, ...lineButton('Help', 'help')];
  return sayCard({
    tone: 'neutral',
    summary,
    blocks: [
      ...withButtons(blocks, all),
      note(text('Free text after /incident declares: /incident Registry: pushes fail')),
    ],
  });
}
