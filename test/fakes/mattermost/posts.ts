import { forbidden, isMember, moment, newId, type Post, Refused, shown, type World } from './world.js';

const MESSAGE_RUNES = 16_383;
const PROPS_RUNES = 7_600;
/** For this long the server knows what it has posted under a `pending_post_id`. */
const PENDING_FOR = 30_000;

const propsSize = (props: unknown): number =>
  [...JSON.stringify(props).replace(/[<>&\u2028\u2029]/g, '\\u0000')].length;

function checked({ message, props, root_id }: Pick<Post, 'message' | 'props' | 'root_id'>, world: World): void {
  if ([...message].length > MESSAGE_RUNES) throw new Refused(400, 'model.post.is_valid.msg.app_error');
  if (propsSize(props) > PROPS_RUNES) throw new Refused(400, 'model.post.is_valid.props.app_error');
  if (root_id !== '' && !world.posts.has(root_id))
    throw new Refused(400, 'api.post.create_post.root_id.app_error', 'Invalid RootId parameter.');
}

export function livePost(world: World, id: string): Post {
  const post = world.posts.get(id);
  if (!post || post.delete_at > 0 || post.original_id !== '')
    throw new Refused(404, 'app.post.get.app_error', 'Unable to get the post.');
  return post;
}

/**
 * @param hold what is being made is not made before this resolves.
 */
export async function createPost(
  world: World,
  userId: string,
  given: Partial<Post>,
  hold: Promise<void> = Promise.resolve(),
): Promise<Post> {
  const channel = world.channels.get(given.channel_id ?? '');
  if (!channel || !isMember(world, channel.id, userId)) throw forbidden();
  if (channel.delete_at > 0)
    throw new Refused(400, 'api.post.create_post.can_not_post_to_deleted.error', 'Can not post to deleted channel.');
  const key = given.pending_post_id ?? '';
  const seen = world.pending.get(key);
  if (key !== '' && seen && seen.until > world.now()) {
    if (seen.postId === '') throw new Refused(500, 'api.post.deduplicate_create_post.pending');
    const known = world.posts.get(seen.postId);
    if (!known || known.delete_at > 0) throw new Refused(500, 'api.post.deduplicate_create_post.failed_to_get');
    return known;
  }
  const post = {
    message: given.message ?? '',
    props: structuredClone(given.props ?? {}),
    root_id: given.root_id ?? '',
    file_ids: given.file_ids ?? [],
    is_pinned: given.is_pinned ?? false,
  };
  if (key !== '') world.pending.set(key, { postId: '', until: world.now() + PENDING_FOR });
  await hold;
  try {
    return savePost(world, userId, { ...post, channel_id: channel.id, pending_post_id: key });
  } catch (error) {
    world.pending.delete(key);
    throw error;
  }
}

function savePost(
  world: World,
  userId: string,
  given: Pick<Post, 'message' | 'props' | 'root_id' | 'file_ids' | 'is_pinned' | 'channel_id' | 'pending_post_id'>,
): Post {
  checked(given, world);
  const at = moment(world, world.lastPostAt);
  world.lastPostAt = at;
  if (given.root_id !== '') world.replied.add(given.root_id);
  const id = newId();
  const fileIds = given.file_ids.filter((file) => world.files.get(file)?.post_id === '');
  for (const file of fileIds) Object.assign(world.files.get(file) ?? {}, { post_id: id });
  const bot = world.users.get(userId)?.is_bot ?? false;
  const post: Post = {
    ...given,
    id,
    create_at: at,
    update_at: at,
    edit_at: 0,
    delete_at: 0,
    user_id: userId,
    original_id: '',
    type: given.props.attachments ? 'slack_attachment' : '',
    hashtags: '',
    props: { ...given.props, ...(bot && { from_bot: 'true' }) },
    file_ids: fileIds,
  };
  for (const { actions } of post.props.attachments ?? []) for (const action of actions ?? []) action.id ||= newId();
  world.posts.set(id, post);
  if (given.pending_post_id !== '')
    world.pending.set(given.pending_post_id, { postId: id, until: world.now() + PENDING_FOR });
  world.tell(
    'posted',
    {
      channel_name: world.channels.get(post.channel_id)?.name,
      channel_type: world.channels.get(post.channel_id)?.type,
      post: JSON.stringify(shown(world, post)),
      sender_name: `@${world.users.get(userId)?.username}`,
    },
    { channel: post.channel_id },
  );
  return post;
}

/** What it was stays behind as a deleted post of its own. */
export function changePost(
  world: World,
  post: Post,
  change: Partial<Pick<Post, 'message' | 'props' | 'is_pinned'>>,
): Post {
  checked({ ...post, ...change }, world);
  const at = moment(world, post.update_at);
  const before: Post = {
    ...structuredClone(post),
    id: newId(),
    original_id: post.id,
    delete_at: at,
    update_at: at,
  };
  const bot = world.users.get(post.user_id)?.is_bot ?? false;
  const said = change.message !== undefined && change.message !== post.message;
  const props = change.props && { ...structuredClone(change.props), ...(bot && { from_bot: 'true' }) };
  for (const { actions } of props?.attachments ?? []) for (const action of actions ?? []) action.id ||= newId();
  Object.assign(post, change, props && { props }, { update_at: at }, said && { edit_at: at });
  world.posts.set(before.id, before);
  world.tell('post_edited', { post: JSON.stringify(shown(world, post)) }, { channel: post.channel_id });
  return post;
}

export function deletePost(world: World, post: Post): void {
  const before = JSON.stringify(shown(world, post));
  const at = moment(world, post.update_at);
  Object.assign(post, { delete_at: at, update_at: at });
  world.tell('post_deleted', { post: before }, { channel: post.channel_id });
}

/** Adding one that is there says nothing to anybody. */
export function react(world: World, userId: string, postId: string, emoji: string): Reaction {
  const post = livePost(world, postId);
  const at = moment(world, post.update_at);
  const known = world.reactions.find(
    (each) => each.user_id === userId && each.post_id === postId && each.emoji_name === emoji,
  );
  const reaction = known ?? { user_id: userId, post_id: postId, emoji_name: emoji, create_at: at };
  if (!known) world.reactions.push(reaction);
  post.update_at = at;
  world.tell('reaction_added', { reaction: JSON.stringify(reaction) }, { channel: post.channel_id });
  return reaction;
}
type Reaction = World['reactions'][number];

export function unreact(world: World, userId: string, postId: string, emoji: string): void {
  const index = world.reactions.findIndex(
    (each) => each.user_id === userId && each.post_id === postId && each.emoji_name === emoji,
  );
  const [gone] = index < 0 ? [] : world.reactions.splice(index, 1);
  const post = world.posts.get(postId);
  if (gone && post) world.tell('reaction_removed', { reaction: JSON.stringify(gone) }, { channel: post.channel_id });
}
