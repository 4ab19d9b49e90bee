import { DeliveryError, type TroubleOf } from '../platform.js';
import type { Method } from './tiers.js';

interface Refused {
  method: Method;
  channel: string | null;
  /** Slack's word for it. */
  code: string;
  /** With `missing_scope`. */
  needed?: string | undefined;
  /** What Slack adds, if anything. */
  details: readonly string[];
  cause: unknown;
}

/** The app as a whole is shut out: no message is to blame, and all of them go out once somebody has put it right. */
const shutOut: Record<string, string> = {
  invalid_auth: 'Slack does not know the bot token. Set SLACK_BOT_TOKEN to the one on the app’s page',
  not_authed: 'Slack was asked without a bot token. Set SLACK_BOT_TOKEN',
  account_inactive: 'The bot token belongs to an app or workspace that is gone. Install the app again',
  token_revoked: 'The bot token was revoked. Install the app again and set SLACK_BOT_TOKEN to the new one',
  token_expired: 'The bot token has expired. Set SLACK_BOT_TOKEN to a new one',
  not_allowed_token_type: 'This is no bot token. SLACK_BOT_TOKEN begins with xoxb-',
  access_denied: 'Slack denies the app access. Ask who administers the workspace',
  no_permission: 'The app may not do this in the workspace. Ask who administers it',
  team_access_not_granted: 'The app has no access to the workspace. Install it there',
  accesslimited: 'Slack takes no requests from this network. Ask who administers the workspace',
  ekm_access_denied: 'Administrators have suspended posting. Ask who administers the workspace',
  org_login_required: 'The workspace is being moved to another organization',
  enterprise_is_restricted: 'The organization lets the app do nothing. Ask who administers it',
  two_factor_setup_required: 'Slack asks for two-factor authentication to be set up',
  message_limit_exceeded: 'The workspace has reached its limit of messages',
  team_added_to_org: 'The workspace is being moved to an organization',
};

/** Slack's own trouble; it goes by. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'unknown_error',
  'external_channel_migrating',
]);

const unseen = 'was deleted, or it is private and Muster is not in it. In Slack, type /invite @Muster there';
/** One channel is out of reach, whatever is to be done there. */
const outOfReach: Record<string, string> = {
  channel_not_found: unseen,
  not_in_channel: 'cannot be joined by Muster. In Slack, type /invite @Muster there',
  is_archived: 'is archived. Unarchive it in Slack and type /invite @Muster there',
  is_inactive: 'is archived or frozen. Unarchive it in Slack and type /invite @Muster there',
  team_not_found: 'belongs to a workspace the app is not installed in',
};
/** The same, but of somebody who may post there and not do something else it says less. */
const notForPosts: Record<string, string> = {
  restricted_action: 'is one where only some may post. Let the app post there, in the channel’s settings',
  restricted_action_read_only_channel: 'is read only. Let the app post there, in the channel’s settings',
  method_not_supported_for_channel_type: 'is not one to post to',
};
const posts: ReadonlySet<Method> = new Set(['chat.postMessage', 'chat.update']);

/** Without these nothing can be said at all; what is missing for others costs only what they do. */
const vital: ReadonlySet<Method> = new Set(['auth.test', 'chat.postMessage', 'chat.update', 'conversations.history']);
/** Until somebody may have given the app the scope, or let it in. */
const scopeRetryMs = 60_000;

const isWord = (code: string): boolean => /^[a-z0-9_]{1,80}$/.test(code);

/** What Slack refused, as the job runner takes it. */
export function refusal({ method, channel, code, needed, details, cause }: Refused): DeliveryError {
  const made = (message: string, permanent: boolean, of: TroubleOf, retryAfterMs?: number): DeliveryError => {
    const more = details.length > 0 ? ` ${details.join(' ')}` : '';
    const said = isWord(code) ? `Slack said ${code} to` : 'something that is not Slack answered';
    return new DeliveryError(`${message} (${said} ${method}).${more}`, {
      permanent,
      of,
      retryAfterMs,
      cause,
    });
  };
  if (code === 'missing_scope') {
    const words = `The Slack app lacks the scope ${needed ?? 'it needs'}. Add it on the app’s page and install the app again`;
    if (vital.has(method)) return made(words, false, 'platform');
    if (opens.has(method)) return made(words, false, 'channel', scopeRetryMs);
    return made(words, true, 'message');
  }
  // Slack says these of a whole workspace, and of one channel that Muster is not in.
  if ((code === 'no_permission' || code === 'access_denied') && channel !== null)
    return vital.has(method)
      ? made(
          `Slack denies Muster the channel ${channel}. In Slack, type /invite @Muster there`,
          false,
          'channel',
          scopeRetryMs,
        )
      : made('Slack denies it to Muster', true, 'message');
  const platform = shutOut[code];
  if (platform) return made(platform, false, 'platform');
  // A page of a proxy that stands in between says nothing of the message.
  if (passing.has(code) || !isWord(code)) return made('Slack has trouble of its own', false, 'message');
  const lost = outOfReach[code] ?? (posts.has(method) ? notForPosts[code] : undefined);
  if (lost && channel !== null) return made(`The Slack channel ${channel} ${lost}`, true, 'channel');
  if (method === 'conversations.create')
    return made('Slack lets Muster open no such channel. Ask who administers the workspace', true, 'channel');
  if (code === 'message_not_found') return made('The message is gone from Slack', true, 'message');
  return made('Slack refused it', true, 'message');
}

/** A channel that cannot be opened for want of a scope waits; others go on. */
const opens: ReadonlySet<Method> = new Set(['conversations.create', 'conversations.open', 'conversations.join']);

/** Slack's word for what it refused; null: this is no refusal of Slack's. */
export function codeOf(error: unknown): string | null {
  const cause = error instanceof DeliveryError ? error.cause : null;
  return isRefused(cause) ? cause.data.error : null;
}

/** What Slack answers with when it refuses, as the client throws it. */
export interface RefusedAnswer {
  data: {
    error: string;
    needed?: string;
    errors?: { user?: string; error?: string }[];
    response_metadata?: { messages?: string[] };
  };
}

export const isRefused = (error: unknown): error is RefusedAnswer =>
  typeof error === 'object' &&
  error !== null &&
  'data' in error &&
  typeof (error as RefusedAnswer).data?.error === 'string';
