/** Its name among the chat platforms. */
export const platform = 'slack';

/** How Muster reaches a Slack workspace. */
export interface SlackSettings {
  /** `xoxb-…` */
  botToken: string;
  /** `xapp-…`; with it people are heard by Socket Mode, and nothing has to reach Muster from outside. */
  appToken: string | null;
  /** With it people are heard by HTTP under `/chat/slack/`, unless there is an app token. */
  signingSecret: string | null;
  /** Of the Web API, with a trailing slash. */
  apiUrl: string;
  /** Handles of user groups who are invited to every public incident channel. */
  inviteGroups: string[];
  /** Names of reactions that keep a message on the timeline. */
  keepReactions: string[];
}

export const slackApiUrl = 'https://slack.com/api/';
