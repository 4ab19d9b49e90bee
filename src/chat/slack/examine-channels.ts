import { type Finding, ok, problem, unanswered, warning } from '../finding.js';
import { type AdapterParts, DeliveryError, type ExpectedChannel } from '../platform.js';
import type { Channel } from './answers.js';
import type { SlackApi } from './api.js';
import { channelMark, openedIn } from './people.js';
import { codeOf } from './refusals.js';
import type { SlackSettings } from './settings.js';

export interface ExamineParts extends Pick<AdapterParts, 'marks' | 'publicUrl'> {
  settings: SlackSettings;
  /** Of the bot. */
  api: SlackApi;
}

/** The causes of these errors are in the words already. */
export const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Beyond it the newest are looked at: each costs a request. */
const channelsAtMost = 30;

const about = 'channels';

/** Whether Muster reaches each of them, and whether it is the one people look at. */
export async function examineChannels(parts: ExamineParts, channels: readonly ExpectedChannel[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const unopened: ExpectedChannel[] = [];
  let reached = 0;
  for (const expected of channels.slice(0, channelsAtMost)) {
    const id = expected.channel ?? (await knownAs(parts, expected.key));
    if (id === null) {
      unopened.push(expected);
      continue;
    }
    const found = await examineOne(parts, expected, id);
    if (found === null) reached++;
    else findings.push(found);
  }
  const taken = await namesTaken(parts, unopened);
  for (const { what, name } of unopened)
    findings.push(
      taken.has(name)
        ? warning(
            about,
            `#${name} is there and is not Muster’s: ${what} will be #${name}-2, and whoever reads #${name} hears nothing of Muster.`,
            otherName,
          )
        : ok(about, `#${name} (${what}) is not there yet; Muster makes it when it first has something to say there.`),
    );
  if (reached > 0) findings.push(ok(about, `${reached} of ${channels.length} reached.`));
  return findings;
}

const otherName =
  'Rename the other one and let Muster make its own, or choose a free name in muster.yaml, below channels.';

async function knownAs({ marks }: ExamineParts, key: string): Promise<string | null> {
  const mark = await marks.read(channelMark(key));
  return mark === null ? null : openedIn(mark).id;
}

/** null: all is well with it. */
async function examineOne({ api }: ExamineParts, expected: ExpectedChannel, id: string): Promise<Finding | null> {
  const { what, name } = expected;
  let channel: Channel;
  try {
    channel = (await api.call('conversations.info', { channel: id })).channel;
  } catch (error) {
    if (codeOf(error) === 'channel_not_found')
      return problem(
        about,
        `#${name} (${what}) is gone, or it is private and Muster was taken out of it.`,
        'Type /invite @Muster in it. If it was deleted, its messages are lost; /incident web leads to the web room.',
      );
    const words = `#${name} (${what}) could not be looked at: ${said(error)}`;
    return error instanceof DeliveryError && error.permanent
      ? problem(about, words, 'Mend what it says, then ask again.')
      : unanswered(about, words, 'Ask again in a minute.');
  }
  const called = channel.name ?? name;
  if (channel.is_archived)
    return problem(
      about,
      `#${called} (${what}) is archived: nothing Muster says arrives there.`,
      'Unarchive it in Slack, then type /invite @Muster in it.',
    );
  if (channel.is_member === false)
    return channel.is_private
      ? problem(about, `Muster is not in #${called} (${what}).`, 'Type /invite @Muster in it.')
      : warning(
          about,
          `Muster is not in #${called} (${what}): it hears nothing there until it next speaks and joins.`,
          'Type /invite @Muster in it.',
        );
  if (called === name) return null;
  return new RegExp(`^${name.replace(/[^a-z0-9-]/g, '.')}-\\d+$`).test(called)
    ? warning(
        about,
        `${what} is #${called}, since #${name} was somebody else’s: whoever reads #${name} hears nothing of Muster.`,
        otherName,
      )
    : warning(
        about,
        `${what} was renamed: Muster speaks in #${called}, and not in #${name}.`,
        'Fine if that was meant; say so below channels in muster.yaml, or name it back.',
      );
}

/** Pages of a thousand. */
const pagesAtMost = 5;

/** Those of these names that channels have. */
async function namesTaken({ api }: ExamineParts, wanted: readonly ExpectedChannel[]): Promise<Set<string>> {
  const taken = new Set<string>();
  if (wanted.length === 0) return taken;
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost; page++) {
    let answer: { channels: Channel[]; response_metadata?: { next_cursor?: string } };
    try {
      answer = await api.call('conversations.list', {
        types: 'public_channel,private_channel',
        limit: 999,
        ...(cursor ? { cursor } : {}),
      });
    } catch (error) {
      // The scope it lacks is told with the scopes; a name that is taken is told when the channel is made.
      if (error instanceof DeliveryError) return taken;
      throw error;
    }
    for (const { name } of answer.channels) if (wanted.some((each) => each.name === name)) taken.add(name as string);
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  return taken;
}
