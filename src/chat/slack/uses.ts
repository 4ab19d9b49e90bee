/**
 * What Muster uses of Slack: the app's manifest and the scopes it asks for follow from this. A scope stands where the
 * documentation of the method or event asks a bot for it.
 */

/** Methods of the Web API by name, with the bot scopes each needs. */
export const usedMethods: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'bookmarks.add': ['bookmarks:write'],
  'bookmarks.edit': ['bookmarks:write'],
  'bookmarks.list': ['bookmarks:read'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.archive': ['channels:manage', 'groups:write'],
  'conversations.create': ['channels:manage', 'groups:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.invite': ['channels:manage', 'groups:write'],
  'conversations.join': ['channels:join'],
  'conversations.list': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.setPurpose': ['channels:manage', 'groups:write'],
  'conversations.setTopic': ['channels:manage', 'groups:write'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'pins.add': ['pins:write'],
  'usergroups.list': ['usergroups:read'],
  'users.info': ['users:read', 'users:read.email'],
  'users.lookupByEmail': ['users:read.email'],
  'views.open': [],
  'views.publish': [],
};

/** Called with the app-level token, whose scopes are no bot scopes. */
export const usedAppMethods: Readonly<Record<string, readonly string[]>> = {
  'apps.connections.open': ['connections:write'],
};

/** Events by the name they are subscribed to, with the bot scopes each needs. */
export const usedEvents: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  pin_added: ['pins:read'],
  reaction_added: ['reactions:read'],
};

/** Slack takes names of 24 characters at most, though it does not say so. */
export const usedShortcuts = [
  {
    type: 'global',
    callbackId: 'declare',
    name: 'Declare an incident',
    description: 'Opens the form for a new incident',
  },
  {
    type: 'message',
    callbackId: 'declare_from_message',
    name: 'Declare from message',
    description: 'Opens the form for a new incident that keeps this message',
  },
] as const;

/** Slash commands, each with the scope `commands`; people's names in them come as ids (`should_escape`). */
export const usedCommands = [
  {
    command: '/incident',
    description: 'Declare an incident, or act on the one of this channel',
    usageHint: 'declare <title> | take commander | update <text> | next | help',
    shouldEscape: true,
  },
] as const;

/** One address for events, commands and interactivity, where there is no Socket Mode. */
export const inboundPath = '/chat/slack/events';
