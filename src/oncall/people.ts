/** Somebody of the configuration. */
export interface Named {
  id: string;
  name: string;
  email: string | null;
}

/** Whom an entry of a calendar may mean. */
export interface Mention {
  title: string;
  attendees: { email: string; name: string }[];
}

export interface Meant {
  /** Ids. */
  people: string[];
  /** As the calendar calls them. */
  unknown: string[];
}

const folded = (word: string): string => word.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
const unique = (all: readonly string[]): string[] => [...new Set(all)];
const among = /\s*[,;/&+]\s*|\s+and\s+/i;
const parts = /\s+[-–—|·:]+\s+|:\s+|\s*[()<>]\s*/;
const mailIn = /[^\s@<>()[\]",;:]+@[^\s@<>()[\]",;:]+\.[^\s@<>()[\]",;:]+/g;

/**
 * Who is meant by an entry of a calendar, in this order: its whole title under `names`, its only attendee, the people its
 * title names (id, name, e-mail address, a first name that only one person has), its attendees. Somebody nobody knows is
 * never dropped.
 */
export function naming(people: readonly Named[], names: Readonly<Record<string, string>>): (of: Mention) => Meant {
  const by = new Map<string, string[]>();
  const add = (word: string, id: string): void =>
    void by.set(folded(word), unique([...(by.get(folded(word)) ?? []), id]));
  for (const { id, name } of people) add(name.split(/\s+/)[0] ?? name, id);
  // Whole names, addresses, ids and the map go before first names.
  for (const { id, name, email } of people)
    for (const word of [name, `@${id}`, ...(email === null ? [] : [email])]) by.set(folded(word), []);
  for (const { id, name, email } of people)
    for (const word of [name, `@${id}`, ...(email === null ? [] : [email])]) add(word, id);
  for (const { id } of people) by.set(folded(id), [id]);
  for (const [word, id] of Object.entries(names)) by.set(folded(word), [id]);
  const one = (word: string): string | null => {
    const found = by.get(folded(word)) ?? [];
    return found.length === 1 ? (found[0] as string) : null;
  };

  function inTitle(title: string): Meant {
    const whole =
      one(title) ??
      one(
        title
          .split(/\s*,\s*/)
          .reverse()
          .join(' '),
      );
    if (whole !== null) return { people: [whole], unknown: [] };
    const words = title
      .split(among)
      .map((word) => word.trim())
      .filter((word) => word !== '');
    const found = words.map((word) => ({ word, ids: namedIn(word) }));
    return {
      people: unique(found.flatMap(({ ids }) => ids)),
      unknown: unique(found.flatMap(({ word, ids }) => (ids.length > 0 ? [] : [word]))),
    };
  }

  function namedIn(word: string): string[] {
    const whole = one(word);
    if (whole !== null) return [whole];
    return [...word.split(parts), ...(word.match(mailIn) ?? [])].flatMap((part) => one(part) ?? []);
  }

  return ({ title, attendees }) => {
    const mapped = Object.keys(names).some((word) => folded(word) === folded(title)) ? one(title) : null;
    if (mapped !== null) return { people: [mapped], unknown: [] };
    const known = attendees.map((each) => ({ ...each, id: one(each.email) ?? one(each.name) }));
    const [only, ...more] = known;
    if (only && only.id !== null && more.length === 0) return { people: [only.id], unknown: [] };
    const told = inTitle(title);
    if (told.people.length > 0) return told;
    const invited = unique(known.flatMap(({ id }) => id ?? []));
    const strangers = known.flatMap(({ id, name, email }) => (id === null ? [name || email] : []));
    if (invited.length > 0) return { people: invited, unknown: unique(strangers) };
    if (strangers.length > 0 && told.unknown.length === 0) return { people: [], unknown: unique(strangers) };
    return { people: [], unknown: [title === '' ? 'an entry without a name' : title] };
  };
}
