import type { Incident, Status } from '../incident/state.js';
import type { Button } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { lineButton, onButton, refused } from './answers.js';
import type { Act, Within } from './verb.js';

const offeredAtMost = 5;
const open: Status[] = ['investigating', 'identified', 'monitoring'];
const number = /^#?(?:inc-)?([1-9]\d{0,8})(?:-[a-z0-9-]*)?[.,:]?(?=\s|$)\s*/i;

export interface Two {
  /** The one the line is about: named first, or the one of the channel. */
  here: Incident;
  other: Incident;
  rest: string;
}

/**
 * Reads `#12 into #9 …` or `into #9 …`. An `Act` says what is missing, with the other open incidents as buttons that
 * carry the line.
 */
export async function two(
  args: string,
  about: Within,
  { verb, join }: { verb: string; join: RegExp },
): Promise<Two | { act: Act }> {
  const first = number.exec(args);
  const after = first ? args.slice(first[0].length) : '';
  const second = first && join.test(after) ? number.exec(after.replace(join, '')) : null;
  if (second) {
    const here = await byNumber(first?.[1], about);
    const other = await byNumber(second[1], about);
    if (!here || !other) return { act: unknown((here ? second : first)?.[1] ?? '') };
    return { here, other, rest: after.replace(join, '').slice(second[0].length) };
  }
  const line = args.replace(join, '');
  const only = number.exec(line);
  if (!only) return { act: await whichOther(verb, about) };
  const other = await byNumber(only[1], about);
  return other ? { here: about.incident, other, rest: line.slice(only[0].length) } : { act: unknown(only[1] ?? '') };
}

const byNumber = (typed: string | undefined, about: Within): Promise<Incident | null> =>
  about.reads.incident(about.viewer, { number: Number(typed) });

const unknown = (typed: string): Act =>
  refused(
    'unknown-incident',
    `There is no incident #${typed}. /incident list shows the open ones.`,
    lineButton('List', 'list'),
  );

async function whichOther(verb: string, about: Within): Promise<Act> {
  const { incidents } = await about.reads.incidents(about.viewer, {
    status: open,
    limit: offeredAtMost + 1,
    offset: 0,
  });
  const choices = incidents
    .filter(({ id }) => id !== about.incident.id)
    .slice(0, offeredAtMost)
    .flatMap((each): Button[] =>
      lineButton(`#${each.number} ${literal(each.title, onButton)}`, `${verb} #${each.number}`, {
        incidentId: about.incident.id,
      }),
    );
  return choices.length > 0
    ? refused('which-incident', `Which one? /incident ${verb} #12`, choices)
    : refused('no-incident', `No other incident is open. An ended one goes by its number: /incident link #12`);
}
