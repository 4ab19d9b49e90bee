import { plainText } from '../messages/plain.js';
import type { SampleMessage } from '../messages/sample-messages.js';
import { type Html, html } from './web/html.js';
import { previewCard } from './web/preview.js';

/** How a platform shows a message, for looking at it. */
export interface Preview {
  name: string;
  /** Classes of the column: `day` or `night`, and `narrow`. */
  column: string;
  /** @throws when the platform cannot show it at all: a bug. */
  render(message: SampleMessage, at: number): Html;
}

const room = (name: string, column: string): Preview => ({
  name,
  column,
  render: ({ card, pinned }, at) => previewCard(card, at, pinned),
});

/** Every platform there is. A new one is a line here. */
export const previews: readonly Preview[] = [
  room('Web room', 'day'),
  room('Web room, dark', 'night'),
  room('Web room, 380 px', 'day narrow'),
  {
    name: 'Plain text',
    column: 'day text',
    render: ({ card }, now) => html`<p class="note">${card.summary}</p><pre>${plainText(card, { now })}</pre>`,
  },
];
