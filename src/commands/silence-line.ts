import type { Matching } from '../alerts/quiet/matching.js';
import { near } from './near.js';
import { spanOf } from './span.js';
import type { About } from './verb.js';

const keys: Readonly<Record<string, 'services' | 'names' | 'sources' | 'hosts'>> = {
  ...{ service: 'services', services: 'services', svc: 'services' },
  ...{ name: 'names', alert: 'names', alertname: 'names', names: 'names' },
  ...{ source: 'sources', sources: 'sources', sender: 'sources' },
  ...{ host: 'hosts', hosts: 'hosts' },
};
const all = ['everything', 'all', '*'];
const these = ['this', 'these', 'it', 'them', 'here'];
const filler = ['and', 'with', 'where', 'the', 'alert', 'alerts', 'of', 'please'];
const timeWords = /^(?:for|from|until|till?|to|starting|beginning|at|on|now|today|tonight|tomorrow|-)$/i;
const timeLike = /^(?:\d{4}-\d\d-\d\d.*|\d\d?:\d\d.*|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)$/i;
const pair = /^(label\.)?([A-Za-z_][\w.:/-]{0,100})=(.+)$/;
/** A word, a quoted text, or a word with a quoted text behind `=`. */
const token = /^((?:[^\s"“”]+=)?["“][^"“”]*["”]|\S+)(?:\s+|$)/;
const reasonAt = /(?:^|[\s,;])(?:because(?:\s+of)?|reason|due\s+to)(?::|(?=\s))\s*/i;

/** What somebody typed, in its parts. `times` and `because` as they stand there; empty: left out. */
export interface Line {
  what: Matching | 'these';
  times: string;
  because: string;
}

/** `word`: nobody knows what it means. */
export type NotUnderstood = { unknown: string; meant: string[] } | { missing: 'what' } | { bad: string };

/** `service=registry name=Disk* for 2h because kernel update`; a word alone is a service, or a sender. */
export function lineOf(typed: string, about: Pick<About, 'quiet'>): Line | NotUnderstood {
  const cut = reasonAt.exec(typed);
  const because = cut ? typed.slice(cut.index + cut[0].length).trim() : '';
  let rest = (cut ? typed.slice(0, cut.index) : typed).replace(/[,;]+(?=\s|$)/g, '').trim();
  const what: Matching = {};
  let isThese = false;
  for (let hit = token.exec(rest); hit; hit = token.exec(rest)) {
    const word = hit[1] as string;
    const next = rest.slice(hit[0].length);
    const said = pair.exec(word);
    if (said) add(what, said[1] !== undefined, said[2] as string, unquoted(said[3] as string), about);
    else if (timeWords.test(word) || timeLike.test(word) || spanOf(rest)) break;
    else if (all.includes(word.toLowerCase())) what.everything = true;
    else if (these.includes(word.toLowerCase())) isThese = true;
    else if (!filler.includes(word.toLowerCase())) {
      const found = named(unquoted(word), about);
      if ('unknown' in found) return found;
      Object.assign(what, { [found.key]: [...(what[found.key] ?? []), found.value] });
    }
    rest = next;
  }
  const said = Object.keys(what).length;
  if (isThese && said > 0) return { bad: 'Say either “this” or what the alerts are, not both.' };
  if (what.everything && said > 1) return { bad: '“everything” goes alone: what else you said would narrow it.' };
  if (!isThese && said === 0) return { missing: 'what' };
  return { what: isThese ? 'these' : what, times: rest, because };
}

const unquoted = (value: string): string => value.replace(/^["“]([^"“”]*)["”]$/, '$1').trim();

function add(what: Matching, isLabel: boolean, key: string, value: string, { quiet }: Pick<About, 'quiet'>): void {
  const list = isLabel ? undefined : keys[key.toLowerCase()];
  if (list === undefined) {
    what.labels = { ...what.labels, [key]: value };
    return;
  }
  const values = value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => (list === 'services' ? (quiet.services.get(each) ?? each) : each));
  what[list] = [...(what[list] ?? []), ...values];
}

function named(
  word: string,
  { quiet }: Pick<About, 'quiet'>,
): { key: 'services' | 'sources'; value: string } | { unknown: string; meant: string[] } {
  const lower = word.toLowerCase();
  const service = quiet.services.get(word) ?? quiet.services.get(lower);
  if (service !== undefined) return { key: 'services', value: service };
  if (quiet.sources.includes(lower)) return { key: 'sources', value: lower };
  // Nobody keeps a catalogue: what alerts call a service is not known beforehand.
  if (quiet.services.size === 0) return { key: 'services', value: word };
  return { unknown: word, meant: near(lower, [...quiet.services.keys(), ...quiet.sources]) };
}

const bare = /^[^\s"“”,;]+$/;
const written = (value: string): string => (bare.test(value) ? value : `"${value.replace(/["“”]/g, '')}"`);

/** The same words again, for a button. */
export function whatWritten(what: Matching | 'these'): string {
  if (what === 'these') return 'this';
  if (what.everything) return 'everything';
  const lists = (['services', 'names', 'sources', 'hosts'] as const).flatMap((key) =>
    what[key] ? [`${key.slice(0, -1)}=${written(what[key].join(','))}`] : [],
  );
  const labels = Object.entries(what.labels ?? {}).map(([key, value]) => `label.${key}=${written(value)}`);
  return [...lists, ...labels].join(' ');
}

const minuteMs = 60_000;
const units = [
  ['d', 1_440 * minuteMs],
  ['h', 60 * minuteMs],
  ['m', minuteMs],
] as const;

/** The times again: a span stays one, counted from when the button is pressed; anything else becomes exact. */
export function timesWritten(
  typed: string,
  { fromAt, untilAt }: { fromAt: number; untilAt: number },
  now: number,
): string {
  const span = untilAt - fromAt;
  const unit = units.find(([, ms]) => span % ms === 0 && span / ms <= 9_999);
  if (/^for\s/i.test(typed) && fromAt <= now && unit) return `for ${span / unit[1]}${unit[0]}`;
  const exact = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
  return `${fromAt > now ? `from ${exact(fromAt)} ` : ''}until ${exact(untilAt)}`;
}
