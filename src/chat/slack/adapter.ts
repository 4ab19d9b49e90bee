import type { AdapterParts, ChatAdapter, WayIn } from '../platform.js';
import { slackApi } from './api.js';
import { examineSlack } from './examine.js';
import { knowing } from './people.js';
import { slackName, slackPlatform } from './platform.js';
import type { SlackSettings } from './settings.js';

/** Slack, as far as it can be had without asking it: a workspace that is away keeps nothing from starting. */
export function slackAdapter(settings: SlackSettings, parts: AdapterParts): ChatAdapter {
  const { counted } = parts;
  // One for both ways: what Slack asks Muster to wait for is kept by all of it.
  const api = slackApi(settings, counted ? { counted: (...told) => counted(...told) } : {});
  const { knownIn } = knowing(slackName, api, parts, parts.now);
  return {
    platform: slackPlatform(settings, parts, { api }),
    examine: (channels) => examineSlack({ ...parts, settings, api }, channels),
    wayIn: (inbound) =>
      loaded(
        async () => (await import('./way-in.js')).slackWayIn(settings, parts, inbound, { api, known: knownIn }),
        settings.appToken === null,
        parts.now(),
      ),
  };
}

/** A way in that is loaded when it is used: a Muster without Slack does not pay for what it is made of. */
function loaded(load: () => Promise<WayIn>, mounts: boolean, sinceAt: number): WayIn {
  let way: WayIn | null = null;
  let loading: Promise<WayIn> | null = null;
  const get = async (): Promise<WayIn> => {
    loading ??= load();
    way = await loading;
    return way;
  };
  return {
    ...(mounts && { mount: async (app) => (await get()).mount?.(app) }),
    start: async () => (await get()).start(),
    state: () => way?.state() ?? { ready: false, sinceAt, why: 'Muster has not asked Slack yet.' },
    stop: async () => (loading ? (await get()).stop() : undefined),
  };
}
