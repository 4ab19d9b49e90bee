/** What a calendar may hold; beyond it is left out and said, or the calendar is not taken at all. */
export const calendarLimits = {
  bytes: 4 * 1024 * 1024,
  /** Of one entry, as text. */
  entryCharacters: 64 * 1024,
  entries: 20_000,
  /** Times that are kept, over all entries. */
  times: 10_000,
  /** Times one entry is followed through, from its beginning. */
  repeats: 20_000,
  attendees: 20,
  titleCharacters: 200,
  /** Work on one entry, and on all of them. An entry that is not done by then never will be. */
  entryMs: 1_000,
  allMs: 5_000,
  /** So many of those make it no calendar. */
  endless: 2,
} as const;
