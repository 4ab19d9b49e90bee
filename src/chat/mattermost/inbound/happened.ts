import { Answered } from '../client.js';
import { platform } from '../settings.js';
import { saidOf } from './linked.js';
import type { InboundParts } from './parts.js';

/** A post as events and lists carry it. */
export interface Seen {
  id: string;
  create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  is_pinned?: boolean;
  user_id: string;
  channel_id: string;
  original_id?: string;
  message: string;
  type: string;
  metadata?: { reactions?: Reaction[] | null };
}
export interface Reaction {
  user_id: string;
  post_id: string;
  emoji_name: string;
}

type Hears = Pick<InboundParts, 'inbound' | 'who' | 'client' | 'settings'>;
type Post = Parameters<typeof saidOf>[1];

/** What people do with messages there, handed inward. Doing it again changes nothing. */
export function happenings(parts: Hears, bot: string) {
  const { inbound, who, client, settings } = parts;
  const ours = ({ user_id, type }: Pick<Seen, 'user_id' | 'type'>): boolean =>
    user_id === bot || type.startsWith('system_');

  async function keep(post: Seen, by: string): Promise<void> {
    const asked = await unlessGone(async () => ({
      said: await saidOf(parts, post as unknown as Post),
      keptBy: (await who.person(by)).personId,
    }));
    if (asked) await inbound.keep({ ...asked.said, keptBy: asked.keptBy });
  }
  const keeps = ({ user_id, emoji_name }: Reaction): boolean =>
    user_id !== bot && settings.keepReactions.includes(emoji_name);

  return {
    /** A post as it is now. The server does not say who pinned it: then it is kept in the name of who said it. */
    async stands(post: Seen): Promise<void> {
      // What it was before an edit is listed as a deleted post of its own.
      if (ours(post) || (post.original_id ?? '') !== '') return;
      const about = { platform, channel: post.channel_id, message: post.id };
      if (post.delete_at > 0) return inbound.revise({ ...about, text: null, at: post.delete_at });
      const reaction = (post.metadata?.reactions ?? []).find(keeps);
      if (reaction) await keep(post, reaction.user_id);
      else if (post.is_pinned) await keep(post, post.user_id);
      if (post.edit_at > 0) await inbound.revise({ ...about, text: post.message, at: post.edit_at });
    },
    async reacted(reaction: Reaction): Promise<void> {
      if (!keeps(reaction)) return;
      const post = (await unlessGone(() => client.getPost(reaction.post_id))) as unknown as Seen | null;
      if (post && !ours(post)) await keep(post, reaction.user_id);
    },
    async deleted(post: Seen, at: number): Promise<void> {
      if (ours(post)) return;
      await inbound.revise({ platform, channel: post.channel_id, message: post.id, text: null, at });
    },
  };
}

/** null: the server knows nobody, or nothing, of that name any more; asking again would hold up all else for ever. */
async function unlessGone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Answered && error.id !== null && [400, 403, 404].includes(error.status)) return null;
    throw error;
  }
}
