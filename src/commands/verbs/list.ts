import type { Incident } from '../../incident/state.js';
import { type Block, buttons, type Inline, note, paragraph, strong, text, time } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { personInline } from '../../messages/situation.js';
import { triageButtons } from '../../messages/triage-card.js';
import { lineButton, sayCard, withButtons } from '../answers.js';
import { plainWord } from '../line.js';
import type { About, Act, Verb } from '../verb.js';

const shown = 20;
const entriesShown = 5;
const queueShown = 10;
const queueLookedThrough = 500;

function line(incident: Incident, about: About): Inline[] {
  const { commander } = incident.roles;
  const { dueAt, overdueSince } = incident.updates;
  const flags = `${incident.drill ? 'DRILL · ' : ''}${incident.visibility === 'private' ? 'private · ' : ''}`;
  return [
    strong(`#${incident.number}`),
    text(` ${flags}${literal(incident.title, 200)} · ${incident.severity} · ${incident.status} · commander: `),
    commander ? personInline(commander, about.names) : text('nobody yet'),
    ...(overdueSince !== null
      ? [text(' · a person’s update is overdue since '), time(overdueSince)]
      : dueAt !== null
        ? [text(' · next update due '), time(dueAt)]
        : [text(' · no update promised')]),
  ];
}

const plural = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;

export const list: Verb = {
  name: 'list',
  aliases: ['incidents', 'ls', 'overview'],
  presets: { 'triage-queue': 'triage', queue: 'triage', triage: 'triage' },
  group: 'Open and find',
  usage: 'list [triage]',
  examples: ['list', 'list triage'],
  help: 'Open incidents and the triage queue, or the whole queue by what is due first.',
  alone: /^(?:triage|queue|open|all)$/i,
  where: 'anywhere',
  async read(args, about) {
    const word = plainWord(args);
    if (word === 'triage' || word === 'queue') return queue(about);
    const [open, triage] = await Promise.all([
      about.reads.incidents(about.viewer, {
        status: ['investigating', 'identified', 'monitoring'],
        limit: shown,
        offset: 0,
      }),
      about.reads.incidents(about.viewer, { status: ['triage'], triage: true, limit: entriesShown, offset: 0 }),
    ]);
    const counted = `${plural(open.total, 'open incident', 'open incidents')}, ${plural(triage.total, 'entry', 'entries')} in the triage queue.`;
    const summary = counted.charAt(0).toUpperCase() + counted.slice(1);
    const blocks: Block[] = [paragraph(text(summary))];
    if (open.incidents.length > 0)
      blocks.push({ kind: 'list', ordered: false, items: open.incidents.map((each) => line(each, about)) });
    if (open.total > open.incidents.length) blocks.push(note(text(`and ${open.total - open.incidents.length} more.`)));
    for (const entry of triage.incidents)
      blocks.push(
        paragraph(
          strong('Triage: '),
          text(
            `${literal(entry.title, 200)} · ${entry.severity} · ${entry.alerts.firing} firing of ${entry.alerts.total}`,
          ),
        ),
        buttons(...triageButtons(entry)),
      );
    if (triage.total > triage.incidents.length)
      blocks.push(note(text(`and ${triage.total - triage.incidents.length} more in the triage queue.`)));
    const idle = open.total + triage.total === 0;
    return sayCard({
      tone: idle ? 'good' : 'neutral',
      summary,
      blocks: withButtons(blocks, idle ? lineButton('Declare…', 'declare', declareInput) : []),
    });
  },
};

/** What is due first stands first. */
async function queue(about: About): Promise<Act> {
  const page = { status: ['triage' as const], triage: true, offset: 0, limit: queueLookedThrough };
  const { incidents, total } = await about.reads.incidents(about.viewer, page);
  const dueAt = ({ queued, openedAt }: Incident): number => queued?.dueAt ?? openedAt;
  const sorted = [...incidents].sort((a, b) => dueAt(a) - dueAt(b));
  const late = sorted.filter((each) => dueAt(each) < about.now).length;
  const counted =
    total === 0 ? 'The triage queue is empty.' : `${plural(total, 'entry', 'entries')} in the triage queue`;
  const summary =
    total === 0 ? counted : `${counted}${late > 0 ? `, ${late} past ${late === 1 ? 'its' : 'their'} time` : ''}.`;
  const blocks: Block[] = [paragraph(text(summary))];
  for (const entry of sorted.slice(0, queueShown)) {
    const owner = entry.queued?.owner ?? null;
    blocks.push(
      paragraph(
        strong(dueAt(entry) < about.now ? 'Was due ' : 'Due '),
        time(dueAt(entry), 'date'),
        text(` · ${literal(entry.title, 200)} · ${entry.severity} · waits since `),
        time(entry.openedAt, 'relative'),
        text(owner === null ? ' · nobody owns it' : ' · owner: '),
        ...(owner === null ? [] : [personInline(owner, about.names)]),
        ...(entry.snoozedUntil === null ? [] : [text(' · snoozed until '), time(entry.snoozedUntil, 'date')]),
      ),
      buttons(...triageButtons(entry)),
    );
  }
  if (total > queueShown) blocks.push(note(text(`and ${total - queueShown} more, due later.`)));
  return sayCard({ tone: total === 0 ? 'good' : late > 0 ? 'warning' : 'neutral', summary, blocks });
}

const declareInput = { input: { label: 'What is wrong?', placeholder: 'Registry: pushes fail', required: true } };
