/**
 * A few questions that a platform shows at once, as a modal or a dialog. What is filled in becomes a line, so that a
 * form and a typed command are the same act.
 */
export interface Form {
  /** At most 24 characters. */
  title: string;
  /** On the button that sends it; at most 24 characters. */
  submit: string;
  intro?: string;
  fields: Field[];
  /** What the line begins with, e.g. `/incident declare`. */
  command: string;
  /** The incident it is about, so that it works outside the incident's channel too. */
  incidentId?: string;
}

export interface Field {
  /** `a-z0-9`, unique in the form. */
  name: string;
  label: string;
  /** `line` one line, `text` several, `choice` one of `options`. */
  kind: 'line' | 'text' | 'choice';
  required: boolean;
  hint?: string;
  placeholder?: string;
  /** What stands there to begin with; of a choice, one of its options' values. */
  value?: string;
  /** Characters. */
  atMost?: number;
  options?: { value: string; label: string }[];
  /** What goes before the value in the line, e.g. `--sev`; left out: the value alone. A field left empty adds nothing. */
  option?: string;
  /** The value stands in quotation marks in the line, because more words follow. */
  quoted?: true;
}

/** The line that stands for a form filled in: its fields in order, those with an option first. */
export function lineOf({ command, fields }: Pick<Form, 'command' | 'fields'>, values: Record<string, string>): string {
  const filled = fields.flatMap((field) => {
    const value = (values[field.name] ?? '').trim();
    return value === '' ? [] : [{ ...field, value }];
  });
  const options = filled
    .filter(({ option }) => option !== undefined)
    .map(({ option, value, quoted }) => `${option} ${quoted ? `"${value.replaceAll('"', "'")}"` : value}`);
  const rest = filled.filter(({ option }) => option === undefined).map(({ value }) => value);
  return [command, ...options, ...rest].join(' ');
}

/** The form behind a button that asks for some words first. */
export function askingForm(
  { title, command, kind }: Pick<Form, 'title' | 'command'> & Pick<Field, 'kind'>,
  { label, required, placeholder, value }: Pick<Field, 'label' | 'required' | 'placeholder' | 'value'>,
): Form {
  const shown = { ...(placeholder !== undefined && { placeholder }), ...(value !== undefined && { value }) };
  return { title, submit: 'Send', command, fields: [{ name: 'input', label, kind, required, ...shown }] };
}
