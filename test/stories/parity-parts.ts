import type { AdapterParts } from '../../src/chat/platform.js';
import { createLog } from '../../src/http/log.js';
import type { Story } from './story.js';

/** What the adapter of a story's chat has of the rest of Muster; it is asked while the story begins, too. */
export function partsOf(platform: string, told: () => Story, startsAt: number): AdapterParts {
  let begun: Story | null = null;
  const tale = (): Story => {
    begun ??= told();
    return begun;
  };
  return {
    accounts: {
      identify: (...who) => tale().bot.identify(...who),
      async accountOf(on, personId) {
        const { store } = tale().bot;
        const known = await store.person(personId);
        return known && { externalId: await store.accountOn(on, personId), email: known.email, name: known.name };
      },
    },
    publicUrl: () => tale().bot.url,
    now: () => begun?.now() ?? startsAt,
    log: createLog(process.env.MUSTER_LOG_LEVEL ?? 'silent'),
    channels: async () => (await tale().bot.store.openChannels(platform)).map(({ channel }) => channel),
    marks: {
      read: (name) => tale().bot.store.mark(platform, name),
      write: (name, value) => tale().bot.store.setMark(platform, name, value),
    },
  };
}
