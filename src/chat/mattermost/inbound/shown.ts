import { type Block, type Card, code, paragraph, strong, text } from '../../../messages/card.js';
import type { Reply } from '../../platform.js';
import { contextOf } from '../context.js';
import type { Known } from '../inline.js';
import type { Post } from '../post.js';
import { renderCard } from '../render.js';
import { addressOf, type InboundParts } from './parts.js';

/** An answer only the asker sees mentions nobody. */
const nobody: Known = { username: () => null, channelName: () => null };

/** What answers a slash command. */
interface CommandAnswer {
  response_type: 'ephemeral';
  text: string;
  attachments?: Post['props']['attachments'];
  /** Else `<…|…>` in it would become a link. */
  skip_slack_parsing: true;
  extra_responses?: CommandAnswer[];
}

const cardOf = ({ text: words, card, refusal }: Reply): Card => {
  const shown = card ?? {
    tone: 'neutral' as const,
    summary: words,
    blocks: words.split('\n').flatMap((line) => (line.trim() === '' ? [] : [paragraph(text(line))])),
  };
  return refusal === undefined ? shown : { ...shown, tone: 'warning' };
};

/** A reply for one account, with buttons that nobody else can press. */
export function commandAnswer(
  parts: Pick<InboundParts, 'settings' | 'adapter' | 'key'>,
  reply: Reply,
  account: string,
): CommandAnswer {
  const posts = renderCard(cardOf(reply), {
    ...nobody,
    actionUrl: addressOf(parts, 'action'),
    context: contextOf(parts.key, account),
  });
  const [first = { message: '…', props: {} }, ...more] = posts;
  return { ...answerOf(first), ...(more.length > 0 && { extra_responses: more.map(answerOf) }) };
}

const answerOf = ({ message, props: { attachments } }: Post): CommandAnswer => ({
  response_type: 'ephemeral',
  text: message,
  ...(attachments && { attachments }),
  skip_slack_parsing: true,
});

/** A reply where only Markdown can be shown: buttons become what to type instead. */
export function plainAnswer(reply: Reply): string {
  const card = cardOf(reply);
  const posts = renderCard(
    { ...card, tone: 'neutral', blocks: card.blocks.flatMap(typed) },
    { ...nobody, actionUrl: '', context: () => ({}) },
  );
  return posts[0]?.message ?? '…';
}

function typed(block: Block): Block[] {
  if (block.kind === 'buttons')
    return block.buttons.map(({ label, command, input }) =>
      paragraph(text(`${label}: `), code(input ? `${command} …` : command)),
    );
  if (block.kind === 'fields')
    return block.fields.map(({ label, value }) => paragraph(strong(`${label}:`), text(' '), ...value));
  return [block];
}
