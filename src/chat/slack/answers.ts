/** What Muster reads of Slack's answers. */
export interface Channel {
  id: string;
  name?: string;
  creator?: string;
  created?: number;
  is_private?: boolean;
  is_archived?: boolean;
  is_member?: boolean;
  topic?: { value: string };
}

export interface Message {
  ts: string;
  text?: string;
  user?: string;
  bot_id?: string;
  subtype?: string;
  edited?: { ts?: string };
  reactions?: { name: string; users?: string[] }[];
  pinned_info?: { pinned_by?: string };
  latest_reply?: string;
  /** Whose channels it is pinned in. */
  pinned_to?: string[];
  files?: { id: string }[];
  metadata?: { event_type?: string; event_payload?: Record<string, unknown> };
}

export interface User {
  team_id?: string;
  enterprise_user?: { enterprise_id?: string };
  is_email_confirmed?: boolean;
  name?: string;
  real_name?: string;
  profile?: { display_name?: string; real_name?: string; email?: string };
}

interface Paged {
  response_metadata?: { next_cursor?: string };
}

type Nothing = Record<string, unknown>;

export interface Answers {
  'auth.test': { user_id: string; team_id: string; enterprise_id?: string; bot_id?: string };
  'bookmarks.add': Nothing;
  'bookmarks.edit': Nothing;
  'bookmarks.list': { bookmarks: { id: string; title: string; link: string }[] };
  'chat.delete': Nothing;
  'chat.postEphemeral': Nothing;
  'chat.postMessage': { ts: string };
  'chat.update': Nothing;
  'conversations.archive': Nothing;
  'conversations.create': { channel: Channel };
  'conversations.history': Paged & { messages: Message[]; has_more?: boolean };
  'conversations.info': { channel: Channel };
  'conversations.invite': Nothing;
  'conversations.join': Nothing;
  'conversations.list': Paged & { channels: Channel[] };
  'conversations.open': { channel: Channel };
  'conversations.replies': Paged & { messages: Message[] };
  'conversations.setPurpose': Nothing;
  'conversations.setTopic': Nothing;
  'files.completeUploadExternal': Nothing;
  'files.getUploadURLExternal': { upload_url: string; file_id: string };
  'pins.add': Nothing;
  'usergroups.list': { usergroups: { handle: string; users?: string[] }[] };
  'users.info': { user: User };
  'users.lookupByEmail': { user: { id: string; deleted?: boolean; is_bot?: boolean } };
  'views.open': Nothing;
  'views.publish': Nothing;
}
