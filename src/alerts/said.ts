/** The first of these names that says anything, however the sender writes it: `EVENT.ID`, `event_id` and `eventId` are one. */
export type Saying = (...names: string[]) => string | null;

/** What stands where a sender could fill nothing in: `{EVENT.TAGS}`, `*UNKNOWN*`, `$service.vars.x$`. */
const unfilled = /^(?:\{[A-Z$][\w.$:"]*\}|\*UNKNOWN\*|\$[\w.]+\$)$/;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Of the texts and numbers at the top of a body; asked for in lower case without anything between. `prefix` is left out of names. */
export function sayingsOf(body: Record<string, unknown>, prefix?: RegExp): Saying {
  const said = new Map<string, string>();
  for (const [name, value] of Object.entries(body).slice(0, 200)) {
    const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
    if (text === '' || unfilled.test(text)) continue;
    const short = plain(prefix ? name.replace(prefix, '') : name);
    if (!said.has(short)) said.set(short, text);
  }
  return (...names) => names.map((name) => said.get(name)).find((one) => one !== undefined) ?? null;
}
