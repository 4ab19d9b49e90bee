import { expect } from 'vitest';
import type { ChatPlatform } from '../../../src/chat/platform.js';
import { slackApi } from '../../../src/chat/slack/api.js';
import type { Pace } from '../../../src/chat/slack/pacing.js';
import { slackPlatform } from '../../../src/chat/slack/platform.js';
import type { ChatUnderTest } from '../../contracts/chat.contract.js';
import { adapterParts } from './parts.js';
import { type SlackWorkspace, startSlack } from './workspace.js';

/** Waiting takes no time; the clock of the test goes on by it. */
function fastPace(): Pace & { pass(ms: number): void } {
  let at = Date.now();
  return {
    now: () => at,
    pass(ms) {
      at += ms;
    },
    async sleep(ms) {
      at += ms;
    },
  };
}

export type SlackUnderTest = ChatUnderTest & {
  slack: SlackWorkspace;
  pace: ReturnType<typeof fastPace>;
  /** Muster after a restart: what it has noted is all it knows. */
  again(callWithinMs?: number): ChatPlatform;
  known: Map<string, string>;
};

export async function slackUnderTest({
  groups = [] as string[],
  people = ['ada', 'bob'],
} = {}): Promise<SlackUnderTest> {
  const pace = fastPace();
  const slack = await startSlack({ people, now: pace.now });
  const { parts, known } = adapterParts({ now: pace.now, strangers: ['nobody'] });
  const settings = {
    botToken: slack.token,
    appToken: null,
    signingSecret: null,
    apiUrl: slack.apiUrl,
    inviteGroups: groups,
    keepReactions: [],
  };
  const again = (callWithinMs = 10_000) =>
    slackPlatform(settings, parts, { pace, api: slackApi(settings, { pace, callWithinMs }) });
  const chat = again();
  return {
    slack,
    pace,
    chat,
    again,
    known,
    stranger: 'stranger',
    deduplicates: false,
    channelName: async (channel) => (await slack.channel(channel)).name,
    members: slack.members,
    messages: slack.messages,
    loseAnswerToPost: () => slack.fail({ kind: 'resetAfter' }, { method: 'chat.postMessage' }),
    async close() {
      await chat.close();
      await slack.close();
      expect(slack.violations).toEqual([]);
    },
  };
}
