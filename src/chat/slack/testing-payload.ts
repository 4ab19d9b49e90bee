type Fields = Record<string, unknown>;

/** Every object of a payload with a `type`, outside in. */
function parts(payload: unknown): Fields[] {
  const found: Fields[] = [];
  JSON.stringify(payload, (_, value) => {
    if (typeof value === 'object' && value !== null && typeof value.type === 'string') found.push(value);
    return value;
  });
  return found;
}

const CALLS = ['user', 'usergroup', 'broadcast', 'team', 'color', 'emoji', 'link', 'channel'];
const TIME_ALONE = /^<!date\^\d+\^[{}\w ]+\|[\w: ]+>$/;
const CROWD = /@(?=\S)(?!\u2060)/;

/**
 * What a message does beside showing words, read from its payload: mentions, links, emoji, and whatever of its texts
 * Slack would read as markup. The words of an image of it are not in here.
 */
export function doings(message: Fields): string[] {
  const { text, parse, link_names, mrkdwn, blocks, attachments } = message;
  const found: string[] = [];
  if (link_names !== false) found.push('names in texts are looked for');
  if (parse !== 'none') found.push('addresses in texts are looked for');
  if (mrkdwn !== false) found.push('texts are formatted');
  if (attachments !== undefined) found.push('attachments');
  const spoken = String(text);
  if (/[<>]|&(?!(amp|lt|gt);)/.test(spoken)) found.push(`control: ${spoken}`);
  if (CROWD.test(spoken)) found.push(`mention: ${spoken}`);
  for (const part of parts(blocks)) {
    if (CALLS.includes(part.type as string))
      found.push(`${part.type} ${part.user_id ?? part.url ?? part.channel_id ?? part.name ?? part.range}`);
    if (part.type === 'mrkdwn' && !TIME_ALONE.test(String(part.text))) found.push(`markup: ${part.text}`);
    if (part.type === 'plain_text' && part.emoji !== false) found.push(`emoji in ${part.text}`);
    if (part.type === 'markdown') found.push('markdown');
  }
  return found;
}

/** The words a message shows, in their order, without white space and without the marks of a part; not its buttons. */
export function shownWords(messages: readonly { blocks: readonly unknown[] }[]): string {
  const blocks = messages
    .flatMap((message) => message.blocks as Fields[])
    .filter(({ type, block_id }) => type !== 'actions' && !String(block_id).startsWith('continued-'));
  return parts(blocks)
    .map(({ type, text, fallback, user_id, channel_id }) => {
      if (type === 'date') return fallback;
      if (type === 'mrkdwn') return /\|([^|>]*)>/.exec(String(text))?.[1];
      if (type === 'user' || type === 'channel') return user_id ?? channel_id;
      return typeof text === 'string' ? text : '';
    })
    .join('')
    .replace(/\s+/g, '');
}

/** How often each kind of part stands in a payload: what it looks like, whatever it says. */
export const anatomy = (messages: readonly unknown[]): string =>
  JSON.stringify(messages, (key, value) =>
    typeof value === 'string' && ['text', 'value', 'fallback'].includes(key) ? '' : value,
  );
