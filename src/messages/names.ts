import { maskSecrets } from '../secrets/find.js';

/** The longest name every supported platform takes. Mattermost: 64, Slack: 80. */
const LIMIT = 64;

/** Letters that do not fall apart into a base letter and marks. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** `a-z0-9` words joined by single dashes; empty when nothing of the title can be written so. */
function slug(title: string): string {
  return maskSecrets(title.slice(0, 1_000))
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter] ?? '')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/**
 * The channel of an incident: `inc-<number>-<slug>`, `a-z0-9-`, at most 64 characters, cut between words where one
 * ends. A private incident's name says nothing but its number.
 */
export function channelName(number: number, title: string, isPrivate: boolean): string {
  const name = `inc-${number}`;
  const words = isPrivate ? '' : slug(title);
  if (words === '') return name;
  const whole = `${name}-${words}`;
  if (whole.length <= LIMIT) return whole;
  const clipped = whole.slice(0, LIMIT);
  const end = whole[LIMIT] === '-' ? LIMIT : clipped.lastIndexOf('-');
  return clipped.slice(0, end > LIMIT / 2 ? end : LIMIT).replace(/-+$/, '');
}
