import type { OpenChannel } from '../chat/platform.js';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { channelName } from '../messages/names.js';

/**
 * The channel an incident has on a platform where people work on it.
 * @param again the event that reopened it after its channel had been put away: that one stays as it is.
 */
export const channelRequest = (
  { id, number, title, severity, severityReason, visibility }: Incident,
  again?: number,
): OpenChannel => ({
  key: again === undefined ? `incident/${id}` : `incident/${id}/${again}`,
  name: channelName(number ?? 0, title, visibility === 'private'),
  title: `#${number} ${literal(title)}`,
  purpose: `${severity}: ${literal(severityReason)}`,
  private: visibility === 'private',
});
