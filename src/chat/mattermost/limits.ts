/**
 * Longest message of a post, in characters. 65,535 bytes at four bytes each.
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/post.go (PostMessageMaxRunesV2)
 */
export const MESSAGE_LIMIT = 16_383;

/**
 * Longest `props` of a post as JSON, in characters, that somebody may send. Servers of version 5 take 8,000 and keep
 * 400 for themselves; newer ones take 800,000. What fits the old ones fits all.
 * https://github.com/mattermost/mattermost-server/blob/v5.37.0/model/post.go (POST_PROPS_MAX_USER_RUNES)
 */
export const PROPS_LIMIT = 7_600;

/** Kept free in `props`: the key a message is found by, and what the server writes beside it. */
export const PROPS_RESERVED = 400;

/**
 * A button's id is a part of the address its click goes to; any other character makes that a page that is not there.
 * https://github.com/mattermost/mattermost/blob/master/server/channels/api4/integration_action.go (action_id)
 */
export const ACTION_ID = /^[A-Za-z0-9]+$/;

/**
 * Looks a button may have, and the colour of an attachment.
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/integration_action.go (PostAction.IsValid)
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/message_attachment.go (hexColorRegex)
 */
export const ACTION_STYLES: readonly string[] = ['default', 'primary', 'success', 'good', 'warning', 'danger'];
export const HEX_COLOR = /^#[0-9a-fA-F]{6}$/;

/**
 * Names the server takes for a person's; it makes them small letters.
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/user.go (validUsernameChars, restrictedUsernames)
 */
export const USERNAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
export const CROWDS: readonly string[] = ['all', 'channel', 'here'];

/** `~name` of a channel. https://github.com/mattermost/mattermost/blob/master/server/public/model/channel.go */
export const CHANNEL_NAME = /^[a-z0-9][a-z0-9_-]{0,62}[a-z0-9]$/;

/**
 * Characters of a channel's name on show, header and purpose; of its name in addresses.
 * https://github.com/mattermost/mattermost/blob/master/server/public/model/channel.go
 */
export const TITLE_LIMIT = 64;
export const HEADER_LIMIT = 1_024;
export const PURPOSE_LIMIT = 250;
export const NAME_LIMIT = 64;

/** Posts of a channel that are given at once. */
export const PAGE = 200;
