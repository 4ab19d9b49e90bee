import type { AdapterParts, ChatAdapter } from '../platform.js';
import type { SlackSettings } from './settings.js';

/** Slack, as far as it can be had without asking it: a workspace that is away keeps nothing from starting. */
export function slackAdapter(_settings: SlackSettings, _parts: AdapterParts): ChatAdapter {
  throw new Error('Slack cannot be reached yet.');
}
