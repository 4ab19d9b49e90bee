import { createHash } from 'node:crypto';
import type { App, GlobalShortcut, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import { literal } from '../../../messages/literal.js';
import { usedShortcuts } from '../uses.js';
import { type AnswerTo, arrivalOf, shownOf, tell, tellLater } from './answer.js';
import { ask } from './ask.js';
import { type Carried, formCallback, readCarried, sentLine } from './modal.js';
import type { InboundParts, Outcome } from './parts.js';
import { messageAt, readable, saidIn } from './said.js';
import { isOfUs } from './self.js';
import { noButton, notOfHere, notRecorded } from './words.js';

const [anywhere, onMessage] = usedShortcuts;
const problemLength = 300;

/** Shortcuts open the form to declare; what is sent from any form is run as the line it stands for. */
export function hearForms(app: App, parts: InboundParts): void {
  app.shortcut<GlobalShortcut>(
    { type: 'shortcut', callback_id: anywhere.callbackId },
    async ({ body, ack, context }) => {
      const to = { address: null, userId: body.user.id };
      const outcome = await declaring(parts, body, { channel: null, answerTo: null, arrival: arrivalOf(context) });
      await ack();
      follow(parts, to, outcome);
    },
  );

  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: onMessage.callbackId },
    async ({ body, ack, context }) => {
      const to = { address: body.response_url || null, userId: body.user.id };
      const { channel, message } = body;
      const said = { ...message, text: message.text ?? '' } as Parameters<typeof saidIn>[2];
      const outcome = await declaring(parts, body, {
        channel: channel.id,
        answerTo: to.address,
        arrival: arrivalOf(context),
        said,
      });
      await ack();
      follow(parts, to, outcome);
    },
  );

  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: formCallback },
    async ({ body, view, ack, context }) => {
      const about = readCarried(view.private_metadata);
      const [first] = view.blocks.flatMap((block) =>
        block.type === 'input' && block.block_id ? [block.block_id] : [],
      );
      const refuse = (problem: string) =>
        first === undefined
          ? ack()
          : ack({ response_action: 'errors', errors: { [first]: literal(problem, problemLength) } });
      if (!about) return refuse(noButton);
      if (!isOfUs(body.user.team_id, await parts.self())) return refuse(notOfHere);
      const line = sentLine(about, view.state.values);
      const { from } = about;
      const outcome = await ask(
        parts,
        {
          // What was refused is mended and sent from the same view: it is the same act only while it is the same line.
          id: `form-${view.id}-${createHash('sha256').update(line).digest('base64url').slice(0, 16)}`,
          userId: body.user.id,
          userName: body.user.name,
          channel: about.channel,
          incidentId: about.incidentId,
          line: async () => line,
          ...(from && { from: () => whole(parts, from, about.cut) }),
          arrival: arrivalOf(context),
        },
        null,
      );
      if (outcome.kind === 'notRecorded') return refuse(notRecorded);
      if (outcome.kind === 'reply' && outcome.reply.refusal) return refuse(outcome.reply.text);
      await ack();
      follow(parts, { address: about.answerTo, userId: body.user.id }, outcome);
    },
  );
}

/** Tells what became of it, where it was asked. */
function follow(parts: InboundParts, to: AnswerTo, outcome: Outcome): void {
  if (outcome.kind === 'opened') return;
  const told = async (): Promise<void> => tell(parts, to, (await shownOf(parts, outcome)) ?? []);
  parts.later('the answer to a form', told());
  tellLater(parts, to, outcome);
}

async function declaring(
  parts: InboundParts,
  body: GlobalShortcut | MessageShortcut,
  at: {
    channel: string | null;
    answerTo: string | null;
    arrival: ReturnType<typeof arrivalOf>;
    said?: Parameters<typeof saidIn>[2];
  },
): Promise<Outcome> {
  const { channel, answerTo, arrival, said } = at;
  if (!isOfUs(body.user.team_id, await parts.self()))
    return { kind: 'reply', reply: { text: notOfHere, refusal: { code: 'not-of-here' } } };
  const name = 'username' in body.user ? body.user.username : body.user.name;
  return ask(
    parts,
    {
      id: `shortcut-${body.trigger_id}`,
      userId: body.user.id,
      ...(name === undefined ? {} : { userName: name }),
      channel,
      incidentId: null,
      line: async () => '/incident declare',
      ...(said && channel && { from: () => saidIn(parts, channel, said) }),
      arrival,
    },
    { id: body.trigger_id, answerTo },
  );
}

/** A long message did not fit into the form: it is asked for again, and what is known of it is kept if that fails. */
async function whole(parts: InboundParts, from: NonNullable<Carried['from']>, cut: boolean | undefined) {
  if (!cut) return from;
  try {
    const said = await messageAt(parts, from.channel, from.message);
    return said ? { ...from, text: await readable(parts, said.text ?? '') } : from;
  } catch (error) {
    parts.adapter.log.warn({ err: error }, 'a message is kept cut short');
    return from;
  }
}
