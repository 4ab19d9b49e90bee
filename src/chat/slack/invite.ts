import { DeliveryError } from '../platform.js';
import type { SlackApi } from './api.js';
import { joining } from './channels.js';
import { codeOf, isRefused } from './refusals.js';

/** https://docs.slack.dev/reference/methods/conversations.invite takes 100 for sure; sources disagree on more. */
const invitedAtOnce = 100;
/** Each try leaves out whom Slack has named. */
const triesAtMost = 4;

/** It is as if they had been invited now. */
const inAlready = new Set(['already_in_channel', 'cant_invite_self']);

/** Asks users in. @returns those who cannot be, by Slack's id. */
export async function inviteUsers(api: SlackApi, channel: string, users: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  for (let from = 0; from < users.length; from += invitedAtOnce)
    refused.push(...(await inviteSome(api, channel, users.slice(from, from + invitedAtOnce))));
  return refused;
}

async function inviteSome(api: SlackApi, channel: string, users: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  let left = [...users];
  for (let tries = 0; left.length > 0; tries++) {
    try {
      await joining(api, channel, () =>
        api.call('conversations.invite', { channel, users: left.join(','), force: true }),
      );
      return refused;
    } catch (error) {
      const named = namedIn(error, left);
      if (named === null || tries >= triesAtMost) throw error;
      refused.push(...named.filter(({ code }) => !inAlready.has(code)).map(({ user }) => user));
      left = left.filter((user) => !named.some((each) => each.user === user));
    }
  }
  return refused;
}

/** Whom Slack would not have; null: the trouble is another. */
function namedIn(error: unknown, asked: readonly string[]): { user: string; code: string }[] | null {
  const code = codeOf(error);
  if (code === null || !(error instanceof DeliveryError) || !error.permanent || error.of !== 'message') return null;
  const listed = isRefused(error.cause) ? (error.cause.data.errors ?? []) : [];
  const named = listed.flatMap(({ user, error: why = code }) =>
    user && asked.includes(user) ? [{ user, code: why }] : [],
  );
  if (named.length > 0) return named;
  return asked.length === 1 ? [{ user: asked[0] as string, code }] : null;
}

/** The users of these groups, by handle. Handles nobody has are answered. */
export async function usersOf(
  api: SlackApi,
  handles: readonly string[],
): Promise<{ users: string[]; unknown: string[] }> {
  if (handles.length === 0) return { users: [], unknown: [] };
  const { usergroups } = await api.call('usergroups.list', { include_users: true });
  const wanted = handles.map((handle) => handle.replace(/^@/, '').toLowerCase());
  const found = usergroups.filter(({ handle }) => wanted.includes(handle.toLowerCase()));
  const unknown = wanted.filter((handle) => !found.some((group) => group.handle.toLowerCase() === handle));
  return { users: [...new Set(found.flatMap(({ users = [] }) => users))], unknown };
}
