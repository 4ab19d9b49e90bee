import type { AdapterParts, ChatAdapter } from '../platform.js';
import type { MattermostSettings } from './settings.js';

/** Mattermost, as far as it can be had without asking it: a server that is away keeps nothing from starting. */
export function mattermostAdapter(_settings: MattermostSettings, _parts: AdapterParts): ChatAdapter {
  throw new Error('Mattermost cannot be reached yet.');
}
