import type { Incident } from '../incident/state.js';
import { walksOf } from '../incident/state.js';
import { literal } from './literal.js';
import { formatTime } from './zones.js';

const draftKept = 1_000;
/** Shorter ones say too little to tell a sentence by. Characters. */
const tellingAtLeast = 3;

/** Addresses, links, mentions, commands, paths, names of machines: never for everybody. */
const inside =
  /https?:\S*|www\.\S*|@\w\S*|[`$|\\]|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[\w-]+(?:\.[\w-]+)+\b|(?:^|\s)[~/][\w.-]+\/\S*|\b(?!sev)[a-z]+-?\d+\b|\w+_\w+|#\w+/i;

/** Everything that is known inside and must not leave by itself. */
function internals(incident: Incident, names: ReadonlyMap<string, string>): string[] {
  const { evidence, workaround, expected, alerts } = incident;
  const all = [
    ...[...names].flatMap(([id, name]) => [id, name, ...name.split(/\s+/)]),
    ...evidence.hosts,
    ...alerts.names,
    workaround?.text ?? '',
    expected?.why ?? '',
    ...walksOf(incident).flatMap(({ title, steps, answers }) => [
      title,
      ...Object.values(answers),
      ...steps.flatMap((step) => [step.title, step.said ?? '']),
    ]),
  ];
  return [...new Set(all.map((each) => each.trim()))].filter((each) => each.length >= tellingAtLeast);
}

/** As words of their own, whatever their capitals. */
function holds(text: string, words: string): boolean {
  const [within, sought] = [` ${text} `.toLowerCase(), words.toLowerCase()];
  const isPart = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);
  for (let at = within.indexOf(sought); at >= 0; at = within.indexOf(sought, at + 1))
    if (!isPart(within[at - 1]) && !isPart(within[at + sought.length])) return true;
  return false;
}

/** What of this text is internal, or looks so; empty: nothing that Muster knows of. */
export function internalsIn(text: string, incident: Incident, names: ReadonlyMap<string, string>): string[] {
  const looks = inside.exec(text)?.[0].trim();
  const known = internals(incident, names).filter((each) => holds(text, each));
  return [...new Set([...known, ...(looks ? [looks] : [])])];
}

/**
 * What could be told to everybody, from what stakeholders were told: sentences in which nothing internal is found, and
 * when it should work again. A beginning for a person, who reads and confirms it; nothing is published by itself.
 */
export function publicDraft(incident: Incident, names: ReadonlyMap<string, string>): string {
  const { updates, impact, expected, status } = incident;
  if (status === 'resolved' || status === 'closed') return 'It works again. We are sorry for the trouble.';
  const told = [impact?.text ?? '', updates.lastWords ?? '']
    .flatMap((words) => words.split(/(?<=[.!?])\s+|\n+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '' && internalsIn(sentence, incident, names).length === 0)
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`));
  const parts = [
    ...(told.length > 0 ? [...new Set(told)] : ['Something does not work as it should.']),
    status === 'monitoring'
      ? 'It should work again, and we watch it.'
      : status === 'identified'
        ? 'We know the cause and are mending it.'
        : 'We are looking for the cause.',
    ...(expected?.at ? [`We expect it to work again by ${formatTime(expected.at, 'UTC', 'date')}.`] : []),
  ];
  return literal(parts.join(' '), draftKept);
}
