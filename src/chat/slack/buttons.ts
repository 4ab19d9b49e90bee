import { z } from 'zod';
import type { Button } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { type ButtonElement, plain } from './blocks.js';
import { buttonText, buttonValue } from './limits.js';
import { shortened } from './pieces.js';

const press = z.object({
  command: z.string(),
  incidentId: z.string().optional(),
  /** With it a form of one line is opened, and what is typed is appended to the command. */
  input: z
    .object({
      label: z.string(),
      placeholder: z.string().optional(),
      value: z.string().optional(),
      required: z.boolean(),
    })
    .optional(),
});

/** What a button stands for; it travels in the button, so that a press needs nothing looked up. */
export type Press = z.output<typeof press>;

/** A button of Slack's; `number` makes its id unique in the message. null: its command is longer than a button takes. */
export function buttonElement(button: Button, number: number): ButtonElement | null {
  const value = carried(button);
  if (value === null) return null;
  return {
    type: 'button',
    action_id: `${button.input ? 'ask' : 'run'}-${number}`,
    text: plain(shortLabel(button)),
    value,
    ...(button.style ? { style: button.style } : {}),
  };
}

/** The label in full; what asks for something first ends in `…`. */
export function labelOf({ label, input }: Button): string {
  const shown = literal(label, Number.MAX_SAFE_INTEGER) || '…';
  return input && !/(…|\.\.\.)$/.test(shown) ? `${shown}…` : shown;
}

export const shortLabel = (button: Button): string => shortened(labelOf(button), buttonText);

/** What only helps with typing goes first when there is no room for everything. */
function carried({ command, incidentId, input }: Button): string | null {
  const about = { command, ...(incidentId === undefined ? {} : { incidentId }) };
  const tries: Press[] = input
    ? [
        { ...about, input },
        { ...about, input: { label: input.label, placeholder: input.placeholder, required: input.required } },
        { ...about, input: { label: shortened(input.label, 100), required: input.required } },
      ]
    : [about];
  return tries.map((each) => JSON.stringify(each)).find((value) => value.length <= buttonValue) ?? null;
}

/** What was pressed, from the `value` of a button; null for what no button of Muster carries. */
export function pressed(value: string): Press | null {
  try {
    return press.safeParse(JSON.parse(value)).data ?? null;
  } catch {
    return null;
  }
}
