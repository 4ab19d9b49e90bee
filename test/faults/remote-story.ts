import { builtInChat, builtInPolicy } from '../../src/config/defaults.js';
import type { Policy } from '../../src/incident/state.js';
import { plainText } from '../../src/messages/plain.js';
import { type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { type Database, noon, type Story, story } from '../stories/story.js';

/** A story whose incidents live on the remote chat alone, so that everything said has to cross a network that can fail. */
export interface RemoteStory {
  told: Story;
  chat: RemoteChat;
  /** What stands in a channel of the remote chat, oldest first. */
  said(channel: string): { key: string; text: string }[];
  /** An incident of its own, declared by a grave alert. */
  outage(service: string): Promise<void>;
  end(): Promise<void>;
}

export const oneAlert = (service: string, severity = 'critical', name = `${service} fails`) => ({
  alerts: [{ title: name, service, severity, fingerprint: `${service} ${name}` }],
});

export async function remoteStory(
  about: {
    policy?: Partial<Policy>;
    callsWithinMs?: number;
    at?: number;
    /** How long the chat may fail before its incidents go elsewhere. */
    awayAfterMs?: number;
    database?: Database;
    /** It has heads, files and archives too. */
    tends?: boolean;
  } = {},
): Promise<RemoteStory> {
  let told: Story | undefined;
  const chat = await startRemoteChat({ now: () => told?.now() ?? about.at ?? noon });
  const policy = { ...builtInPolicy([]), platforms: ['remote'], ...about.policy };
  const platforms = [remoteChatPlatform({ url: chat.url, ...(about.tends && { tends: true }) })];
  const { callsWithinMs, at, database } = about;
  const chatSettings = { ...builtInChat, ...(about.awayAfterMs !== undefined && { awayAfterMs: about.awayAfterMs }) };
  told = await story({
    config: { policy, chat: chatSettings },
    platforms,
    ...(database && { database }),
    ...(callsWithinMs && { callsWithinMs }),
    ...(at && { at }),
  });
  return {
    told,
    chat,
    said(name) {
      const channel = [...chat.channels.values()].find(
        (each) => each.name === name || each.name.startsWith(`${name}-`),
      );
      return (channel?.messages ?? []).map(({ key, card }) => ({ key, text: plainText(card) }));
    },
    async outage(service) {
      const taken = await told.alerts('generic', oneAlert(service));
      if (taken.status !== 202) throw new Error(`The alert was answered with ${taken.status}.`);
    },
    async end() {
      await told.end();
      await chat.close();
    },
  };
}
