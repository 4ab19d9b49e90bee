import type { ExpectedChannel } from '../chat/platform.js';
import { namedChannels } from '../engine/tasks.js';
import type { Policy } from '../incident/state.js';
import { channelName } from '../messages/names.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';

interface From {
  /** null: there is no database yet. */
  store: Pick<Store, 'openChannels' | 'incident'> | null;
  policy: Pick<Policy, 'platforms' | 'mirrors'>;
  /** Of the channels that exist once, where they are not the built-in ones. */
  names: Partial<Record<keyof typeof namedChannels, string>>;
}

/** The channels Muster should reach on a platform: those that exist once, and those of open incidents, the newest first. */
export async function expectedChannels(platform: string, { store, policy, names }: From): Promise<ExpectedChannel[]> {
  const isHome = policy.platforms.includes(platform);
  const hears = isHome || policy.mirrors?.some((mirror) => mirror.platform === platform);
  const once = (Object.keys(namedChannels) as (keyof typeof namedChannels)[])
    .filter((each) => isHome || (hears && each === 'stakeholders'))
    .map((each) => ({
      what: `the channel for ${each === 'triage' ? 'the triage queue' : each}`,
      key: namedChannels[each].key,
      name: names[each] ?? namedChannels[each].name,
      channel: null,
    }));
  const ofIncidents: (ExpectedChannel & { number: number })[] = [];
  for (const { channel, incidentId } of (await store?.openChannels(platform)) ?? []) {
    const incident = await store?.incident(machine, { id: incidentId });
    if (!incident || incident.number === null) continue;
    const { number, title, visibility } = incident;
    const secret = visibility === 'private';
    ofIncidents.push({
      what: secret ? 'the channel of a private incident' : `the channel of incident ${number}`,
      key: `incident/${incidentId}`,
      name: incident.channels[platform]?.name ?? channelName(number, title, secret),
      channel,
      number,
    });
  }
  ofIncidents.sort((a, b) => b.number - a.number);
  return [...once, ...ofIncidents.map(({ number: _, ...expected }) => expected)];
}
