import type { Reply } from '../chat/platform.js';
import type { TimelineEvent } from '../incident/events.js';
import { type Button, buttons, note, paragraph, strong, text } from '../messages/card.js';
import { typedLines } from '../messages/literal.js';
import { secretsIn } from '../secrets/find.js';
import type { SecretKind } from '../secrets/shapes.js';

/** Characters of what is typed that are looked through; a command keeps fewer. */
const lookedThrough = 20_000;
const reason = 'a secret was pasted';

/** What kinds of secret somebody typed. */
export const secretsTyped = (typed: string): SecretKind[] => [
  ...new Set(secretsIn(typedLines(typed, lookedThrough)).map(({ kind }) => kind)),
];

/** Where it stands now: an entry of an incident's timeline, a message of the web room, or nowhere. */
export type Kept = { incidentId: string; seq: number | null } | { message: string } | 'somewhere' | 'nowhere';

/** The newest entry of this person that holds a secret. */
export const entryWith = (timeline: readonly TimelineEvent[], personId: string): number | null =>
  timeline.findLast(
    ({ actor, body, redacted }) =>
      !redacted && actor.kind === 'person' && actor.personId === personId && secretsIn(body).length > 0,
  )?.seq ?? null;

const article = (kind: string): string => (/^[aeiou]/i.test(kind) ? 'an' : 'a');
const listed = (kinds: readonly string[]): string => kinds.map((kind) => `${article(kind)} ${kind}`).join(' and ');

function ways(kept: Kept): Button[] {
  if (kept === 'nowhere') return [];
  if (kept === 'somewhere') return [{ label: 'Where it stands', command: '/incident redact' }];
  if ('message' in kept)
    return [{ label: 'Redact it', command: `/incident redact message ${kept.message} ${reason}`, style: 'danger' }];
  const { incidentId, seq } = kept;
  const command = seq === null ? '/incident redact' : `/incident redact ${seq} ${reason}`;
  return [{ label: seq === null ? 'Where it stands' : 'Redact it', command, incidentId, style: 'danger' }];
}

/** What whoever said something in the web room is told, if it held a secret. */
export function warningOf(said: string, message: string): Reply | null {
  const kinds = secretsTyped(said);
  return kinds.length === 0 ? null : warned({ text: '' }, kinds, { message });
}

/** The same answer, with a word to whoever pasted a secret. What was asked for has been done all the same. */
export function warned(reply: Reply, kinds: readonly SecretKind[], kept: Kept): Reply {
  if (kinds.length === 0) return reply;
  const what = `That looks like ${listed(kinds)}.`;
  const now =
    kept === 'nowhere'
      ? 'It is on no timeline.'
      : `Muster keeps it as you typed it and shows it nowhere: it is hidden in every message, update and postmortem.`;
  const words = `${what} Revoke it now, where it belongs. ${now}`;
  const shown = reply.card ?? { tone: 'neutral', summary: reply.text, blocks: [paragraph(text(reply.text))] };
  const redact = ways(kept);
  return {
    ...reply,
    text: `${reply.text} ${words}${redact.length > 0 ? ` To erase it: ${redact[0]?.command}` : ''}`.trim(),
    card: {
      ...shown,
      tone: 'warning',
      summary: `${words} ${shown.summary}`.trim(),
      blocks: [
        paragraph(strong(what), text(' Revoke it now, where it belongs.')),
        note(text(now)),
        ...(redact.length > 0 ? [buttons(...redact)] : []),
        ...(reply.text === '' ? [] : shown.blocks),
      ],
    },
  };
}
