import type { AdapterParts, ChatInbound } from '../../platform.js';
import type { Client } from '../client.js';
import type { MattermostSettings } from '../settings.js';
import type { Pace } from './pace.js';
import type { Who } from './who.js';

/** What everything that listens to people on Mattermost works with. */
export interface InboundParts {
  settings: MattermostSettings;
  adapter: AdapterParts;
  inbound: ChatInbound;
  client: Client;
  /** Signs what comes back with buttons and dialogs. */
  key: Buffer;
  who: Who;
  pace: Pace;
  /** Goes on after whoever asked has an answer. Stopping waits for it; that it fails is logged as `what`. */
  later(what: string, work: Promise<unknown>): void;
}

/** Where the server finds the routes of this way in. */
export const addressOf = (
  {
    settings,
    adapter,
  }: { settings: Pick<MattermostSettings, 'callbackUrl'>; adapter: Pick<AdapterParts, 'publicUrl'> },
  route: 'command' | 'action' | 'dialog',
): string => `${settings.callbackUrl ?? adapter.publicUrl()}/chat/mattermost/${route}`;
