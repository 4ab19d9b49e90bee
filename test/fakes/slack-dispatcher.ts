import { createHmac, randomUUID } from 'node:crypto';
import { inboundPath } from '../../src/chat/slack/uses.js';
import { muster, type SlackSide } from './slack-side.js';

type Fields = Record<string, unknown>;

/** What Slack delivers, before it is known by which way. */
export interface Dispatch {
  kind: 'command' | 'interactive' | 'event';
  body: Fields;
}

/** How Slack took the answer. */
export interface Taken {
  /** Slack will not deliver it again. */
  ok: boolean;
  /** HTTP's; of Socket Mode none. */
  status?: number;
  /** What was answered along with the acknowledgement. */
  answer: Fields | null;
}

/** A way from Slack to Muster. */
export interface Way {
  send(dispatch: Dispatch, how?: { retry?: number }): Promise<Taken>;
}

let ticks = 0;
/** A message's time and id, none twice. */
export const newTs = (at = Date.now()): string => `${Math.floor(at / 1_000)}.${String(++ticks).padStart(6, '0')}`;

/** The things people do, as Slack tells them. */
export function acts(side: SlackSide) {
  const team = { id: side.teamId, domain: 'example' };
  const person = (id: string) => ({ id, username: side.people.get(id) ?? id, team_id: side.teamId });
  const event = (fields: Fields, more: Fields = {}): Dispatch => ({
    kind: 'event',
    body: {
      type: 'event_callback',
      team_id: side.teamId,
      api_app_id: 'A1',
      event_id: `Ev${randomUUID()}`,
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ team_id: side.teamId, user_id: muster.userId, is_bot: true, is_enterprise_install: false }],
      event: { event_ts: newTs(), ...fields },
      ...more,
    },
  });
  return {
    event,
    command(text: string, { user = 'UADA', channel = 'C1', ...more }: Fields = {}): Dispatch {
      return {
        kind: 'command',
        body: {
          command: '/incident',
          text,
          team_id: side.teamId,
          user_id: user,
          user_name: side.people.get(String(user)) ?? 'somebody',
          channel_id: channel,
          channel_name: 'inc-1',
          trigger_id: side.trigger(),
          response_url: side.responseUrl(),
          is_enterprise_install: 'false',
          ...more,
        },
      };
    },
    /** A press of the button with this value in a message. */
    press(
      value: unknown,
      {
        user = 'UADA',
        channel = 'C1',
        ts = '100.000001',
        actionId = 'run-1',
        label = 'Do it',
        at = Date.now(),
      }: Press = {},
    ): Dispatch {
      return {
        kind: 'interactive',
        body: {
          type: 'block_actions',
          team,
          user: person(user),
          container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
          channel: { id: channel, name: 'inc-1' },
          trigger_id: side.trigger(),
          response_url: side.responseUrl(),
          actions: [
            {
              type: 'button',
              action_id: actionId,
              block_id: 'b1',
              text: { type: 'plain_text', text: label },
              value: typeof value === 'string' ? value : JSON.stringify(value),
              action_ts: newTs(at),
            },
          ],
        },
      };
    },
    /** The modal that was opened last, filled in. */
    submit(values: Record<string, string | { choice: string }>, { user = 'UADA', viewId = 'V1' } = {}): Dispatch {
      const { view } = side.asked('views.open').at(-1) as { view: Fields };
      const state = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          {
            value:
              typeof value === 'string'
                ? { type: 'plain_text_input', value }
                : { type: 'static_select', selected_option: { value: value.choice } },
          },
        ]),
      );
      return {
        kind: 'interactive',
        body: {
          type: 'view_submission',
          team,
          user: person(user),
          trigger_id: side.trigger(),
          view: { ...view, id: viewId, state: { values: state } },
          response_urls: [],
        },
      };
    },
    shortcut(callbackId: string, user = 'UADA'): Dispatch {
      return {
        kind: 'interactive',
        body: {
          type: 'shortcut',
          team,
          user: person(user),
          callback_id: callbackId,
          trigger_id: side.trigger(),
          action_ts: newTs(),
        },
      };
    },
    messageShortcut(callbackId: string, message: Fields, { user = 'UADA', channel = 'C1' } = {}): Dispatch {
      return {
        kind: 'interactive',
        body: {
          type: 'message_action',
          team,
          user: { id: user, name: side.people.get(user), team_id: side.teamId },
          channel: { id: channel, name: 'general' },
          callback_id: callbackId,
          trigger_id: side.trigger(),
          response_url: side.responseUrl(),
          message_ts: message.ts,
          message: { type: 'message', ...message },
        },
      };
    },
  };
}

interface Press {
  user?: string;
  channel?: string;
  ts?: string;
  actionId?: string;
  label?: string;
  at?: number;
}

export interface Signing {
  secret?: string;
  /** When it says it was signed, in ms. */
  at?: number;
  signature?: string | null;
  contentType?: string;
  retry?: number;
  /** Changed after it was signed. */
  tamper?(raw: string): string;
}

const formType = 'application/x-www-form-urlencoded; charset=utf-8';

/** The body as Slack puts it into a request. */
function rawOf({ kind, body }: Dispatch): { raw: string; type: string } {
  if (kind === 'event') return { raw: JSON.stringify(body), type: 'application/json' };
  const form = kind === 'command' ? (body as Record<string, string>) : { payload: JSON.stringify(body) };
  return { raw: new URLSearchParams(form).toString(), type: formType };
}

/** Slack's requests to an app that is reached by HTTP. */
export function httpDispatcher(url: string, secret: string, now: () => number = Date.now) {
  async function post(raw: string, type: string, signing: Signing = {}): Promise<Response> {
    const sentAt = Math.floor((signing.at ?? now()) / 1_000);
    const made = `v0=${createHmac('sha256', signing.secret ?? secret)
      .update(`v0:${sentAt}:${raw}`)
      .digest('hex')}`;
    const signature = signing.signature === undefined ? made : signing.signature;
    return fetch(`${url}${inboundPath}`, {
      method: 'POST',
      headers: {
        'content-type': signing.contentType ?? type,
        'x-slack-request-timestamp': String(sentAt),
        ...(signature === null ? {} : { 'x-slack-signature': signature }),
        ...(signing.retry ? { 'x-slack-retry-num': String(signing.retry), 'x-slack-retry-reason': 'http_error' } : {}),
      },
      body: signing.tamper ? signing.tamper(raw) : raw,
    });
  }
  const way: Way = {
    async send(dispatch, { retry = 0 } = {}) {
      const { raw, type } = rawOf(dispatch);
      const response = await post(raw, type, { retry });
      const text = await response.text();
      return {
        ok: response.ok,
        status: response.status,
        answer: text.startsWith('{') ? (JSON.parse(text) as Fields) : null,
      };
    },
  };
  return {
    ...way,
    /** With what is signed, and how, in hand. */
    async signed(dispatch: Dispatch | string, signing: Signing = {}) {
      const { raw, type } =
        typeof dispatch === 'string' ? { raw: dispatch, type: 'application/json' } : rawOf(dispatch);
      const response = await post(raw, type, signing);
      const text = await response.text();
      return { status: response.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Fields) : null };
    },
  };
}
