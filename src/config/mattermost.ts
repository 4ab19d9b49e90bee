import type { MattermostSettings } from '../chat/mattermost/settings.js';
import type { ReadFrom } from './chat.js';
import { builtInKept } from './defaults.js';
import { isSet, readSecret } from './secrets.js';

/** Mattermost, where the file says which server; null: it does not, or something is wrong with it. */
export function readMattermost({ env, file, located, problems }: ReadFrom): MattermostSettings | null {
  const section = file?.mattermost;
  if (section === undefined || located === null) {
    if (isSet(env, 'MATTERMOST_TOKEN'))
      problems.push({
        where: 'MATTERMOST_TOKEN',
        what: 'It is set, and the file does not say which server it is for: Mattermost is not set up.',
        fix: 'Write mattermost: { url: https://chat.example.com, team: ops } into muster.yaml.',
        level: 'warning',
      });
    return null;
  }
  const token = readSecret(env, 'MATTERMOST_TOKEN', problems);
  if (!isSet(env, 'MATTERMOST_TOKEN'))
    problems.push({
      where: located.at([], 'mattermost'),
      what: 'mattermost: MATTERMOST_TOKEN is not set.',
      fix: `Set it or MATTERMOST_TOKEN_FILE where Muster starts: the token of the bot account (docs/platforms/mattermost.md).`,
    });
  else if (token !== null && /[^\x21-\x7e]/.test(token))
    problems.push({
      where: 'MATTERMOST_TOKEN',
      what: 'A token of Mattermost has no spaces and no letters outside ASCII.',
      fix: 'Give the token alone, without a word before it.',
    });
  const commandToken = readSecret(env, 'MATTERMOST_COMMAND_TOKEN', problems);
  const bare = (url: string): string => url.replace(/\/+$/, '');
  if (token === null) return null;
  return {
    url: bare(section.url),
    token,
    team: section.team,
    callbackUrl: section['callback-url'] === undefined ? null : bare(section['callback-url']),
    commandToken,
    keepReactions: section['keep-reactions'] ?? builtInKept,
  };
}
