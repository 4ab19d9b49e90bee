import type { AdapterParts, ChatAdapter } from '../platform.js';
import { examineMattermost } from './examine.js';
import { mattermostPlatform } from './platform.js';
import type { MattermostSettings } from './settings.js';
import { mattermostWayIn } from './way-in.js';

/** Mattermost, as far as it can be had without asking it: a server that is away keeps nothing from starting. */
export function mattermostAdapter(settings: MattermostSettings, parts: AdapterParts): ChatAdapter {
  return {
    platform: mattermostPlatform(settings, parts),
    examine: (channels) => examineMattermost({ settings, adapter: parts }, channels),
    wayIn: (inbound) => mattermostWayIn(settings, parts, inbound),
  };
}
