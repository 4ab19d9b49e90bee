import { gradeOf } from './evidence.js';

/** A tag as senders keep them: `severity:critical`, `service=registry`, or a word alone. */
export interface Tag {
  /** Lower case. */
  name: string;
  value: string | null;
}

/** `name:value` and `name=value` taken apart. */
export function tagOf(text: string): Tag {
  const [, name = text, value = null] = /^([^:=]+)[:=](.+)$/.exec(text.trim()) ?? [];
  return { name: name.trim().toLowerCase(), value: value?.trim() || null };
}

/** What a tag of one of these names says. */
export const tagged = (tags: readonly Tag[], ...names: string[]): string | null =>
  tags.find(({ name, value }) => value !== null && names.includes(name))?.value ?? null;

/** How grave tags say it is: `severity:…`, `priority:…`, else a tag that is itself a word of severity. */
export const severityIn = (tags: readonly Tag[]): string | null =>
  tagged(tags, 'severity', 'sev', 'priority', 'level') ??
  tags.find(({ name, value }) => value === null && gradeOf(name) !== 'none')?.name ??
  null;

/** As labels. */
export const labelsOf = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ name, value }) => [name, value ?? 'true']));
