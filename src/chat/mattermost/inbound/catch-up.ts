import { Answered } from '../client.js';
import type { Seen } from './happened.js';
import type { InboundParts } from './parts.js';

/** As many as the server lists of what changed since; which, when there are more, is left to chance. */
const listedAtMost = 1_000;
const pageOf = 200;
const pagesAtMost = 25;

/** Hands `stands` every post that changed in Muster's channels since then, oldest first. @throws while they cannot be read. */
export async function catchUp(
  { adapter, client }: Pick<InboundParts, 'adapter' | 'client'>,
  since: number,
  stands: (post: Seen) => Promise<void>,
): Promise<void> {
  for (const channel of await adapter.channels()) {
    let posts: Seen[];
    try {
      posts = listed(await client.getPostsSince(channel, since, false));
      if (posts.length >= listedAtMost) posts = distinct([...posts, ...(await allSaidSince(channel))]);
    } catch (error) {
      // Archived, or the bot was put out: nobody says anything there that Muster may hear.
      if (!(error instanceof Answered) || ![400, 403, 404].includes(error.status)) throw error;
      adapter.log.info({ err: error, channel }, 'a channel of Mattermost cannot be read');
      continue;
    }
    for (const post of posts.toSorted((one, other) => one.update_at - other.update_at)) await stands(post);
  }

  async function allSaidSince(channel: string): Promise<Seen[]> {
    const all: Seen[] = [];
    for (let page = 0; page < pagesAtMost; page++) {
      const posts = listed(await client.getPosts(channel, page, pageOf, false));
      all.push(...posts);
      if (posts.length < pageOf || posts.some(({ create_at }) => create_at < since)) return all;
    }
    adapter.log.warn({ channel }, 'a channel of Mattermost has more to catch up on than is read');
    return all;
  }
}

const distinct = (posts: Seen[]): Seen[] => [...new Map(posts.map((post) => [post.id, post])).values()];

const listed = ({ posts }: { posts: object }): Seen[] => Object.values(posts) as Seen[];
