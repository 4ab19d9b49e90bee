import type { AdapterParts, ChatAdapter } from '../platform.js';
import { slackApi } from './api.js';
import { examineSlack } from './examine.js';
import { knowing } from './people.js';
import { slackPlatform } from './platform.js';
import { platform, type SlackSettings } from './settings.js';
import { slackWayIn } from './way-in.js';

/** Slack, as far as it can be had without asking it: a workspace that is away keeps nothing from starting. */
export function slackAdapter(settings: SlackSettings, parts: AdapterParts): ChatAdapter {
  const { counted } = parts;
  // One for both ways: what Slack asks Muster to wait for is kept by all of it.
  const api = slackApi(settings, counted ? { counted: (...told) => counted(...told) } : {});
  const { knownIn } = knowing(platform, api, parts, parts.now);
  return {
    platform: slackPlatform(settings, parts, { api }),
    examine: (channels) => examineSlack({ ...parts, settings, api }, channels),
    wayIn: (inbound) => slackWayIn(settings, parts, inbound, { api, known: knownIn }),
  };
}
