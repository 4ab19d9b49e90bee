import { literal } from '../messages/literal.js';
import { distance } from '../messages/near.js';
import { refused } from './answers.js';
import type { About, Act } from './verb.js';

export interface Known {
  personId: string;
  name: string;
}

const folded = (word: string): string => word.normalize('NFC').trim().toLowerCase();
/** `@ada`, `Ada,` and `ada` are the same person. */
const asked = (word: string): string => folded(word.replace(/^@/, '').replace(/[,;:.]+$/, ''));

/** Who is meant: an id or a whole name, else the one person with that first name. Several: ambiguous. */
export function match(people: readonly Known[], word: string, asker: Known): Known[] {
  const wanted = asked(word);
  if (wanted === '') return [];
  if (wanted === 'me') return [asker];
  const byId = people.filter((person) => folded(person.personId) === wanted);
  if (byId.length > 0) return byId;
  const whole = people.filter((person) => folded(person.name) === wanted);
  if (whole.length > 0) return whole;
  return people.filter((person) => folded(person.name).split(/\s+/)[0] === wanted);
}

/** People whose name looks like this, the nearest first, at most three. */
function alike(people: readonly Known[], word: string): Known[] {
  const wanted = asked(word).slice(0, 40);
  if (wanted === '') return [];
  const away = (person: Known): number => {
    const names = [folded(person.personId), folded(person.name), ...folded(person.name).split(/\s+/)];
    if (wanted.length > 1 && names.some((name) => name.startsWith(wanted))) return 0;
    return Math.min(...names.map((name) => distance(wanted, name.slice(0, 40))));
  };
  return people
    .map((person) => ({ person, slips: away(person) }))
    .filter(({ slips }) => slips <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.slips - b.slips)
    .slice(0, 3)
    .map(({ person }) => person);
}

/**
 * One person, or the refusal to show. `line` writes the command again with a person's id, for the buttons of those who
 * may have been meant.
 */
export async function onePerson(
  about: About,
  word: string,
  line: (personId: string) => string,
): Promise<{ person: Known } | { act: Act }> {
  const people = (await about.reads.people()).filter(({ goneAt }) => goneAt === null);
  const [first, ...more] = match(people, word, about.asker);
  if (first && more.length === 0) return { person: first };
  const near = first ? [first, ...more].slice(0, 3) : alike(people, word);
  const who = literal(word, 60);
  const message = first
    ? `${who} could be ${near.map((person) => `${person.name} (@${person.personId})`).join(' or ')}. Use the id.`
    : near.length > 0
      ? `Nobody here is called ${who}. Did you mean ${near.map((person) => person.name).join(' or ')}?`
      : `Nobody here is called ${who}. People become known when they first say something here, for example /incident join.`;
  const incidentId = about.incident?.id;
  return {
    act: refused(
      first ? 'ambiguous-person' : 'unknown-person',
      message,
      near.map((person) => ({
        label: literal(first ? `${person.name} (@${person.personId})` : person.name, 40),
        command: `/incident ${line(person.personId)}`,
        ...(incidentId ? { incidentId } : {}),
      })),
    ),
  };
}
