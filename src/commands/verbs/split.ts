import type { Episode } from '../../alerts/alert.js';
import type { Incident } from '../../incident/state.js';
import { type Button, type Inline, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { channelName } from '../../messages/names.js';
import { act, called, found, lineButton, misused, onButton, refused } from '../answers.js';
import type { Verb, Within } from '../verb.js';

const pageSize = 1_000;
const offeredAtMost = 4;

/** All alerts of the incident at hand. */
export async function alertsOf(about: Within): Promise<Episode[]> {
  const all: Episode[] = [];
  for (;;) {
    const page = { limit: pageSize, offset: all.length };
    const { alerts, total } = await about.reads.alerts(about.viewer, about.incident.id, page);
    all.push(...alerts);
    if (alerts.length === 0 || all.length >= total) return all;
  }
}

/** An alert is meant by its name, service or host, or by a part of its name or summary. */
function chosen(alerts: readonly Episode[], typed: string): Episode[] {
  const terms = typed
    .toLowerCase()
    .split(/\s*,\s*|\s+and\s+/)
    .map((term) => term.replace(/^["'\u201c]|["'\u201d]$/g, '').trim())
    .filter((term) => term !== '');
  const meant = ({ name, service, host, summary }: Episode): boolean =>
    terms.some(
      (term) =>
        [service, host].some((each) => each?.toLowerCase() === term) ||
        [name, summary].some((each) => each.toLowerCase().includes(term)),
    );
  return alerts.filter(meant);
}

/** The first ` as ` parts what goes from how the new one is called. */
function parted(args: string): { what: string; title: string } | null {
  const at = ` ${args}`.toLowerCase().indexOf(' as ');
  return at === -1 ? null : { what: args.slice(0, Math.max(0, at - 1)).trim(), title: args.slice(at + 3).trim() };
}

export const split: Verb = {
  name: 'split',
  aliases: ['splits', 'splitting', 'split-off', 'split-out', 'carve-out'],
  group: 'Open and find',
  usage: 'split [alerts] as <title>',
  examples: ['split DiskFull as Storage is full', 'split as Pulls fail as well'],
  help: 'Open another incident with some of these alerts, or none; both are linked.',
  where: 'incident',
  async read(args, about) {
    const parts = parted(args);
    if (!parts || !/[\p{L}\p{N}]/u.test(parts.title))
      return misused(split, 'Which alerts go, and how is the new incident called?', await offers(about));
    const { what, title } = parts;
    const going = what === '' ? [] : chosen(await alertsOf(about), what);
    if (what !== '' && going.length === 0)
      return refused(
        'no-such-alert',
        `No alert of ${called(about.incident)} is called “${literal(what, 80)}”. /incident alerts shows them.`,
        [
          ...(await offers(about, title)),
          ...lineButton('Split without alerts', `split as ${title}`, { incidentId: about.incident.id }),
        ],
      );
    const other = about.newIncidentId();
    return act(about, { type: 'split', other, title, alerts: going.map(({ id }) => id) }, (after, events) => {
      const into = found(events, 'splitInto');
      const count = into?.alerts.total ?? 0;
      const said = `#${into?.other.number} is open, with ${count === 1 ? '1 alert' : `${count} alerts`} of ${called(after)}. Was it wrong? /incident merge #${into?.other.number} into ${called(after)}`;
      return {
        text: said,
        card: {
          tone: after.severity,
          summary: said,
          blocks: [paragraph(text(`${said} `), ...where(after, into?.other))],
        },
      };
    });
  },
};

const where = (
  { visibility }: Incident,
  other: { incidentId: string; number: number | null; title: string } | undefined,
): Inline[] =>
  other?.number
    ? [
        {
          kind: 'channel',
          channel: { to: 'incident', incidentId: other.incidentId },
          label: `#${channelName(other.number, other.title, visibility === 'private')}`,
        },
      ]
    : [];

async function offers(about: Within, title?: string): Promise<Button[]> {
  const names = [...new Set((await alertsOf(about)).map(({ name }) => name))].slice(0, offeredAtMost);
  return names.flatMap((name) =>
    lineButton(`${literal(name, onButton)}${title ? '' : '…'}`, `split ${name} as${title ? ` ${title}` : ''}`, {
      incidentId: about.incident.id,
      ...(!title && { input: { label: 'How is the new incident called?', required: true } }),
    }),
  );
}
