import type { Inline } from './card.js';
import { literal } from './literal.js';
import { type ChannelValue, type Person, SafeUrl } from './values.js';
import { formatDuration, formatElsewhere } from './zones.js';

/** What stands behind a placeholder: outside text, or content only Muster's own values can make. */
export type Slot = { text: string } | { content: Inline[] } | { href: string; label: string };

/** Most items one list shows, values one message holds, and loop turns and words one rendering may take. */
const LIST_LIMIT = 200;
const SLOT_LIMIT = 2_000;
const TURN_LIMIT = 5_000;

/** One rendering: the slots filled so far and the turns spent. */
export interface Rendering {
  slots: Slot[];
  turns: number;
}

export const OPEN = '\ue000';
export const SHUT = '\ue001';
export const PLACEHOLDER = /\ue000(\d+)\ue001/g;
export const isPlaceholder = (value: string): boolean => /^\ue000\d+\ue001$/.test(value);

/** @throws Error when the rendering takes more turns than any message needs. */
export function turn(rendering: Rendering): void {
  rendering.turns += 1;
  if (rendering.turns > TURN_LIMIT) throw new Error(`the template takes more than ${TURN_LIMIT} turns`);
}

/** Keeps a slot and gives the mark that stands for it in the Markdown. */
export function put(rendering: Rendering, slot: Slot): string {
  turn(rendering);
  if (rendering.slots.length >= SLOT_LIMIT) throw new Error(`the template shows more than ${SLOT_LIMIT} values`);
  return `${OPEN}${rendering.slots.push(slot) - 1}${SHUT}`;
}

const UNKNOWN = 'unknown';
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isPerson = (value: unknown): value is Person =>
  isObject(value) && typeof value.personId === 'string' && typeof value.name === 'string';
const isChannel = (value: unknown): value is ChannelValue =>
  isObject(value) && isObject(value.channel) && typeof value.label === 'string';
const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const words = (value: unknown): string => {
  if (isPerson(value)) return words(value.name);
  if (typeof value !== 'string' && typeof value !== 'number') return UNKNOWN;
  return literal(String(value)) || UNKNOWN;
};

/** Whether `if` takes it for something: blank text, 0, false, nothing and an empty list are not. */
export const holds = (value: unknown): boolean =>
  typeof value === 'string' ? literal(value, 200) !== '' : Array.isArray(value) ? value.length > 0 : Boolean(value);

/** A plain `{{value}}`: its text. What has none reads `unknown`. */
export function show(value: unknown): Slot {
  const href = SafeUrl.hrefOf(value);
  if (href !== null) return { href, label: href };
  return { text: typeof value === 'string' && holds(value) ? value : words(value) };
}

/** A word of the template language, `{{word value … name=value}}`. */
export interface Word {
  /** Least and most values it takes. */
  takes: [number, number];
  named?: readonly string[];
  yields(args: readonly unknown[], named: Readonly<Record<string, unknown>>): Slot;
}

const STYLES = ['clock', 'date', 'relative'] as const;

export const inlineWords: Record<string, Word> = {
  time: {
    takes: [1, 2],
    yields: ([at, style]) =>
      isInstant(at)
        ? { content: [{ kind: 'time', at, style: STYLES.find((each) => each === style) ?? 'clock' }] }
        : { text: UNKNOWN },
  },
  times: {
    takes: [2, 2],
    yields: ([at, zones]) => {
      if (!isInstant(at)) return { text: UNKNOWN };
      const named = Array.isArray(zones) ? zones.filter((zone) => typeof zone === 'string').slice(0, 5) : [];
      const elsewhere = formatElsewhere(at, named);
      const time: Inline = { kind: 'time', at, style: 'clock' };
      return { content: elsewhere === '' ? [time] : [time, { kind: 'text', text: ` (${elsewhere})` }] };
    },
  },
  duration: { takes: [1, 1], yields: ([ms]) => ({ text: isInstant(ms) ? formatDuration(ms) : UNKNOWN }) },
  count: {
    takes: [2, 2],
    yields: ([amount, noun]) => ({ text: `${words(amount)} ${words(noun)}${amount === 1 ? '' : 's'}` }),
  },
  person: {
    takes: [1, 1],
    named: ['notify'],
    yields: ([person], { notify }) =>
      isPerson(person) && person.personId !== ''
        ? {
            content: [{ kind: 'person', personId: person.personId, name: words(person.name), notify: notify === true }],
          }
        : { text: words(person) },
  },
  link: {
    takes: [2, 2],
    yields: ([url, label]) => {
      const href = SafeUrl.hrefOf(url);
      return href === null ? { text: words(label) } : { href, label: words(label) };
    },
  },
  channel: {
    takes: [1, 1],
    yields: ([value]) =>
      isChannel(value)
        ? { content: [{ kind: 'channel', channel: value.channel, label: words(value.label) }] }
        : { text: UNKNOWN },
  },
  join: {
    takes: [1, 1],
    named: ['limit'],
    yields: ([list], { limit }) => {
      const all = Array.isArray(list) ? list : [];
      const shown = all.slice(0, listLimit(limit)).map(words);
      const more = all.length - shown.length;
      if (more > 0) return { text: `${shown.join(', ')} and ${more} more` };
      const last = shown.pop() ?? 'none';
      return { text: shown.length > 0 ? `${shown.join(', ')} and ${last}` : last };
    },
  },
};

/** Usable inside other words only: `{{#if (eq status "resolved")}}`. */
export const conditionWords: Record<string, (...args: unknown[]) => boolean> = {
  eq: (left, right) => left === right,
  /** An absent number is not above anything. */
  gt: (left, right) => typeof left === 'number' && typeof right === 'number' && left > right,
  and: (...all) => all.every(holds),
  or: (...all) => all.some(holds),
  not: (value) => !holds(value),
};

export const blockWords = ['if', 'unless', 'each', 'with'] as const;

export const listLimit = (limit: unknown): number =>
  typeof limit === 'number' && limit >= 1 ? Math.min(Math.floor(limit), LIST_LIMIT) : LIST_LIMIT;
