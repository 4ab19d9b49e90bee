import type { TimelineEvent } from '../../incident/events.js';
import { type Button, type Inline, note, paragraph, text, time } from '../../messages/card.js';
import { maskSecrets, secretsIn } from '../../secrets/find.js';
import { called, lineButton, misused, refused, sayCard, withButtons } from '../answers.js';
import { eventInWords } from '../event-words.js';
import { firstWords } from '../line.js';
import { whichIncident } from '../offers.js';
import type { About, Act, Verb, Within } from '../verb.js';

const listed = 10;
const alertsLookedAt = 1_000;
const longestReason = 300;
const unlessSaid = 'a secret was pasted';

export const redact: Verb = {
  name: 'redact',
  aliases: ['erase', 'redacted', 'scrub'],
  group: 'Keep people posted',
  usage: 'redact [<entry>|last|alerts] <reason>',
  examples: ['redact', 'redact 2 a password was pasted'],
  help: 'Erase what an entry says, everywhere; without one, show where secrets stand.',
  where: 'anywhere',
  async read(args, about): Promise<Act> {
    const cut = firstWords(args, 1);
    const word = (cut?.words[0] ?? '').toLowerCase();
    const reason = maskSecrets((cut?.rest ?? '').replace(/\s+/g, ' ').trim()).slice(0, longestReason);
    if (word === 'message') {
      const message = firstWords(cut?.rest ?? '', 1);
      return message
        ? erase(about, { message: message.words[0] as string }, message.rest.trim() || unlessSaid)
        : misused(redact, 'Which message?');
    }
    const { incident } = about;
    if (!incident) return whichIncident(redact, args, `redact ${args}`.trim(), about);
    const within = { ...about, incident };
    if (word === '') return list(within);
    if (word === 'alerts') {
      const words = (await inAlerts(within)).map((each) => each.text);
      if (words.length === 0)
        return refused('nothing-found', `No secret is known in the alerts of ${called(incident)}.`);
      return mine(within) ?? erase(about, { alerts: words }, reason || unlessSaid);
    }
    const timeline = await about.reads.timeline(about.viewer, incident.id);
    if (word === 'last') {
      const last =
        timeline.findLast((event) => saidBy(event, about) && holdsSecret(event)) ?? timeline.findLast(holdsSecret);
      return last ? one(within, last, reason || unlessSaid) : refused('nothing-found', noneFound(within));
    }
    const seq = /^#?(\d{1,9})$/.exec(word)?.[1];
    if (seq === undefined) return misused(redact, 'Name the entry by its number, or say last.');
    const event = timeline.find((each) => each.seq === Number(seq));
    if (!event)
      return refused(
        'unknown-entry',
        `${called(incident)} has no entry ${seq}; it has ${timeline.length}: /incident timeline`,
      );
    if (reason === '' && !holdsSecret(event)) return misused(redact, 'Say why it is erased.');
    return one(within, event, reason || unlessSaid);
  },
};

const erase = ({ incident }: About, what: Extract<Act, { kind: 'erase' }>['what'], reason: string): Act => ({
  kind: 'erase',
  incident,
  what,
  reason: maskSecrets(reason).slice(0, longestReason),
});

const saidBy = ({ actor, type, body }: TimelineEvent, { asker }: About): boolean =>
  (actor.kind === 'person' && actor.personId === asker.personId) ||
  ((type === 'messageKept' || type === 'keptMessageRevised') && body.by === asker.personId);
const holdsSecret = ({ body, redacted }: TimelineEvent): boolean => redacted !== true && secretsIn(body).length > 0;
const noneFound = ({ incident }: Within): string =>
  `No secret is known on the timeline of ${called(incident)}. To erase another entry: /incident redact <its number> <reason>`;

/** Whoever responds may erase what anybody wrote; it is recorded who did. */
function mine({ incident, asker }: Within): Act | null {
  if (incident.responders.includes(asker.personId)) return null;
  return refused(
    'not-responding',
    `Only who responds to ${called(incident)}, or wrote it, can erase it. /incident ack makes you one of them.`,
  );
}

function one(about: Within, event: TimelineEvent, reason: string): Act {
  if (event.redacted)
    return refused('already-erased', `Entry ${event.seq} of ${called(about.incident)} is erased already.`);
  if (event.type === 'redacted')
    return refused('not-erasable', 'What says that something was erased stays: it is the proof.');
  return (saidBy(event, about) ? null : mine(about)) ?? erase(about, { seqs: [event.seq] }, reason);
}

async function inAlerts({ reads, viewer, incident }: Within) {
  if (incident.alerts.total === 0) return [];
  return secretsIn((await reads.alerts(viewer, incident.id, { limit: alertsLookedAt, offset: 0 })).alerts);
}

const kindsOf = (found: readonly { kind: string }[]): string => [...new Set(found.map(({ kind }) => kind))].join(', ');

async function list(about: Within): Promise<Act> {
  const { incident } = about;
  const found = (await about.reads.timeline(about.viewer, incident.id)).filter(holdsSecret);
  const alerts = await inAlerts(about);
  if (found.length + alerts.length === 0)
    return sayCard({ tone: 'good', summary: noneFound(about), blocks: [paragraph(text(noneFound(about)))] });
  const summary = `What looks like a secret stands in ${found.length === 1 ? '1 entry' : `${found.length} entries`} of ${called(incident)}${alerts.length > 0 ? ' and in its alerts' : ''}. It is shown nowhere; erase it here, and revoke it where it belongs.`;
  const shown = found.slice(-listed);
  const items = shown.map((event): Inline[] => [
    text(`${event.seq} · ${kindsOf(secretsIn(event.body))} · `),
    time(event.at, 'date'),
    text(' · '),
    ...eventInWords(event, about.names),
  ]);
  if (alerts.length > 0)
    items.push([text(`alerts · ${kindsOf(alerts)} · the sender repeats it until it is changed there`)]);
  const on = { incidentId: incident.id, style: 'danger' } as const;
  const choices: Button[] = [
    ...shown.flatMap(({ seq }) => lineButton(`Redact ${seq}`, `redact ${seq} ${unlessSaid}`, on)),
    ...(alerts.length > 0 ? lineButton('Redact alerts', `redact alerts ${unlessSaid}`, on) : []),
  ];
  const more =
    found.length > shown.length ? [note(text(`${found.length - shown.length} earlier ones are not shown.`))] : [];
  return sayCard({
    tone: 'warning',
    summary,
    blocks: withButtons([paragraph(text(summary)), { kind: 'list', ordered: false, items }, ...more], choices),
  });
}
