import { type AdapterParts, type ChatPlatform, DeliveryError } from '../platform.js';
import { type ApiParts, type SlackApi, slackApi } from './api.js';
import { joining, opening } from './channels.js';
import { attaching } from './files.js';
import { heading } from './head.js';
import { inviteUsers, usersOf } from './invite.js';
import { type Pace, realPace } from './pacing.js';
import { knowing } from './people.js';
import { posting } from './posts.js';
import { codeOf } from './refusals.js';
import type { SlackSettings } from './settings.js';

const slackName = 'slack';
/** A job has 10 s: whoever is not found by then is asked in with its next try. */
const inviteWithinMs = 6_000;

/** Slack, outward. A workspace that is away makes calls fail, never the making of this. */
export function slackPlatform(
  settings: SlackSettings,
  parts: AdapterParts,
  { pace = realPace, api = slackApi(settings, { pace, ...countedBy(parts) }) }: { pace?: Pace; api?: SlackApi } = {},
): ChatPlatform {
  const people = knowing(slackName, api, parts, parts.now);
  const direct = new Map<string, string>();

  async function groupsInto(channel: string): Promise<void> {
    const { users, unknown } = await usersOf(api, settings.inviteGroups);
    if (unknown.length > 0) parts.log.warn({ groups: unknown }, 'Slack has no user groups of these handles');
    if (users.length > 0) await inviteUsers(api, channel, users);
  }
  const channels = opening(api, parts, groupsInto);

  return {
    name: slackName,
    abilities: {
      channels: true,
      threads: true,
      buttons: true,
      edits: true,
      whispers: true,
      forms: true,
      pins: true,
    },
    openChannel: channels.open,

    async invite(channel, asked) {
      const unknown: string[] = [];
      const users = new Map<string, string>();
      const until = pace.now() + inviteWithinMs;
      let left = asked.length;
      for (const person of asked) {
        if (pace.now() > until) break;
        left--;
        const user = await people.userOf(person);
        if (user === null) unknown.push(person.personId);
        else users.set(user, person.personId);
      }
      const refused = await inviteUsers(api, channel, [...users.keys()]);
      if (left > 0) throw someLeft(left);
      await channels.callGroups(channel);
      return { unknown: [...unknown, ...refused.map((user) => users.get(user) as string)] };
    },

    ...posting(api, people, parts, pace),

    async directChannel(person) {
      const user = await people.userOf(person);
      if (user === null)
        throw new DeliveryError(
          `Nobody in Slack is known as ${person.name}: the e-mail address Muster has must be the one of their Slack account.`,
          { permanent: true },
        );
      const known = direct.get(user);
      if (known) return known;
      const { channel } = await api.call('conversations.open', { users: user });
      direct.set(user, channel.id);
      return channel.id;
    },

    describe: heading(api, parts),
    attach: attaching(api, parts),

    async archive(channel) {
      try {
        await joining(api, channel, () => api.call('conversations.archive', { channel }));
      } catch (error) {
        const code = codeOf(error);
        if (code !== 'already_archived' && code !== 'is_archived') throw error;
      }
    },

    async probe() {
      await api.call('auth.test');
    },

    async close() {
      api.close();
    },
  };
}

const someLeft = (left: number): DeliveryError =>
  new DeliveryError(`${left} of those to be asked into the channel are still looked for in Slack.`, {
    permanent: false,
    of: 'channel',
    retryAfterMs: 1_000,
  });

const countedBy = (parts: AdapterParts): Pick<ApiParts, 'counted'> =>
  parts.counted ? { counted: (...told) => parts.counted?.(...told) } : {};
