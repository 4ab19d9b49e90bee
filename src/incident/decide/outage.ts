import type { CommandBodies } from '../commands.js';
import { type Decision, event } from '../context.js';
import type { Incident } from '../state.js';

/** Of an incident that has ended nobody is waiting to hear, and one that is elsewhere already stays there. */
export function losePlatform(state: Incident, command: CommandBodies['losePlatform']): Decision {
  const { platform, standIn, since, of, why } = command;
  const ended = state.status === 'closed' || state.status === 'dismissed';
  if (ended || state.away || state.policy.platforms[0] !== platform || platform === standIn) return [];
  return [event('platformLost', { platform, standIn, since, of, why })];
}

export function regainPlatform({ away }: Incident, { platform }: CommandBodies['regainPlatform']): Decision {
  if (!away || away.platform !== platform) return [];
  const { standIn, since, seq } = away;
  return [event('platformBack', { platform, standIn, since, lostSeq: seq })];
}
