import type { App } from '@slack/bolt';
import { arrivalOf, shownOf, tell, tellLater } from './answer.js';
import { ask } from './ask.js';
import type { InboundParts } from './parts.js';
import { typed } from './said.js';

/** `/incident …`: the first message of the answer goes back with the acknowledgement, the others follow. */
export function hearCommands(app: App, parts: InboundParts): void {
  app.command(/.*/, async ({ body, ack, context }) => {
    const to = { address: body.response_url ?? null, userId: body.user_id };
    const outcome = await ask(
      parts,
      {
        id: `command-${body.trigger_id}`,
        userId: body.user_id,
        userName: body.user_name,
        channel: body.channel_id,
        incidentId: null,
        line: () => typed(parts, body.text ?? ''),
        arrival: arrivalOf(context),
      },
      { id: body.trigger_id, answerTo: to.address },
    );
    const shown = await shownOf(parts, outcome);
    if (shown === null) return ack();
    const [first, ...more] = shown;
    await ack({ ...first, response_type: 'ephemeral' } as Parameters<typeof ack>[0]);
    if (more.length > 0) parts.later('the rest of an answer', tell(parts, to, more));
    tellLater(parts, to, outcome);
  });
}
