import type { SaidMessage } from '../../platform.js';
import { Answered, type Client } from '../client.js';
import { platform } from '../settings.js';
import type { InboundParts } from './parts.js';

type Post = Awaited<ReturnType<Client['getPost']>>;

/** A declaration with a link to a message of this server: which, and the rest of the line; null: there is none. */
export function linked(text: string, url: string): { post: string; text: string } | null {
  if (!/^\s*declare\b/i.test(text)) return null;
  for (const word of text.split(/\s+/)) {
    if (!word.startsWith(`${url}/`)) continue;
    const post = /\/pl\/([a-z0-9]{26})$/.exec(word)?.[1];
    if (post) return { post, text: text.replace(word, '').replace(/\s+/g, ' ').trim() };
  }
  return null;
}

/** A post as what somebody said. */
export async function saidOf(parts: Pick<InboundParts, 'who'>, post: Post): Promise<SaidMessage> {
  // What comes through a webhook is not said by whoever made the webhook.
  const speaker = post.props?.from_webhook === 'true' ? null : await parts.who.speaker(post.user_id);
  return {
    platform,
    channel: post.channel_id,
    message: post.id,
    text: post.message,
    personId: speaker?.personId ?? null,
    at: post.create_at,
  };
}

/** What is behind a link, as far as whoever gave it may read it too; null: nothing, or nothing for them. */
export async function saidIn(parts: InboundParts, postId: string, account: string): Promise<SaidMessage | null> {
  try {
    const post = await parts.client.getPost(postId);
    const channel = await parts.client.getChannel(post.channel_id);
    const open = channel.type === 'O' && (await parts.client.getTeamMember(channel.team_id, account)).delete_at === 0;
    if (!open) await parts.client.getChannelMember(post.channel_id, account);
    return await saidOf(parts, post);
  } catch (error) {
    if (error instanceof Answered && [400, 403, 404].includes(error.status)) return null;
    throw error;
  }
}
