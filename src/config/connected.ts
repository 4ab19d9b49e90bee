import type { Config } from './config.js';

const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/**
 * What was read, with the chat platforms as they were connected at the start: until the next one home is where it was,
 * and only platforms that are there can hear of an incident.
 */
export function asConnected(started: Config, read: Config): Config {
  const { slack, mattermost } = started;
  const { platforms } = started.policy;
  const { mirrors = [], ...policy } = read.policy;
  const there = ['web', ...(slack ? ['slack'] : []), ...(mattermost ? ['mattermost'] : [])];
  const heard = mirrors.filter(({ platform }) => there.includes(platform) && !platforms.includes(platform));
  return {
    ...read,
    slack,
    mattermost,
    policy: { ...policy, platforms, ...(heard.length > 0 && { mirrors: heard }) },
  };
}

/** Keys and sections that differ and take effect at the next start. */
export const reconnecting = (before: Config, now: Config): string[] => [
  ...(differ(before.policy.platforms, now.policy.platforms) ? ['chat.home'] : []),
  ...(differ(before.slack, now.slack) ? ['slack'] : []),
  ...(differ(before.mattermost, now.mattermost) ? ['mattermost'] : []),
];
