import type { ChatAdapter, ChatInbound, ChatPlatform } from '../../src/chat/platform.js';

/** A platform that does all it is told and says nothing; what it may hand inward can be called from a test. */
export function quietAdapter(
  name: string,
  more: Partial<ChatPlatform> = {},
): { adapter: ChatAdapter; inbound(): ChatInbound } {
  let given: ChatInbound | undefined;
  let ids = 0;
  const channels = new Map<string, string>();
  const platform: ChatPlatform = {
    name,
    abilities: { channels: true, threads: false, buttons: true, edits: true, whispers: false, forms: true, pins: true },
    async openChannel({ key }) {
      const channel = channels.get(key) ?? `C${++ids}`;
      channels.set(key, channel);
      return channel;
    },
    invite: async () => ({ unknown: [] }),
    post: async () => `M${++ids}`,
    edit: async () => {},
    find: async () => null,
    directChannel: async ({ personId }) => `D${personId}`,
    close: async () => {},
    ...more,
  };
  return {
    adapter: {
      platform,
      wayIn(inbound) {
        given = inbound;
        return { start: async () => {}, state: () => ({ ready: true, sinceAt: 0, why: null }), stop: async () => {} };
      },
    },
    inbound() {
      if (!given) throw new Error('Nothing has been handed over yet.');
      return given;
    },
  };
}
