import { z } from 'zod';

/**
 * The export of Mattermost Playbooks, version 1: fields that are empty are left out
 * (https://github.com/mattermost/mattermost-plugin-playbooks, server/app/export.go).
 */
export const exportVersion = 1;

/** Go writes an empty list as null. */
const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((given) => given ?? []);
const text = z.string().default('');

const item = z.looseObject({
  title: text,
  description: text,
  /** A slash command of Mattermost. */
  command: text,
  /** ms after the start of the run. */
  due_date: z.number().default(0),
  /** Left out: a person, whom the export does not name. */
  assignee_type: text,
  condition_id: text,
});
export type Item = z.output<typeof item>;

export const exported = z.looseObject({
  version: z.literal(exportVersion, { error: `is not ${exportVersion}, the version Muster reads` }),
  title: z.string({ error: 'is missing' }).trim().min(1, 'is empty'),
  description: text,
  checklists: list(z.looseObject({ title: text, items: list(item) })),
  metrics: list(z.looseObject({ title: text, description: text })),
  message_on_join: text,
  reminder_message_template: text,
  reminder_timer_default_seconds: z.number().default(0),
  run_summary_template: text,
  retrospective_template: text,
  signal_any_keywords: list(z.string()),
  channel_name_template: text,
});
export type Exported = z.output<typeof exported>;
