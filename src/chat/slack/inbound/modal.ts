import { z } from 'zod';
import { askingForm, type Field, type Form, lineOf } from '../../../messages/form.js';
import { type PlainText, plain } from '../blocks.js';
import type { Press } from '../buttons.js';
import { shortened } from '../pieces.js';

/** https://docs.slack.dev/reference/views */
const titleLength = 24;
const metadataLength = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/input-block, and its elements. */
const labelLength = 2_000;
const placeholderLength = 150;
const typedLength = 3_000;
const optionsAtMost = 100;
const optionLength = 75;
const introLength = 3_000;

/** The one modal Muster opens; what it is about travels in it. */
export const formCallback = 'muster_form';

const said = z.object({
  platform: z.string(),
  channel: z.string(),
  message: z.string(),
  text: z.string(),
  personId: z.string().nullable(),
  at: z.number(),
});
const carried = z.object({
  command: z.string(),
  incidentId: z.string().nullable(),
  channel: z.string().nullable(),
  /** Where the answer goes; null: to the person. */
  answerTo: z.string().nullable(),
  fields: z.array(z.object({ name: z.string(), option: z.string().optional() })),
  from: said.optional(),
  /** The text of `from` is not all of it. */
  cut: z.boolean().optional(),
});

/** What a modal takes along, so that what it sends back needs nothing looked up. */
export type Carried = z.output<typeof carried>;

/** As `private_metadata`: what does not fit is left out, the words it was declared from first. */
export function written(given: Carried): string {
  const tries = (function* (): Generator<Carried> {
    yield given;
    const { from } = given;
    for (let length = from?.text.length ?? 0; from && length > 0; length = Math.floor(length / 2))
      yield { ...given, from: { ...from, text: shortened(from.text, Math.max(2, Math.floor(length / 2))) }, cut: true };
    yield { ...given, from: undefined, answerTo: null };
  })();
  for (const each of tries) {
    const text = JSON.stringify(each);
    if (text.length <= metadataLength) return text;
  }
  throw new Error(`The command of a form is longer than a modal takes: ${given.command.length} characters.`);
}

/** null: no modal of Muster's. */
export function readCarried(metadata: string): Carried | null {
  try {
    return carried.safeParse(JSON.parse(metadata)).data ?? null;
  } catch {
    return null;
  }
}

type Block =
  | { type: 'section'; text: PlainText }
  | { type: 'input'; block_id: string; label: PlainText; hint?: PlainText; optional: boolean; element: object };

export interface Modal {
  type: 'modal';
  callback_id: string;
  private_metadata: string;
  title: PlainText;
  submit: PlainText;
  close: PlainText;
  blocks: Block[];
}

/** A form as Slack shows it. */
export function modalOf(
  form: Form,
  about: Omit<Carried, 'command' | 'fields' | 'incidentId'> & { incidentId: string | null },
): Modal {
  const fields = form.fields.map(({ name, option }) => ({ name, ...(option === undefined ? {} : { option }) }));
  return {
    type: 'modal',
    callback_id: formCallback,
    private_metadata: written({
      ...about,
      command: form.command,
      incidentId: form.incidentId ?? about.incidentId,
      fields,
    }),
    title: plain(shortened(form.title, titleLength)),
    submit: plain(shortened(form.submit, titleLength)),
    close: plain('Cancel'),
    blocks: [
      ...(form.intro ? [{ type: 'section' as const, text: plain(shortened(form.intro, introLength)) }] : []),
      ...form.fields.map(inputOf),
    ],
  };
}

/** The form behind a button that asks for one line first. */
export const formOf = ({ command, input }: Press, label: string): Form =>
  askingForm(
    { title: label.replace(/(…|\.\.\.)$/, '') || 'Muster', command, kind: 'line' },
    input ?? { label, required: false },
  );

const inputOf = (field: Field): Block => ({
  type: 'input',
  block_id: field.name,
  label: plain(shortened(field.label, labelLength)),
  ...(field.hint ? { hint: plain(shortened(field.hint, labelLength)) } : {}),
  optional: !field.required,
  element: field.kind === 'choice' ? choiceOf(field) : typedOf(field),
});

function typedOf({ kind, placeholder, value, atMost }: Field): object {
  const most = Math.min(atMost ?? typedLength, typedLength);
  return {
    type: 'plain_text_input',
    action_id: 'value',
    multiline: kind === 'text',
    max_length: most,
    ...(placeholder ? { placeholder: plain(shortened(placeholder, placeholderLength)) } : {}),
    ...(value ? { initial_value: shortened(value, most) } : {}),
  };
}

function choiceOf({ options = [], value, placeholder }: Field): object {
  const shown = options
    .slice(0, optionsAtMost)
    .map((option) => ({ text: plain(shortened(option.label, optionLength)), value: option.value }));
  const first = shown.find((option) => option.value === value);
  return {
    type: 'static_select',
    action_id: 'value',
    options: shown,
    ...(placeholder ? { placeholder: plain(shortened(placeholder, placeholderLength)) } : {}),
    ...(first ? { initial_option: first } : {}),
  };
}

const state = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() }),
  ),
);

/** The line that a modal comes to, from `view.state.values`. */
export function sentLine({ command, fields }: Carried, values: unknown): string {
  const read = state.safeParse(values).data ?? {};
  const typed = Object.fromEntries(
    Object.entries(read).map(([name, { value }]) => [name, value?.selected_option?.value ?? value?.value ?? '']),
  );
  return lineOf(
    { command, fields: fields.map((field) => ({ ...field, label: '', kind: 'line', required: false })) },
    typed,
  );
}
