import type { ConfigFile } from './file.js';

type Known = Pick<ConfigFile, 'people' | 'groups'>;

/** Ids of the people a name stands for: the person, or everybody in the group, each once. */
export function membersOf({ people, groups }: Known, name: string): string[] {
  if (Object.hasOwn(people, name)) return [name];
  const listed = Object.hasOwn(groups, name) ? (groups[name] as string[]) : [];
  const joined = Object.entries(people).flatMap(([id, person]) => (person.groups.includes(name) ? [id] : []));
  return [...new Set([...listed, ...joined])];
}

/** Everybody several names stand for, each once. */
export const everybodyOf = (known: Known, names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => membersOf(known, name))),
];

/** The people who own a service: its owner and second owner, groups written out. */
export function ownersOf(file: Known & Pick<ConfigFile, 'services'>, service: string): string[] {
  const entry = Object.hasOwn(file.services, service) ? file.services[service] : undefined;
  return everybodyOf(
    file,
    [entry?.owner, entry?.['second-owner']].filter((name) => name !== undefined),
  );
}
