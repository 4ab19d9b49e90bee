import { demand, demandOnly, jsonOf, startPageServer } from './page-server.js';

const isAddress = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\/\S+$/.test(value);
const isText = (value: unknown, atMost: number): value is string =>
  typeof value === 'string' && value.length > 0 && Buffer.byteLength(value) <= atMost;

export interface NtfyMessage {
  topic: string;
  title: string;
  message: string;
  priority: number;
  tags: string[];
  click?: string;
  actions?: { action: string; label: string; url: string; clear?: boolean }[];
}

/** ntfy as https://docs.ntfy.sh/publish/#publish-as-json says it; `token` null: anybody may publish. */
export const startNtfy = (token: string | null = null) => {
  let ids = 0;
  return startPageServer<NtfyMessage>(
    (call) => {
      demand(call.method === 'POST' || call.method === 'PUT', 'method not allowed', 405);
      demand(call.path === '/', 'page not found', 404);
      demand(token === null || call.headers.authorization === `Bearer ${token}`, 'unauthorized', 401);
      const body = jsonOf(call);
      demandOnly(body, ['topic', 'title', 'message', 'priority', 'tags', 'click', 'actions']);
      const { topic, title, message, priority, tags, click, actions = [] } = body as Partial<NtfyMessage>;
      demand(/^[-_A-Za-z0-9]{1,64}$/.test(topic ?? ''), 'topic invalid');
      demand(isText(message, 4_096), 'message invalid');
      demand(isText(title, 1_000), 'title invalid');
      demand(Number.isInteger(priority) && Number(priority) >= 1 && Number(priority) <= 5, 'priority invalid');
      demand(Array.isArray(tags) && tags.every((tag) => /^[a-z0-9_+-]+$/.test(tag)), 'tags invalid');
      demand(click === undefined || isAddress(click), 'click invalid');
      demand(actions.length <= 3, 'too many actions');
      for (const action of actions) {
        demandOnly(action, ['action', 'label', 'url', 'clear']);
        demand(action.action === 'view' && isText(action.label, 100) && isAddress(action.url), 'action invalid');
      }
      const id = `nt${++ids}`;
      return { taken: body as unknown as NtfyMessage, answer: { status: 200, body: { id, event: 'message', topic } } };
    },
    (error, http) => ({ code: http * 100 + 1, http, error, link: 'https://ntfy.sh/docs/publish/' }),
  );
};

export interface GotifyMessage {
  title: string;
  message: string;
  priority: number;
  extras?: { 'client::notification': { click: { url: string } } };
}

/** Gotify as https://gotify.net/docs/pushmsg says it. */
export const startGotify = (token: string) => {
  let ids = 0;
  return startPageServer<GotifyMessage>(
    (call) => {
      demand(call.method === 'POST' && call.path === '/message', 'page not found', 404);
      demand(call.headers['x-gotify-key'] === token, 'you need to provide a valid access token', 401);
      const body = jsonOf(call);
      demandOnly(body, ['title', 'message', 'priority', 'extras']);
      const { message, title, priority, extras } = body as Partial<GotifyMessage>;
      demand(isText(message, 100_000), "Field 'message' is required");
      demand(isText(title, 1_000), "Field 'title' is wrong");
      demand(Number.isInteger(priority), "Field 'priority' is wrong");
      demand(extras === undefined || isAddress(extras['client::notification']?.click?.url), 'extras are wrong');
      return {
        taken: body as unknown as GotifyMessage,
        answer: { status: 200, body: { id: ++ids, appid: 1, message, title, priority } },
      };
    },
    (errorDescription, errorCode) => ({ error: 'Refused', errorCode, errorDescription }),
  );
};

export interface PagerDutyEvent {
  routing_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  payload?: { summary: string; source: string; severity: string; timestamp: string };
  links?: { href: string; text: string }[];
  client_url?: string;
}

/** PagerDuty Events v2 as https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ says it. */
export const startPagerDuty = () =>
  startPageServer<PagerDutyEvent>(
    (call) => {
      demand(call.method === 'POST' && call.path === '/v2/enqueue', 'not found', 404);
      demand(Buffer.byteLength(call.text) <= 512 * 1024, 'too large', 413);
      const body = jsonOf(call);
      demandOnly(body, [
        'routing_key',
        'event_action',
        'dedup_key',
        'payload',
        'client',
        'client_url',
        'links',
        'images',
      ]);
      const { routing_key, event_action, dedup_key, payload, links = [] } = body as unknown as PagerDutyEvent;
      demand(routing_key?.length === 32, "Length of 'routing_key' is incorrect (should be 32 characters)");
      demand(['trigger', 'acknowledge', 'resolve'].includes(event_action), "'event_action' is invalid");
      demand(isText(dedup_key, 255), "'dedup_key' is missing or too long");
      if (event_action === 'trigger') {
        demandOnly(payload ?? {}, [
          ...['summary', 'source', 'severity', 'timestamp', 'component', 'group', 'class', 'custom_details'],
        ]);
        demand(isText(payload?.summary, 4_096) && payload.summary.length <= 1_024, "'payload.summary' is invalid");
        demand(isText(payload.source, 1_000), "'payload.source' is missing");
        demand(['critical', 'error', 'warning', 'info'].includes(payload.severity), "'payload.severity' is invalid");
        demand(!Number.isNaN(Date.parse(payload.timestamp)), "'payload.timestamp' is invalid");
      }
      for (const link of links) demand(isAddress(link.href), "'links.href' is invalid");
      return {
        taken: body as unknown as PagerDutyEvent,
        answer: { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } },
      };
    },
    (why, status) =>
      status === 429 ? '' : { status: 'invalid event', message: 'Event object is invalid', errors: [why] },
  );

export type TwilioAct = { what: 'Messages' | 'Calls' } & Record<string, string>;

/** Twilio's text messages and calls as https://www.twilio.com/docs/messaging/api/message-resource and …/voice/api/call-resource say it. */
export const startTwilio = ({ sid, token }: { sid: string; token: string }) =>
  startPageServer<TwilioAct>(
    (call) => {
      const [, account, what] =
        /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})\/(Messages|Calls)\.json$/.exec(call.path) ?? [];
      demand(call.method === 'POST' && account === sid, 'The requested resource was not found', 404);
      const basic = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
      demand(call.headers.authorization === basic, 'Authenticate', 401);
      demand(
        (call.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'),
        'it is no form',
        415,
      );
      const form = Object.fromEntries(new URLSearchParams(call.text));
      for (const key of ['To', 'From'])
        demand(/^\+[1-9]\d{1,14}$/.test(form[key] ?? ''), `The '${key}' number is not a valid phone number.`);
      if (what === 'Messages') {
        demandOnly(form, ['To', 'From', 'Body']);
        demand(isText(form.Body, 10_000) && form.Body.length <= 1_600, "'Body' is missing or exceeds 1600 characters");
      } else {
        demandOnly(form, ['To', 'From', 'Twiml']);
        demand(isText(form.Twiml, 4_000) && isXml(form.Twiml), "'Twiml' is no document");
      }
      return {
        taken: { what: what as TwilioAct['what'], ...form },
        answer: { status: 201, body: { sid: 'SM1', status: 'queued' } },
      };
    },
    (message, status) => ({
      code: status === 401 ? 20003 : 21211,
      message,
      more_info: 'https://www.twilio.com/docs',
      status,
    }),
  );

/** Tags in pairs, and no ampersand or bracket that is none of the markup. */
function isXml(text: string): boolean {
  const open: string[] = [];
  const rest = text.replace(/<(\/?)([A-Za-z]+)(?: [A-Za-z]+="[^"<&]*")*>/g, (_, end: string, name: string) => {
    if (end === '') open.push(name);
    else if (open.pop() !== name) open.push('unmatched');
    return '';
  });
  return open.length === 0 && !/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/.test(rest);
}
