import { pino } from 'pino';
import { adaptersOf } from '../bot/chat.js';
import type { Finding } from '../chat/finding.js';
import type { Config } from '../config/config.js';
import { readConfig } from '../config/read.js';
import type { Env } from '../config/secrets.js';
import { settingsFindings } from '../operate/doctor/doctor.js';
import { database } from '../operate/doctor/ledger.js';
import { heard } from '../operate/doctor/reach.js';
import { expectedChannels } from '../operate/expected-channels.js';
import type { Store } from '../store/port.js';

/** Everything Muster needs of one chat platform. null: it is not set up. Nobody there notices. */
export async function examineChat(platform: string, env: Env, folder: string): Promise<Finding[] | null> {
  const config = readConfig(env, folder);
  if (Array.isArray(config)) return settingsFindings(config);
  const { store, findings: opened } = await database(config);
  const adapters = await adaptersOf(config, {
    ...onlyLooking(store),
    publicUrl: () => config.publicUrl,
    now: Date.now,
  });
  const adapter = adapters.find((each) => each.platform.name === platform);
  try {
    if (!adapter?.examine) return null;
    return [
      ...opened.filter(({ level }) => level !== 'ok'),
      homeFinding(config, platform),
      ...(await adapter.examine(await expectedChannels(platform, { store, ...placesIn(config) }))),
      ...(await heard(config, platform)),
    ];
  } finally {
    await Promise.all(adapters.map((each) => each.platform.close()));
    await store?.close();
  }
}

const placesIn = ({ policy, channels }: Config) => ({ policy, names: channels });

function homeFinding({ policy }: Config, platform: string): Finding {
  const hears = policy.mirrors?.find((mirror) => mirror.platform === platform)?.hears;
  const what = policy.platforms.includes(platform)
    ? 'Incidents live here.'
    : hears === undefined
      ? `Incidents live in ${policy.platforms.join(', ')}; commands work here too.`
      : `Incidents live in ${policy.platforms.join(', ')}; here their ${hears === 'outline' ? 'outline is' : 'updates are'} told.`;
  return { level: 'ok', about: 'home', what };
}

/** What adapters ask, where nothing may be changed: who somebody is does not matter to what is looked at. */
const onlyLooking = (store: Store | null): Omit<Parameters<typeof adaptersOf>[1], 'publicUrl' | 'now'> => ({
  store: {
    person: async (personId) => store?.person(personId) ?? null,
    accountOn: async (platform, personId) => store?.accountOn(platform, personId) ?? null,
    openChannels: async (platform) => store?.openChannels(platform) ?? [],
    mark: async (platform, name) => store?.mark(platform, name) ?? null,
    setMark: async () => {},
  },
  roster: { identify: async (_platform, externalId, name) => ({ personId: externalId, name }) },
  counted: () => () => {},
  log: pino({ level: 'silent' }),
});
