import type { Approvers } from '../incident/approvals.js';
import type { Meant } from '../incident/commands.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { onePerson } from './people.js';
import { roleOf } from './roles.js';
import { spanOf } from './span.js';
import type { Act, Within } from './verb.js';
import { stepNamed } from './walk.js';

const flag = /^(?:--?|[\u2013\u2014])request(?:=|\s+)(\d{1,4})(?:\s+|$)/i;
const bare = /^(?:request\s+)?(?:no\.?\s*)?(\d{1,4})(?=$|[\s:,.]+)[\s:,.]*/i;

/** What an answer is for, as a button names it or as `2` or `request 2` typed first, and what else was said. */
export function requestNamed(
  args: string,
  { approvals = [] }: Incident,
): { meant: Meant & { request?: number }; said: string } {
  const shown = flag.exec(args);
  if (shown) return { meant: { request: Number(shown[1]) }, said: args.slice(shown[0].length) };
  const { meant, said } = stepNamed(args);
  const typed = meant.step === undefined ? bare.exec(said) : null;
  // A number that is none of a request belongs to what is said.
  const known = typed !== null && approvals.some(({ id }) => id === Number(typed[1]));
  return typed && known ? { meant: { request: Number(typed[1]) }, said: said.slice(typed[0].length) } : { meant, said };
}

export interface Asking {
  what: string;
  from: Approvers[] | null;
  count: number | null;
  withinMs: number | null;
}

const countWords = /\s+count\s+(\d{1,3})$/i;
const withinWords = /\s+within\s+(\S+(?:\s*[a-z]+)?)$/i;
const fromWords = /^(.*)\s+from\s+(.+)$/is;

/** `<what> [from …] [count 2] [within 15m]`; the last three in any order, at the end. */
export async function asking(
  args: string,
  about: Within,
): Promise<{ asking: Asking } | { act: Act } | { wrong: string }> {
  const made: Asking = { what: args.trim(), from: null, count: null, withinMs: null };
  for (;;) {
    const count = countWords.exec(made.what);
    const within = withinWords.exec(made.what);
    const hit = count ?? within;
    if (!hit) break;
    if (count) made.count = Number(count[1]);
    else if (within) {
      const span = spanOf(within[1] ?? '');
      // "within reach" is no time: it belongs to what is asked for.
      if (span?.rest !== '' || span.ms === 0) break;
      made.withinMs = span.ms;
    }
    made.what = made.what.slice(0, hit.index).trim();
  }
  const split = fromWords.exec(made.what);
  if (split) {
    const from = await approversNamed(split[2] ?? '', split[1] ?? '', about);
    if (from && 'act' in from) return from;
    if (from) {
      made.from = from.from;
      made.what = (split[1] ?? '').trim();
    }
  }
  if (made.count !== null && (made.count < 1 || made.count > 5))
    return { wrong: 'Between 1 and 5 people can be asked to agree.' };
  return made.what === '' ? { wrong: 'What is to be approved?' } : { asking: made };
}

/** Roles, groups and people, each asked after the one before; null: it is no list of them, but what was asked for. */
async function approversNamed(
  list: string,
  what: string,
  about: Within,
): Promise<{ from: Approvers[] } | { act: Act } | null> {
  const words = list
    .split(/\s*(?:,|\s(?:or|and|then)\s|\s)\s*/i)
    .filter((word) => word !== '' && !/^(?:or|and|then)$/i.test(word));
  const from: Approvers[] = [];
  for (const word of words) {
    const bareWord = word.replace(/^@/, '').toLowerCase();
    const role = word.startsWith('@') ? null : roleOf(word);
    const group = about.groups.get(bareWord);
    if (role) from.push({ kind: 'role', role });
    else if (bareWord === 'platform-lead' && about.policy.platformLead)
      from.push({ kind: 'people', as: 'the platform lead', people: about.policy.platformLead });
    else if (group) from.push({ kind: 'people', as: bareWord, people: [...group] });
    else {
      const one = await onePerson(about, word, (personId) => `approve-request ${what} from @${personId}`);
      if ('act' in one) return word.startsWith('@') ? one : null;
      from.push({ kind: 'people', as: literal(one.person.name, 80), people: [one.person.personId] });
    }
  }
  return from.length > 0 ? { from } : null;
}

/** `<what> because <reason>`; what a button or a number names needs no more than the reason. */
export function breaking(
  args: string,
  incident: Incident,
): { meant: Meant & { request?: number }; what: string | null; reason: string } {
  const { meant, said } = requestNamed(args, incident);
  const named = meant.request !== undefined || meant.step !== undefined || meant.playbook !== undefined;
  const cut = /^(?:(.*?)\s+)?because\s+(.+)$/is.exec(said);
  const reason = (cut?.[2] ?? (named ? said : '')).trim();
  const what = named ? '' : (cut?.[1] ?? '').trim();
  return { meant, what: what === '' ? null : what, reason };
}
