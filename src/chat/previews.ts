import { plainText } from '../messages/plain.js';
import type { SampleMessage } from '../messages/sample-messages.js';
import { mattermostCardProblems, mattermostStyle, previewCard as previewMattermost } from './mattermost/preview.js';
import { previewCard as previewSlack, slackCardProblems, slackStyle } from './slack/preview.js';
import { type Html, html } from './web/html.js';
import { previewCard } from './web/preview.js';

/** How a platform shows a message, for looking at it. */
export interface Preview {
  name: string;
  /** Classes of the column: `day` or `night`, and `narrow`. */
  column: string;
  /** Pixels. */
  width: number;
  /** Rules of its own, for what is in the column. */
  style?: string;
  /** What the platform would refuse the message for. */
  problems?(message: SampleMessage): string[];
  /** @throws when the platform cannot show it at all: a bug. */
  render(message: SampleMessage, at: number): Html;
}

const room = (name: string, column: string, width: number): Preview => ({
  name,
  column,
  width,
  render: ({ card, pinned }, at) => previewCard(card, at, pinned),
});

/** Every platform there is. A new one is a line here. */
export const previews: readonly Preview[] = [
  room('Web room', 'day', 640),
  room('Web room, dark', 'night', 640),
  room('Web room, 380 px', 'day narrow', 380),
  {
    name: 'Slack',
    column: 'slack',
    width: 600,
    style: slackStyle,
    problems: ({ card }) => slackCardProblems(card),
    render: ({ card }) => previewSlack(card),
  },
  {
    name: 'Mattermost',
    column: 'mattermost',
    width: 560,
    style: mattermostStyle,
    problems: ({ card }) => mattermostCardProblems(card),
    render: ({ card }) => previewMattermost(card),
  },
  {
    name: 'Plain text',
    column: 'day text',
    width: 520,
    render: ({ card }, now) => html`<p class="note">${card.summary}</p><pre>${plainText(card, { now })}</pre>`,
  },
];
