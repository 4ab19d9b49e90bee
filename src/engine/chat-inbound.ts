import type { ChatInbound, Inbound } from '../chat/platform.js';
import { paragraph, text } from '../messages/card.js';

/** Everything chat platforms may hand inward. */
export function chatInbound({ command }: Inbound): ChatInbound {
  return {
    command,
    form: async () => null,
    home: async () => ({ tone: 'neutral', summary: 'Muster', blocks: [paragraph(text('Type /incident.'))] }),
    keep: async () => false,
    revise: async () => {},
  };
}
