import type { Logger } from 'pino';
import { platform as mattermost } from '../chat/mattermost/settings.js';
import type { AdapterParts, ChatAdapter, ChatInbound, WayIn } from '../chat/platform.js';
import { platform as slack } from '../chat/slack/settings.js';
import type { Config } from '../config/config.js';
import type { Roster } from '../engine/people.js';
import type { Store } from '../store/port.js';

/** What the adapter of this platform may ask and keep. */
const asked = (
  platform: string,
  { store, roster, counted }: Asked,
): Pick<AdapterParts, 'accounts' | 'channels' | 'marks' | 'counted'> => ({
  accounts: {
    identify: roster.identify,
    async accountOf(on, personId) {
      const known = await store.person(personId);
      return known && { externalId: await store.accountOn(on, personId), email: known.email, name: known.name };
    },
  },
  channels: async () => (await store.openChannels(platform)).map(({ channel }) => channel),
  marks: {
    read: (name) => store.mark(platform, name),
    write: (name, value) => store.setMark(platform, name, value),
  },
  counted: counted(platform),
});

interface Asked {
  store: Pick<Store, 'person' | 'accountOn' | 'openChannels' | 'mark' | 'setMark'>;
  roster: Pick<Roster, 'identify'>;
  counted(platform: string): NonNullable<AdapterParts['counted']>;
}

/** The chat platforms besides the web room that are set up; what others are made of is not loaded. */
export async function adaptersOf(
  config: Config,
  { store, roster, counted, ...parts }: Asked & Pick<AdapterParts, 'publicUrl' | 'now' | 'log'>,
): Promise<ChatAdapter[]> {
  const own = { store, roster, counted };
  const adapters: ChatAdapter[] = [];
  if (config.slack) {
    const { slackAdapter } = await import('../chat/slack/adapter.js');
    adapters.push(slackAdapter(config.slack, { ...parts, ...asked(slack, own) }));
  }
  if (config.mattermost) {
    const { mattermostAdapter } = await import('../chat/mattermost/adapter.js');
    adapters.push(mattermostAdapter(config.mattermost, { ...parts, ...asked(mattermost, own) }));
  }
  return adapters;
}

/** Platforms and how people there are heard, by adapter name. */
export function waysIn(adapters: readonly ChatAdapter[], inbound: ChatInbound): Map<string, WayIn> {
  return new Map(adapters.map(({ platform, wayIn }) => [platform.name, wayIn(inbound)]));
}

/** None of them keeps Muster from starting. */
export function startWays(ways: ReadonlyMap<string, WayIn>, log: Logger): void {
  for (const [platform, way] of ways)
    way.start().catch((error) => log.error({ err: error, platform }, 'a chat platform cannot be heard'));
}
