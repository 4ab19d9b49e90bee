import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { ChatPlatform } from '../platform.js';
import { DeliveryError } from '../platform.js';
import { Answered, type Client } from './client.js';
import { PAGE } from './limits.js';
import type { Place } from './place.js';
import type { Post } from './post.js';
import { delivering, type Trying } from './trouble.js';

/** Posts, by the key they were made under. A card of several posts is one with the others as replies to it. */
export interface Posts {
  /** Makes what is not there yet. Answers the id of the first. */
  put(to: { channel: string; key: string; pin?: boolean; files?: string[] }, posts: readonly Post[]): Promise<string>;
  replace(at: { channel: string; message: string; key: string }, posts: readonly Post[]): Promise<void>;
  find: ChatPlatform['find'];
}

type Posted = Awaited<ReturnType<Client['createPost']>>;

/** Kept in `props` of each post: what `find` reads. */
interface Note {
  key: string;
  /** From 0, of so many. */
  part: number;
  of: number;
  /** Another one for every try: the server's answer is what another try has made when this differs. */
  try: string;
}

const MAY_NOT = 'Is it still a member of the channel?';
const taking: Trying = { what: 'take the message', of: 'channel', mayNot: MAY_NOT };
const showing: Trying = { what: 'show the channel', of: 'channel', mayNot: MAY_NOT };
/** So far back a key is looked for: pages. A try that nobody heard of is rarely further than the last. */
const PAGES_AT_MOST = 25;
const LONGEST_KEY = 150;
const DELETED = 'api.post.deduplicate_create_post.failed_to_get';
const IN_PLACE_AT_MOST = 2;

/** @param signingKey makes ids of tries that nobody else can use up. */
export function mattermostPosts(client: Client, place: Place, signingKey: Buffer): Posts {
  /** Posts of cards of which some are missing, found when they were looked for. */
  const unfinished = new Map<string, Posted[]>();

  const noteOf = async (post: Posted): Promise<Note | null> => {
    const note = post.props?.muster as Note | undefined;
    const ours = post.user_id === (await place.botId()) && post.delete_at === 0;
    return ours && typeof note === 'object' && note !== null ? note : null;
  };
  const pendingId = (...of: (string | number)[]): string =>
    createHmac('sha256', signingKey).update(of.join('\n')).digest('hex').slice(0, 40);
  const content = ({ message, props }: Post, note: Note) => ({
    message,
    props: { ...props, from_bot: 'true', muster: note },
  });
  const patch = (id: string, post: Post, note: Note): Promise<Posted> =>
    client.patchPost({ id, ...content(post, note) });

  async function create(
    { channel, key, pin = false, files }: Parameters<Posts['put']>[0],
    post: Post,
    { part, of, root }: { part: number; of: number; root: string | null },
  ): Promise<Posted> {
    const note: Note = { key, part, of, try: randomBytes(4).toString('hex') };
    const wanted = {
      ...content(post, note),
      channel_id: channel,
      is_pinned: pin && root === null,
      ...(files && { file_ids: files }),
      ...(root !== null && { root_id: root }),
    };
    const made = await inPlaceOfDeleted((which) =>
      client.createPost({ ...wanted, pending_post_id: pendingId(channel, key, part, which) }),
    );
    const before = (made.props?.muster as Note | undefined)?.try !== note.try;
    return before ? patch(made.id, post, note) : made;
  }

  /** Makes the posts after the first what they should be, in their order. */
  async function rest(
    at: { channel: string; key: string },
    root: string,
    posts: readonly Post[],
    there: readonly { id: string; note: Note }[],
  ): Promise<void> {
    const of = posts.length;
    for (const [index, post] of posts.entries()) {
      if (index === 0) continue;
      const known = there.find(({ note }) => note.part === index);
      if (known) await patch(known.id, post, { ...known.note, of });
      else await create(at, post, { part: index, of, root });
    }
    for (const { id, note } of there) if (note.part >= of) await remove(id, note);
  }

  /** Where nothing may be deleted it says nothing any more. */
  async function remove(id: string, note: Note): Promise<void> {
    try {
      await client.deletePost(id);
    } catch (error) {
      if (!(error instanceof Answered && error.status === 403)) throw error;
      await patch(id, { message: '…', props: {} }, note);
    }
  }

  async function replies(root: string, key: string): Promise<{ id: string; note: Note }[]> {
    const { posts } = await client.getPaginatedPostThread(root, { fetchAll: true });
    const all = [];
    for (const post of Object.values(posts)) {
      const note = await noteOf(post);
      if (note?.key === key && note.part > 0) all.push({ id: post.id, note });
    }
    return all;
  }

  return {
    async put(to, posts) {
      const key = kept(to.key);
      const at = { ...to, key };
      const [first, ...more] = posts;
      if (!first) throw new Error('A card is at least one post.');
      return delivering(taking, async () => {
        const slot = `${to.channel} ${key}`;
        const found = unfinished.get(slot);
        unfinished.delete(slot);
        const root = found?.find((post) => (post.props.muster as unknown as Note).part === 0);
        const of = posts.length;
        const made = root
          ? await patch(root.id, first, { key, part: 0, of, try: 'again' })
          : await create(at, first, { part: 0, of, root: null });
        if (to.pin && !made.is_pinned) await client.pinPost(made.id);
        if (more.length > 0 || root)
          await rest({ channel: to.channel, key }, made.id, posts, root ? await replies(made.id, key) : []);
        return made.id;
      });
    },

    async replace({ channel, message, key: given }, posts) {
      const key = kept(given);
      const [first, ...more] = posts;
      if (!first) throw new Error('A card is at least one post.');
      const changing: Trying = { what: 'change the message', of: 'message', mayNot: MAY_NOT };
      try {
        await delivering(changing, async () => {
          const note: Note = { key, part: 0, of: posts.length, try: 'edit' };
          const { reply_count } = await patch(message, first, note);
          if (more.length === 0 && reply_count === 0) return;
          await rest({ channel, key }, message, posts, await replies(message, key));
        });
      } catch (error) {
        throw await whose(error, channel);
      }
    },

    async find(channel, given) {
      const key = kept(given);
      return delivering(showing, async () => {
        const found: Posted[] = [];
        for (let page = 0; page < PAGES_AT_MOST; page++) {
          const { order, posts } = await client.getPosts(channel, page, PAGE, false);
          for (const id of order) {
            const post = posts[id];
            const note = post && (await noteOf(post));
            if (!post || note?.key !== key || found.some((other) => other.id === post.id)) continue;
            found.push(post);
            if (note.part > 0) continue;
            const parts = new Set(found.map(({ props }) => (props.muster as unknown as Note).part));
            if (parts.size >= note.of) return post.id;
            unfinished.set(`${channel} ${key}`, found);
            return null;
          }
          if (order.length < PAGE) break;
        }
        return null;
      });
    },
  };

  /** The server gives one answer for a message that is gone and for a channel that the bot is not in. */
  async function whose(error: unknown, channel: string): Promise<unknown> {
    if (!(error instanceof DeliveryError) || !(error.cause instanceof Answered) || error.cause.status !== 403)
      return error;
    const trying: Trying = { what: 'change the message', of: 'channel', mayNot: MAY_NOT };
    try {
      await delivering(trying, () => client.getMyChannelMember(channel));
    } catch (other) {
      return other;
    }
    return new DeliveryError('The message is gone from Mattermost.', { permanent: true, of: 'message', cause: error });
  }
}

/** The server remembers for a while what it made for an id, deleted or not. */
async function inPlaceOfDeleted<T>(make: (which: number) => Promise<T>): Promise<T> {
  for (let which = 0; ; which++) {
    try {
      return await make(which);
    } catch (error) {
      if (which === IN_PLACE_AT_MOST || !(error instanceof Answered && error.id === DELETED)) throw error;
    }
  }
}

const kept = (key: string): string =>
  key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('hex');
