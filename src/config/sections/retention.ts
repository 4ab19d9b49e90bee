import { z } from 'zod';
import { parseDuration } from '../../playbooks/duration.js';
import { durationOrNever, rule } from './words.js';

/** `90d`, at least so long, or `never`: kept for ever. */
const kept = (atLeast: string, why: string) =>
  durationOrNever
    .refine(
      (ms) => ms === null || ms >= (parseDuration(atLeast) as number),
      rule(`is too short: ${why}`, `Write ${atLeast} or more, or never.`),
    )
    .optional();

export const retention = z.strictObject({
  answers: kept('4d', 'a command or a delivery that comes a second time is answered as it was the first time').describe(
    'Answers to commands, repeated when the same command comes again',
  ),
  receipts: kept('1d', 'senders ask what became of their alerts').describe('What became of each request with alerts'),
  deliveries: kept('7d', 'messages are edited and taken back by them').describe(
    'Which message is where in chat, counted from the end of its incident',
  ),
  episodes: kept('30d', 'an alert that is reported again is known by them').describe(
    'Alerts, counted from the last report and the end of their incident',
  ),
  notices: kept('7d', 'feeds and mail repeat them').describe(
    'What was told outside chat, counted from the end of its incident',
  ),
  bodies: kept('1h', 'they are there to be read again').describe(
    'Requests with alerts as they came, secrets hidden, the newest 500 of each source; shown to owners and read again by muster alerts replay',
  ),
  changes: kept('1d', 'what begins on the service soon after says so').describe(
    'Changes and deployments that senders tell of; what begins within two hours says so',
  ),
  sources: kept('30d', 'they say when a sender was last heard of').describe('Figures of senders not heard of any more'),
});
