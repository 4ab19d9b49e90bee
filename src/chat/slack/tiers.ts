/** Requests a minute that Slack grants at least, of each method by itself. https://docs.slack.dev/apis/web-api/rate-limits */
const tier2 = 20;
const tier3 = 50;
const tier4 = 100;
/** "Hundreds of requests per minute": https://docs.slack.dev/reference/methods/auth.test */
const many = 200;

/** What goes out, with the requests a minute that are granted for it. */
export const perMinute = {
  'auth.test': many,
  'bookmarks.add': tier2,
  'bookmarks.edit': tier2,
  'bookmarks.list': tier3,
  'chat.delete': tier3,
  'chat.postEphemeral': tier4,
  /** "Several hundred messages per minute per workspace": https://docs.slack.dev/reference/methods/chat.postMessage */
  'chat.postMessage': 300,
  'chat.update': tier3,
  'conversations.archive': tier2,
  'conversations.create': tier2,
  'conversations.history': tier3,
  'conversations.info': tier3,
  'conversations.invite': tier3,
  'conversations.join': tier3,
  'conversations.list': tier2,
  'conversations.open': tier3,
  'conversations.replies': tier3,
  'conversations.setPurpose': tier2,
  'conversations.setTopic': tier2,
  'files.completeUploadExternal': tier4,
  'files.getUploadURLExternal': tier4,
  'pins.add': tier2,
  'usergroups.list': tier2,
  'users.info': tier4,
  'users.lookupByEmail': tier3,
  'views.open': tier4,
  'views.publish': tier4,
} as const;

export type Method = keyof typeof perMinute;

/** https://docs.slack.dev/apis/web-api/rate-limits: "one message per second per channel". */
export const betweenPostsMs = 1_000;
/** What may go out at once after a quiet while; with it a minute stays close to what is granted. */
export const burstShare = 1 / 5;
/** Where Slack says "too many" and not for how long. */
export const retryAfterUnsaidMs = 30_000;
