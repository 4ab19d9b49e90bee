import { type Finding, ok, problem, warning } from '../finding.js';
import type { AdapterParts, ExpectedChannel } from '../platform.js';
import { channelMark } from './channels.js';
import { Answered, type Client } from './client.js';
import type { MattermostSettings } from './settings.js';

/** Beyond it the newest are looked at: each costs two requests. */
const channelsAtMost = 30;
const about = 'channels';
const addBot = 'Add the bot there: /invite @muster, or Add Members.';
const otherName =
  'Rename the other one and let Muster make its own, or choose a free name in muster.yaml, below channels.';

interface Parts {
  settings: MattermostSettings;
  adapter: Pick<AdapterParts, 'marks'>;
  client: Client;
  /** Its id. */
  team: string;
}

/** Whether Muster reaches each of them, and whether it is the one people look at. */
export async function examineChannels(parts: Parts, channels: readonly ExpectedChannel[]): Promise<Finding[]> {
  const { settings, adapter } = parts;
  const findings: Finding[] = [];
  let reached = 0;
  for (const expected of channels.slice(0, channelsAtMost)) {
    const id = expected.channel ?? (await adapter.marks.read(channelMark(settings, expected.key)));
    const found = id === null ? await notOpened(parts, expected) : await examineOne(parts, expected, id);
    if (found === null) reached++;
    else findings.push(found);
  }
  if (reached > 0) findings.push(ok(about, `${reached} of ${channels.length} reached.`));
  return findings;
}

async function notOpened({ client, team }: Parts, { what, name }: ExpectedChannel): Promise<Finding> {
  const taken = await orMissing(client.getChannelByName(team, name, true));
  return taken === null
    ? ok(about, `~${name} (${what}) is not there yet; Muster makes it when it first has something to say there.`)
    : warning(
        about,
        `~${name} is there and is not Muster’s${taken.delete_at > 0 ? ', and archived' : ''}: ${what} will be ~${name}-2, and whoever reads ~${name} hears nothing of Muster.`,
        otherName,
      );
}

/** null: all is well with it. */
async function examineOne({ client }: Parts, { what, name }: ExpectedChannel, id: string): Promise<Finding | null> {
  const channel = await orMissing(client.getChannel(id));
  if (channel === null)
    return problem(about, `~${name} (${what}) is gone, or it is private and Muster was taken out of it.`, addBot);
  if (channel.delete_at > 0)
    return problem(
      about,
      `~${channel.name} (${what}) is archived: nothing Muster says arrives there.`,
      'Unarchive it in Mattermost.',
    );
  if ((await orMissing(client.getMyChannelMember(id))) === null)
    return problem(about, `Muster is not in ~${channel.name} (${what}): it neither speaks nor hears there.`, addBot);
  if (channel.name === name) return null;
  const numbered = channel.name.startsWith(`${name}-`) && /^-\d+$/.test(channel.name.slice(name.length));
  return numbered
    ? warning(
        about,
        `${what} is ~${channel.name}, since ~${name} was somebody else’s: whoever reads ~${name} hears nothing of Muster.`,
        otherName,
      )
    : warning(
        about,
        `${what} was renamed: Muster speaks in ~${channel.name}, and not in ~${name}.`,
        'Fine if that was meant; say so below channels in muster.yaml, or name it back.',
      );
}

/** null: it is not there, or the bot may not see it. */
async function orMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Answered && error.id !== null && [403, 404].includes(error.status)) return null;
    throw error;
  }
}
