import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { pressed } from '../buttons.js';
import { arrivalOf, shownOf, shownReply, tell, tellLater } from './answer.js';
import { ask, open } from './ask.js';
import { showHome } from './home.js';
import { formOf, modalOf } from './modal.js';
import type { Arrival, InboundParts, Outcome } from './parts.js';
import { instantOf } from './plain-text.js';
import { pressIds } from './presses.js';
import { isOfUs } from './self.js';
import { noButton, notOfHere } from './words.js';

/** Buttons of any message, and of somebody's home. A press is acknowledged when what it did is stored. */
export function hearActions(app: App, parts: InboundParts): void {
  const idOf = pressIds();
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: /^(run|ask)-\d+$/ },
    async ({ body, action, ack, context }) => {
      const { id: userId, team_id: team } = body.user;
      const place = body.container.message_ts ?? body.container.view_id ?? '';
      const to = { address: body.response_url || null, userId };
      const say = (text: string, code: string): void =>
        parts.later('the answer to a button', tell(parts, to, shownReply(parts, { text, refusal: { code } })));
      if (!isOfUs(team, await parts.self())) {
        await ack();
        return say(notOfHere, 'not-of-here');
      }
      const press = pressed(action.value ?? '');
      if (!press) {
        await ack();
        return say(noButton, 'unknown-button');
      }
      const channel = body.channel?.id ?? null;
      const incidentId = press.incidentId ?? null;
      const outcome: Outcome = action.action_id.startsWith('ask-')
        ? await openedFor(
            parts,
            body.trigger_id,
            modalOf(formOf(press, action.text.text), { incidentId, channel, answerTo: to.address }),
          )
        : await ask(
            parts,
            {
              id: idOf({
                userId,
                place: `${channel}/${place}`,
                actionId: action.action_id,
                value: action.value ?? '',
                at: instantOf(action.action_ts),
              }),
              userId,
              userName: body.user.name ?? body.user.username,
              channel,
              incidentId,
              line: async () => press.command,
              arrival: arrivalOf(context) satisfies Arrival,
            },
            { id: body.trigger_id, answerTo: to.address },
          );
      await ack();
      const shown = await shownOf(parts, outcome);
      if (shown) parts.later('the answer to a button', tell(parts, to, shown));
      tellLater(parts, to, outcome);
      if (body.view?.type === 'home') parts.later('somebody’s home', showHome(parts, userId));
    },
  );
}

async function openedFor(parts: InboundParts, trigger: string, view: Parameters<typeof open>[2]): Promise<Outcome> {
  const opened = await open(parts, trigger, view);
  return opened === 'opened' ? { kind: 'opened' } : { kind: 'reply', reply: opened };
}
