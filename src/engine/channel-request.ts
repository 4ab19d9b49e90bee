import type { OpenChannel } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { channelName } from '../messages/names.js';

/** The channel an incident has on a platform where people work on it. */
export const channelRequest = ({ id, number, title, severity, severityReason, visibility }: Incident): OpenChannel => ({
  key: `incident/${id}`,
  name: channelName(number ?? 0, title, visibility === 'private'),
  title: `#${number} ${literal(title)}`,
  purpose: `${severity}: ${literal(severityReason)}`,
  private: visibility === 'private',
});
