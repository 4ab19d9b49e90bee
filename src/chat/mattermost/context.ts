import { createHash } from 'node:crypto';
import type { Button } from '../../messages/card.js';
import { type Signed, signed, verified } from './signed.js';

type Carried = Pick<Button, 'command' | 'incidentId' | 'input'>;

/** Of what a button does, whatever order its parts come back in. */
function digest({ command, incidentId, input }: Carried): string {
  const asks = input && [input.label, input.placeholder ?? null, input.value ?? null, input.required];
  return createHash('sha256')
    .update(JSON.stringify([command, incidentId ?? null, asks ?? null]))
    .digest('base64url');
}

/**
 * The signature that goes along with a card's buttons.
 * @param only the account that may press them, of an answer that is for nobody else.
 */
export const contextOf =
  (key: Buffer, only: string | null = null) =>
  (button: Carried): Signed & Record<string, unknown> => ({
    ...signed(key, { button: digest(button), ...(only !== null && { only }) }),
  });

/** What was pressed by this account; null: that is none of our buttons, or none of theirs. */
export function pressed(key: Buffer, context: unknown, account: string): Carried | null {
  const payload = verified(key, context) as { button?: unknown; only?: unknown } | null;
  if (!payload || (payload.only !== undefined && payload.only !== account)) return null;
  const { command, incidentId, dialog } = context as Record<string, unknown>;
  const carried = {
    command,
    ...(incidentId !== undefined && { incidentId }),
    ...(dialog !== undefined && { input: dialog }),
  } as Carried;
  const whole =
    typeof command === 'string' && (dialog === undefined || (typeof dialog === 'object' && dialog !== null));
  return whole && digest(carried) === payload.button ? carried : null;
}
