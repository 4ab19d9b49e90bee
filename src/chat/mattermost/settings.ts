/** Its name among the chat platforms. */
export const platform = 'mattermost';

/** How Muster reaches a Mattermost server. */
export interface MattermostSettings {
  /** As people type it in a browser; no trailing slash. */
  url: string;
  /** Of the bot account. */
  token: string;
  /** Name of the team the channels are in. */
  team: string;
  /** Where the server reaches Muster, for buttons, dialogs and the slash command; null: Muster's public address. */
  callbackUrl: string | null;
  /** Of a slash command that somebody registered by hand; null: Muster registers its own. */
  commandToken: string | null;
  /** Names of reactions that keep a message on the timeline. */
  keepReactions: string[];
}
