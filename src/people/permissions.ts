import { holderOf, type Incident, type Role } from '../incident/state.js';

/** One kind of people who may do something. People are person ids; `as` is what they are called together. */
export type Allowed =
  | { kind: 'everyone' }
  | { kind: 'responders' }
  | { kind: 'role'; role: Role }
  | { kind: 'people'; as: string; people: readonly string[] };

/** Who may do what, by act: the name of a verb. An act without a rule is for everyone. */
export interface Permissions {
  acts: Readonly<Record<string, readonly Allowed[]>>;
  /** Whoever leads the platform: never locked out. */
  lead: readonly string[];
}

/** What stands in the configuration about who is who, by person id. */
export interface Access {
  /** Groups by name. */
  groups: ReadonlyMap<string, readonly string[]>;
  permissions: Permissions;
}

export const everybodyMay: Permissions = { acts: {}, lead: [] };

/** What the platform lead may do whatever the rules say, so that no configuration locks everybody out. */
export const alwaysForLead: ReadonlySet<string> = new Set(['break-glass', 'take', 'assign']);

/** Whether this person is of those. Without an incident nobody responds and nobody has a role. */
export function isOf(allowed: Allowed, personId: string, incident: Incident | null): boolean {
  switch (allowed.kind) {
    case 'everyone':
      return true;
    case 'responders':
      return incident?.responders.includes(personId) ?? false;
    case 'role':
      return incident !== null && holderOf(incident, allowed.role) === personId;
    case 'people':
      return allowed.people.includes(personId);
  }
}

/** In a sentence: `the commander or group leads`. */
export function allowedWords(rule: readonly Allowed[]): string {
  const words = rule.map((each) =>
    each.kind === 'role' ? `the ${each.role}` : each.kind === 'people' ? each.as : each.kind,
  );
  return words.length < 2 ? (words[0] ?? 'nobody') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The same, with people by their person ids instead of the configuration's; whoever has none stays as named. */
export function accessNaming(
  groups: Readonly<Record<string, readonly string[]>>,
  acts: Permissions['acts'],
  lead: readonly string[],
  ids: ReadonlyMap<string, string>,
): Access {
  const named = (people: readonly string[]): string[] => people.map((id) => ids.get(id) ?? id);
  const rule = (each: Allowed): Allowed => (each.kind === 'people' ? { ...each, people: named(each.people) } : each);
  return {
    groups: new Map(Object.entries(groups).map(([group, people]) => [group, named(people)])),
    permissions: {
      acts: Object.fromEntries(Object.entries(acts).map(([act, allowed]) => [act, allowed.map(rule)])),
      lead: named(lead),
    },
  };
}
