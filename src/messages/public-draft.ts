import type { Incident } from '../incident/state.js';
import { walksOf } from '../incident/state.js';
import { literal } from './literal.js';
import { formatTime } from './zones.js';

const draftKept = 1_000;
/** Shorter ones say too little to tell a sentence by. Characters. */
const tellingAtLeast = 3;

/** Addresses, links, mentions, commands, paths, names of machines: never for everybody. */
const inside =
  /https?:|www\.|@\w|[`$|\\]|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,}\b|\b[\w-]+(?:\.[\w-]+)+\b|(?:^|\s)[~/][\w.-]+\/|\b[a-z]+-?\d+\b|\w_\w|#\w/i;

/** Everything that is known inside and must not leave by itself. */
function internals(
  { evidence, walk, aside, workaround, expected, alerts, title }: Incident,
  names: ReadonlyMap<string, string>,
) {
  const walks = walksOf({ walk, aside });
  return [
    ...names.values(),
    ...names.keys(),
    ...[...names.values()].flatMap((name) => name.split(/\s+/)),
    ...evidence.hosts,
    ...alerts.names,
    title,
    workaround?.text ?? '',
    expected?.why ?? '',
    ...walks.flatMap(({ title: playbook, steps, answers }) => [
      playbook,
      ...Object.values(answers),
      ...steps.flatMap(({ title: step, phase, said }) => [step, phase, said ?? '']),
    ]),
  ]
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each.length >= tellingAtLeast);
}

/**
 * What could be told to everybody, from what stakeholders were told: sentences in which nothing internal is found, and
 * when it should work again. A beginning for a person, who reads and confirms it; nothing is published by itself.
 */
export function publicDraft(incident: Incident, names: ReadonlyMap<string, string>): string {
  const { updates, impact, expected, status } = incident;
  if (status === 'resolved' || status === 'closed') return 'It works again. We are sorry for the trouble.';
  const known = internals(incident, names);
  const whole = (sentence: string): boolean =>
    !inside.test(sentence) && !known.some((each) => sentence.toLowerCase().includes(each));
  const told = [impact?.text ?? '', updates.lastWords ?? '']
    .flatMap((words) => words.split(/(?<=[.!?])\s+|\n+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '' && whole(sentence))
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
