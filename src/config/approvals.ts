import { verbs, wordMeans } from '../commands/verbs.js';
import type { ApprovalRule, ApproverRule } from '../incident/approvals.js';
import { roles } from '../incident/state.js';
import { suggestion } from '../messages/near.js';
import type { Allowed, Permissions } from '../people/permissions.js';
import type { ConfigFile } from './file.js';
import { membersOf } from './members.js';
import type { ConfigProblem } from './secrets.js';
import type { Located, Path } from './yaml.js';

const isRole = (word: string): word is (typeof roles)[number] => (roles as readonly string[]).includes(word);
const isBare = (kind: string | undefined): boolean => kind === undefined;

/** What a word of these sections stands for; null: nobody of that name. People are ids of the configuration. */
function somebody(file: ConfigFile, word: string): Allowed | { kind: 'services' } | null {
  const [, kind, name = ''] = /^(?:(role|group|person) )?(\S+)$/.exec(word) ?? [];
  if (isBare(kind)) {
    if (name === 'everyone' || name === 'responders' || name === 'services') return { kind: name };
    if (name === 'platform-lead') return leadOf(file);
  }
  if (kind !== 'group' && kind !== 'person' && isRole(name)) return { kind: 'role', role: name };
  if (kind !== 'group' && kind !== 'role' && Object.hasOwn(file.people, name))
    return { kind: 'people', as: file.people[name]?.name ?? name, people: [name] };
  if (kind !== 'person' && kind !== 'role' && Object.hasOwn(file.groups, name))
    return { kind: 'people', as: name, people: membersOf(file, name) };
  return null;
}

const leads = (file: ConfigFile): string[] => {
  const name = file['platform-lead'];
  return name === undefined ? [] : membersOf(file, name);
};
const leadOf = (file: ConfigFile): Allowed | null =>
  file['platform-lead'] === undefined ? null : { kind: 'people', as: 'the platform lead', people: leads(file) };

const within = 15 * 60_000;

/** Rules by kind; undefined: nothing is said about approvals, and the built-in rule holds. */
export function approvalsOf(file: ConfigFile): Record<string, ApprovalRule> | undefined {
  const lead = leadOf(file);
  const kinds = Object.entries(file.approvals);
  if (kinds.length === 0 && lead === null) return undefined;
  const whom = (words: readonly string[]): ApproverRule[] =>
    words.flatMap((word): ApproverRule[] => {
      const who = somebody(file, word);
      if (who === null || who.kind === 'everyone' || who.kind === 'responders') return [];
      return who.kind === 'people' ? [{ ...who, people: [...who.people] }] : [who];
    });
  const usual = whom(['commander', 'services', ...(lead ? ['platform-lead'] : [])]);
  const own = Object.hasOwn(file.approvals, 'default') ? file.approvals.default : undefined;
  const base: ApprovalRule = {
    from: own?.from ? whom(own.from) : usual,
    count: own?.count ?? 1,
    withinMs: own?.within ?? within,
  };
  const rules = kinds.map(([kind, given]) => [
    kind,
    {
      from: given.from ? whom(given.from) : base.from,
      count: given.count ?? base.count,
      withinMs: given.within ?? base.withinMs,
    },
  ]);
  return { default: base, ...Object.fromEntries(rules) };
}

/** Who may do what, by act. */
export const permissionsOf = (file: ConfigFile): Permissions['acts'] =>
  Object.fromEntries(
    Object.entries(file.permissions).map(([act, words]) => [
      act,
      words.flatMap((word) => {
        const who = somebody(file, word);
        return who === null || who.kind === 'services' ? [] : [who];
      }),
    ]),
  );

/** Names that lead nowhere, acts that are no verbs, and rules that would keep everybody out. */
export function accessProblems(file: ConfigFile, located: Located): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (level: 'error' | 'warning', path: Path, what: string, fix: string, key?: string): void => {
    problems.push({ where: located.at(path, key), what, fix, level });
  };
  const names = [...Object.keys(file.people), ...Object.keys(file.groups), ...roles, 'platform-lead'];
  const check = (words: readonly string[], path: Path, more: readonly string[], unfit: readonly string[]): void => {
    for (const [index, word] of words.entries()) {
      const who = somebody(file, word);
      if (who === null && word === 'platform-lead')
        add('error', [...path, index], 'There is no platform lead.', 'Give `platform-lead` a person or a group.');
      else if (who === null)
        add(
          'error',
          [...path, index],
          `There is no "${word}" to ask.`,
          sentence(suggestion(word, [...names, ...more])),
        );
      else if (unfit.includes(who.kind))
        add('error', [...path, index], `"${word}" cannot stand here.`, 'Name roles, groups or people.');
      else if (who.kind === 'people' && who.people.length === 0)
        add('warning', [...path, index], `Nobody is in ${word}.`, 'Add people to the group.');
    }
  };
  for (const [kind, { from }] of Object.entries(file.approvals))
    if (from) check(from, ['approvals', kind, 'from'], ['services'], ['everyone', 'responders']);
  const acts = verbs.map((verb) => verb.name);
  for (const [act, words] of Object.entries(file.permissions)) {
    const path = ['permissions', act];
    if (!acts.includes(act)) {
      const meant = wordMeans(act, '')?.verb.name;
      const fix = meant ? `Write ${meant}.` : sentence(suggestion(act, acts));
      add('error', ['permissions'], `There is no verb "${act}".`, fix, act);
      continue;
    }
    check(words, path, ['everyone', 'responders'], ['services']);
    const allowed = words.map((word) => somebody(file, word));
    const never = allowed.every((who) => who !== null && (isEmpty(who) || !reachable(act, who)));
    if (never) add('warning', ['permissions'], `As it stands nobody may ${act}.`, lockedOut(act), act);
  }
  return problems;
}

const isEmpty = (who: Allowed | { kind: 'services' }): boolean => who.kind === 'people' && who.people.length === 0;

/** Before it is declared there are no responders, and before somebody takes a role nobody has one. */
const reachable = (act: string, { kind }: Allowed | { kind: 'services' }): boolean =>
  act === 'declare' || act === 'take' ? kind !== 'role' && (kind !== 'responders' || act === 'take') : true;

const lockedOut = (act: string): string =>
  act === 'declare' || act === 'take'
    ? 'Nobody has a role then: name a group, a person, responders or everyone as well.'
    : 'Name somebody, or take the rule away.';

const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[?.]$/.test(words) ? '' : '.'}`;
