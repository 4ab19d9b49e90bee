import { suggestion } from '../messages/near.js';
import { formatDuration, parseDuration } from './duration.js';
import { isAnswerName } from './fill.js';
import type { PlaybookStep } from './playbook.js';
import type { Place, Report } from './report.js';
import { everyNode, hrefOf, type ListItem, type Page, placeOf, sourceOf, wordsOf } from './tree.js';

const noteKeys = [
  'Expect',
  'If not',
  'If yes',
  'If no',
  'Check',
  'Then',
  'Role',
  'Within',
  'Approve',
  'Ask',
  'Required',
  'Roll back',
] as const;
type NoteKey = (typeof noteKeys)[number];
/** What fits a button beside others. Characters. */
const LONGEST_LABEL = 24;

/** The roles of an incident; a test holds them equal to the core's. */
export const roleNames = ['commander', 'communications', 'scribe', 'operations'] as const;

/** Links to be resolved once every heading and step is known. */
export interface Jump {
  href: string;
  words: string;
  place: Place;
}

export type Notes = Pick<
  PlaybookStep,
  'role' | 'withinMs' | 'approve' | 'expect' | 'ask' | 'required' | 'check' | 'ifYes'
> & {
  ifNot: { text: string; jump: Jump | null } | null;
  thenTo: Jump | null;
  rollBack: Jump | null;
  /** Bullets that are no notes, as written. */
  others: string[];
  /** Names asked for, with where they stand. */
  asked: { name: string; place: Place }[];
};

export interface Note<Key extends string> {
  key: Key;
  value: string;
  /** The value without its markup. */
  plain: string;
  jumps: Jump[];
  place: Place;
}

export function notesOf(items: readonly ListItem[], page: Page, report: Report): Notes {
  const notes: Notes = {
    role: null,
    withinMs: null,
    approve: null,
    expect: null,
    ifNot: null,
    ifYes: null,
    check: null,
    thenTo: null,
    required: false,
    rollBack: null,
    ask: [],
    asked: [],
    others: [],
  };
  const seen = new Map<NoteKey, number>();
  for (const item of items) {
    const note = noteOf(item, noteKeys, page, report);
    if (note === null) {
      notes.others.push(sourceOf(item.children, page));
      continue;
    }
    const of = sameAs[note.key] ?? note.key;
    const before = seen.get(of);
    if (before !== undefined) {
      report.error(note.place, `the step has two notes "${of}"`, `join it with the one on line ${before}`);
      continue;
    }
    seen.set(of, note.place.line);
    take(note, notes, report);
  }
  return notes;
}

/** Both say what follows when it is not so, or when it is. */
const sameAs: Partial<Record<NoteKey, NoteKey>> = { 'If no': 'If not', 'If yes': 'Then' };

function take(note: Note<NoteKey>, notes: Notes, report: Report): void {
  switch (note.key) {
    case 'Expect':
      notes.expect = note.value;
      return;
    case 'If not':
    case 'If no':
      notes.ifNot = { text: note.value, jump: oneJump(note, report) };
      return;
    case 'If yes':
      notes.ifYes = note.value;
      notes.thenTo = oneJump(note, report);
      return;
    case 'Check':
      notes.check = answersIn(note, report);
      return;
    case 'Required':
      notes.required = yesOrNo(note, report);
      return;
    case 'Roll back':
      notes.rollBack = oneJump(note, report);
      if (notes.rollBack === null)
        report.error(note.place, '"Roll back" has no link to a step', 'write `Roll back: [Roll back](#roll-back)`');
      return;
    case 'Then':
      notes.thenTo = thenIn(note, report);
      return;
    case 'Role':
      notes.role = roleIn(note, report);
      return;
    case 'Approve':
      notes.approve = roleIn(note, report);
      return;
    case 'Within':
      notes.withinMs = durationIn(note, report);
      return;
    case 'Ask':
      for (const name of note.plain.split(',').map((each) => each.trim())) {
        if (!isAnswerName(name)) {
          report.error(
            note.place,
            `"${name}" is not a name to ask for`,
            'letters, digits, - and _; a comma between two names',
          );
        } else if (!notes.ask.includes(name)) {
          notes.ask.push(name);
          notes.asked.push({ name, place: note.place });
        }
      }
  }
}

export function durationIn({ plain, place }: Pick<Note<string>, 'plain' | 'place'>, report: Report): number | null {
  const ms = parseDuration(plain);
  if (ms === null)
    report.error(place, `"${plain}" is not a duration`, `write a number and a unit: ${formatDuration(600_000)}, 2 h`);
  return ms;
}

export function yesOrNo({ key, plain, place }: Note<string>, report: Report): boolean {
  const word = plain.toLowerCase();
  if (word !== 'yes' && word !== 'no') report.error(place, `${key}: "${plain}" is neither yes nor no`, 'write yes');
  return word === 'yes';
}

/** `It is there / It is gone`; `yes` alone for the usual two. */
function answersIn({ plain, place }: Note<string>, report: Report): PlaybookStep['check'] {
  if (plain.toLowerCase() === 'yes') return plainAnswers;
  const [yes = '', no = '', more] = plain.split('/').map((each) => each.trim());
  if (yes === '' || no === '' || more !== undefined)
    report.error(place, '"Check" does not name two answers', 'write `Check: It works / It does not`, or `Check: yes`');
  else if (Math.max(yes.length, no.length) > LONGEST_LABEL)
    report.error(place, `an answer has more than ${LONGEST_LABEL} characters`, 'it has to fit a button');
  return { yes, no };
}
export const plainAnswers = { yes: 'Yes', no: 'No' };

function oneJump({ key, jumps }: Note<string>, report: Report): Jump | null {
  const [jump = null, second] = jumps;
  if (second) report.error(second.place, `"${key}" leads to two places`, 'keep the first link, describe the other');
  return jump;
}

/** One link and nothing else: what is to be done stands in the step it leads to. */
export function thenIn({ plain, jumps, place }: Note<string>, report: Report): Jump | null {
  const [jump = null, second] = jumps;
  const hint = 'write `Then: [Verify](#verify)` with a heading or step of this page';
  if (jump === null) report.error(place, '"Then" has no link to a step', hint);
  else if (second) report.error(second.place, '"Then" leads to two places', 'keep one link; "If not" can name another');
  else if (plain !== jump.words)
    report.warning(place, 'of "Then" only the link is used', 'put the words into the step');
  return jump;
}

function roleIn({ plain, place, key }: Note<string>, report: Report): string | null {
  const role = roleNames.find((each) => each === plain.toLowerCase());
  if (role === undefined) report.error(place, `${key}: "${plain}" is not a role`, suggestion(plain, roleNames));
  return role ?? null;
}

/** A note's value is what follows the first colon of the bullet's first words; the words before it are the key. */
export function noteOf<Key extends string>(
  item: ListItem,
  noteKeys: readonly Key[],
  page: Page,
  report: Report,
): Note<Key> | null {
  const place = placeOf(item);
  const [paragraph, extra] = item.children;
  const first = paragraph?.type === 'paragraph' ? paragraph.children[0] : undefined;
  const colon = first?.type === 'text' ? first.value.indexOf(':') : -1;
  if (paragraph?.type !== 'paragraph' || first?.type !== 'text' || colon === -1) {
    const hint = `write "Key: value" (${noteKeys.join(', ')}), or a checkbox, or a paragraph`;
    report.error(place, 'a bullet under a step is neither a note nor a checkbox', hint);
    return null;
  }
  const written = first.value.slice(0, colon).trim();
  const key = noteKeys.find((each) => each.toLowerCase() === written.toLowerCase());
  if (key === undefined) {
    report.error(place, `unknown note "${written}"`, suggestion(written, noteKeys));
    return null;
  }
  if (extra !== undefined) {
    report.error(placeOf(extra), `the note "${key}" is more than one paragraph`, 'put the rest into the step itself');
    return null;
  }
  const plainAll = wordsOf(paragraph);
  const source = sourceOf(paragraph.children, page).replace(/\s*\n\s*/g, ' ');
  const value = source.slice(source.indexOf(':') + 1).trim();
  const plain = plainAll.slice(plainAll.indexOf(':') + 1).trim();
  if (value === '') {
    report.error(place, `the note "${key}" is empty`, 'write what is meant, or remove it');
    return null;
  }
  return { key, value, plain, jumps: jumpsIn(paragraph, page), place };
}

function jumpsIn(node: Parameters<typeof everyNode>[0], page: Page): Jump[] {
  const jumps: Jump[] = [];
  for (const each of everyNode(node)) {
    const href = hrefOf(each, page);
    if (href?.startsWith('#')) jumps.push({ href, words: wordsOf(each), place: placeOf(each) });
  }
  return jumps;
}
