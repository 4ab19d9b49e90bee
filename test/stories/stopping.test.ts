import { expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/defaults.js';
import { machine } from '../../src/people/viewer.js';
import { startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { noon, story } from './story.js';

it('what the chat answers while Muster stops is still written down', async () => {
  const chat = await startRemoteChat({ now: () => noon });
  const platform = remoteChatPlatform({ url: chat.url });
  let begun = (): void => {};
  const opening = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = {
    ...platform,
    async openChannel(request: Parameters<typeof platform.openChannel>[0]) {
      begun();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return platform.openChannel(request);
    },
  };
  const told = await story({ config: { policy: { ...builtInPolicy([]), platforms: ['remote'] } }, platforms: [slow] });
  try {
    const said = told.say('Ada', '/incident declare Pushes fail').catch(() => undefined);
    await opening;
    await told.stop();
    await said;
    await told.start();
    const incident = await told.bot.store.incident(machine, { number: 1 });
    expect(Object.keys(incident?.channels ?? {})).toEqual(['remote']);
  } finally {
    await told.end();
    await chat.close();
  }
});
