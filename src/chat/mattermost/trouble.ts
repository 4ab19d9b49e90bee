import { DeliveryError, type TroubleOf } from '../platform.js';
import { Answered, Silent } from './client.js';

/** What was tried, for whoever reads that it did not work. */
export interface Trying {
  /** After "Mattermost did not", e.g. `take the message`. */
  what: string;
  /** Whose trouble a refusal is. */
  of: TroubleOf;
  /** What to look at when the bot may not; a sentence. */
  mayNot: string;
}

const ARCHIVED = 'The channel is archived on Mattermost. Unarchive it there to go on in it.';

/** Errors that say more than their status. */
const KNOWN: Record<string, { of: TroubleOf; words: string } | { again: number }> = {
  'api.post.create_post.can_not_post_to_deleted.error': { of: 'channel', words: ARCHIVED },
  'api.post.patch_post.can_not_update_post_in_deleted.error': { of: 'channel', words: ARCHIVED },
  'api.post.update_post.can_not_update_post_in_deleted.error': { of: 'channel', words: ARCHIVED },
  'app.channel.update.bad_id': { of: 'channel', words: ARCHIVED },
  'app.post.get.app_error': { of: 'message', words: 'The message is gone from Mattermost.' },
  // The same post is being made by an earlier try, or is one that somebody has just deleted.
  'api.post.deduplicate_create_post.pending': { again: 1_000 },
  'api.post.deduplicate_create_post.failed_to_get': { again: 5_000 },
};

/** Runs a call; what goes wrong comes out as a `DeliveryError`. */
export async function delivering<T>(trying: Trying, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Answered) throw refusal(error, trying);
    if (error instanceof Silent) throw silence(error);
    throw error;
  }
}

const silence = (cause: Silent): DeliveryError =>
  new DeliveryError(`Mattermost cannot be reached or does not answer: ${cause.message}.`, {
    permanent: false,
    of: cause.unreached ? 'platform' : undefined,
    cause,
  });

function refusal(cause: Answered, { what, of, mayNot }: Trying): DeliveryError {
  const { status, id, message, retryAfterMs } = cause;
  const passing = (words: string, whose?: TroubleOf, after = retryAfterMs): DeliveryError =>
    new DeliveryError(words, { permanent: false, of: whose, retryAfterMs: after, cause });
  const permanent = (words: string, whose: TroubleOf): DeliveryError =>
    new DeliveryError(words, { permanent: true, of: whose, cause });

  const known = id === null ? undefined : KNOWN[id];
  if (known && 'again' in known)
    return passing('Mattermost is still at an earlier try of this.', 'message', known.again);
  if (known) return permanent(known.words, known.of);
  if (status === 429) return passing('Mattermost has had too many requests of Muster.', 'platform');
  if (status === 401)
    return passing(
      'Mattermost does not take the token of the bot any more. Make a new one and set MATTERMOST_TOKEN.',
      'platform',
    );
  if (status >= 500) return passing(`Mattermost has failed: it answered ${status}${because(message)}.`);
  if (id === null) {
    const elsewhere = status >= 300 && status < 400 ? `, which leads to ${message || 'another address'}` : '';
    return passing(`No Mattermost answers at the address of the settings (${status}${elsewhere}).`, 'platform');
  }
  const words =
    status === 403
      ? `Mattermost did not ${what}: Muster may not. ${mayNot}`
      : `Mattermost did not ${what}${because(message)}.`;
  // What all else depends on is for a person to put right, and then it all goes on.
  return of === 'platform' ? passing(words, of) : permanent(words, of);
}

const because = (message: string): string => (message === '' ? '' : `: ${message.replace(/\.$/, '')}`);
