/**
 * Work that is done once for each key: whoever comes again, meanwhile or later, gets what the first one got. What failed
 * may be tried again. It remembers the newest `most` keys of this process; the ids of commands do the rest.
 */
export function onceEach<T>(most: number): (key: string | null, work: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, work) => {
    if (key === null) return work();
    const before = known.get(key);
    if (before) return before;
    const made = work();
    known.set(key, made);
    made.catch(() => known.delete(key));
    if (known.size > most) known.delete(known.keys().next().value as string);
    return made;
  };
}
