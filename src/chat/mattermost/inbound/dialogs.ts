import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { askingForm, type Field, type Form } from '../../../messages/form.js';
import { literal } from '../../../messages/literal.js';
import { signed, verified } from '../signed.js';
import { addressOf, type InboundParts } from './parts.js';
import { needed, notOffered, tooLong } from './words.js';

/**
 * What a dialog takes. Newer servers refuse more, older ones show it badly.
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/integration_action.go (Dialog.IsValid)
 */
const TITLE = 24;
const LABEL = 24;
const HINT = 150;
const LINE = 150;
const LINES = 3_000;
const FIELDS = 5;

const carried = z.object({
  kind: z.literal('dialog'),
  /** Whoever may send it: the state of a dialog is seen by whom it is opened for. */
  account: z.string(),
  /** The same form sent twice is one act. */
  once: z.string(),
  command: z.string(),
  channel: z.string().nullable(),
  incidentId: z.string().nullable(),
  /** The message it is declared from. */
  from: z.string().nullable(),
  /** Where the answer to a slash command goes. */
  hook: z.string().nullable(),
  fields: z.array(
    z.object({
      name: z.string(),
      option: z.string().optional(),
      required: z.boolean(),
      atMost: z.number(),
      values: z.array(z.string()).optional(),
    }),
  ),
});

/** What a dialog takes along, so that what it sends back needs nothing looked up. */
export type Carried = z.output<typeof carried>;

interface OpenedFor {
  account: string;
  channel: string | null;
  incidentId: string | null;
  from: string | null;
  hook: string | null;
  trigger: string;
}

/** Shows a form. That the server does not open it is logged and answered with false: nothing was done. */
export async function openForm(parts: InboundParts, form: Form, given: OpenedFor): Promise<boolean> {
  const { trigger, account, channel, from, hook } = given;
  const shown = form.fields.length <= FIELDS ? form.fields : form.fields.toSorted(byNeed).slice(0, FIELDS);
  const state: Carried = {
    kind: 'dialog',
    account,
    once: randomBytes(9).toString('base64url'),
    command: form.command,
    channel,
    incidentId: form.incidentId ?? given.incidentId,
    from,
    hook,
    fields: shown.map(({ name, option, required, options, ...field }) => ({
      name,
      ...(option !== undefined && { option }),
      required,
      atMost: longest(field),
      ...(options && { values: options.map(({ value }) => value) }),
    })),
  };
  const { p, s } = signed(parts.key, state);
  const dialog = {
    callback_id: '',
    title: literal(form.title, TITLE) || 'Muster',
    introduction_text: '',
    submit_label: literal(form.submit, TITLE),
    notify_on_cancel: false,
    state: `${p}.${s}`,
    elements: shown.map(elementOf),
  };
  // The client has no method for it.
  const { doFetch, getBaseRoute } = parts.client as unknown as {
    doFetch(url: string, options: object): Promise<unknown>;
    getBaseRoute(): string;
  };
  try {
    await doFetch(`${getBaseRoute.call(parts.client)}/actions/dialogs/open`, {
      method: 'post',
      body: JSON.stringify({ trigger_id: trigger, url: addressOf(parts, 'dialog'), dialog }),
    });
    return true;
  } catch (error) {
    parts.adapter.log.warn({ err: error }, 'Mattermost did not open a form');
    return false;
  }
}

const byNeed = (one: Field, other: Field): number => Number(other.required) - Number(one.required);

/** What is longer than a line takes is written into several. */
const longest = ({ kind, atMost = LINES }: Pick<Field, 'kind' | 'atMost'>): number =>
  kind === 'choice' ? LINES : Math.min(atMost, LINES);

/** A label that is cut says little: of one question alone the whole of it stands below, as help. */
function elementOf(field: Field, _at: number, { length }: readonly Field[]): object {
  const alone = length === 1;
  const { name, label, required, hint = '', placeholder = '', value, options } = field;
  const fits = [...label].length <= LABEL;
  const short = fits ? literal(label) : alone ? 'Answer' : literal(label, LABEL);
  const atMost = longest(field);
  const help = [fits ? '' : label, hint].filter((part) => part !== '').join(' ');
  return {
    display_name: short || name,
    name,
    optional: !required,
    help_text: literal(help, HINT),
    placeholder: literal(placeholder, HINT),
    ...(field.kind === 'choice'
      ? {
          type: 'select',
          options: (options ?? []).map((option) => ({ text: option.label || option.value, value: option.value })),
          ...(options?.some((option) => option.value === value) && { default: value }),
        }
      : {
          type: field.kind === 'line' && atMost <= LINE ? 'text' : 'textarea',
          max_length: atMost,
          ...(value && { default: value.slice(0, atMost) }),
        }),
  };
}

/** The form behind a button that asks for one line first. */
export const oneLine = (command: string, input: Parameters<typeof askingForm>[1]): Form => {
  // Most questions are longer than a title may be.
  const title = [...input.label].length > TITLE ? command.split(' ').slice(0, 2).join(' ') : input.label;
  return askingForm({ title, command, kind: 'text' }, input);
};

/** What a dialog that was opened for this account took along; null: none of ours, or somebody else's. */
export function readState(key: Buffer, state: string, account: string): Carried | null {
  const [p, s] = state.split('.');
  const read = carried.safeParse(verified(key, { p, s }));
  return read.success && read.data.account === account ? read.data : null;
}

/** What was filled in, by field; and what is wrong with it, since the server checks nothing. */
export function filledIn(
  { fields }: Carried,
  submission: Record<string, unknown>,
): { values: Record<string, string>; errors: Record<string, string> } {
  const values: Record<string, string> = {};
  const errors: Record<string, string> = {};
  for (const { name, required, atMost, values: offered } of fields) {
    const given = submission[name];
    const value = typeof given === 'string' ? given.trim() : '';
    values[name] = value;
    if (value === '') {
      if (required) errors[name] = needed;
    } else if (offered && !offered.includes(value)) errors[name] = notOffered;
    else if ([...value].length > atMost) errors[name] = tooLong(atMost);
  }
  return { values, errors };
}
