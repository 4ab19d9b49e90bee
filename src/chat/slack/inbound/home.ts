import type { App } from '@slack/bolt';
import { renderCard } from '../render.js';
import type { InboundParts } from './parts.js';

/** https://docs.slack.dev/reference/views */
const blocksPerView = 100;

/** The home tab: what is somebody's own. */
export function hearHome(app: App, parts: InboundParts): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') parts.later('somebody’s home', showHome(parts, event.user));
  });
}

/** Shows somebody their home as it is now. */
export async function showHome(parts: InboundParts, userId: string): Promise<void> {
  const { personId } = await parts.who.person(userId);
  const card = await parts.inbound.home(personId);
  // One view holds what several messages would: the marks between them have no place in it.
  const blocks = renderCard(card, await parts.known(card))
    .flatMap((message) => message.blocks)
    .filter((block) => !('block_id' in block && block.block_id?.startsWith('continued-')))
    .slice(0, blocksPerView);
  await parts.calls.call('views.publish', { user_id: userId, view: { type: 'home', blocks } }, 10_000);
}
