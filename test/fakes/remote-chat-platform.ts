import { type ChatPlatform, DeliveryError } from '../../src/chat/platform.js';

/** The adapter for the remote chat of the tests; `deadlineMs` is what real adapters have too. `tends`: it also minds its channels. */
export function remoteChatPlatform({
  url,
  name: platform = 'remote',
  deadlineMs = 10_000,
  tends = false,
}: {
  url: string;
  name?: string;
  deadlineMs?: number;
  tends?: boolean;
}): ChatPlatform {
  let closing = new AbortController();

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(url + path, {
        method,
        signal: AbortSignal.any([AbortSignal.timeout(deadlineMs), closing.signal]),
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      answer = await response.json();
    } catch (cause) {
      throw new DeliveryError(`the remote chat did not answer ${method} ${path}`, { permanent: false, cause });
    }
    if (response.ok) return answer as T;
    const { status } = response;
    const retryAfter = response.headers.get('retry-after');
    throw new DeliveryError(`the remote chat answered ${status} to ${method} ${path}`, {
      permanent: status < 500 && status !== 429 && status !== 401,
      ...(status === 401 && { of: 'platform' as const }),
      ...(status === 410 && { of: 'channel' as const }),
      ...(retryAfter === null ? {} : { retryAfterMs: Number(retryAfter) * 1000 }),
    });
  }
  const at = (channel: string) => `/channels/${encodeURIComponent(channel)}`;

  return {
    name: platform,
    abilities: {
      channels: true,
      threads: false,
      buttons: true,
      edits: true,
      whispers: false,
      forms: false,
      pins: true,
    },
    async openChannel({ key, name, title, purpose, private: isPrivate }) {
      const body = { key, name, title, purpose, private: isPrivate };
      return (await call<{ channel: string }>('POST', '/channels', body)).channel;
    },
    invite: (channel, people) =>
      call('POST', `${at(channel)}/members`, { people: people.map(({ personId, name }) => ({ id: personId, name })) }),
    async post({ channel, card, key, pin = false }) {
      return (await call<{ message: string }>('POST', `${at(channel)}/messages`, { key, card, pin })).message;
    },
    async edit({ channel, message, card, key }) {
      await call('PUT', `${at(channel)}/messages/${encodeURIComponent(message)}`, { key, card });
    },
    async find(channel, key) {
      const path = `${at(channel)}/messages?key=${encodeURIComponent(key)}`;
      return (await call<{ message: string | null }>('GET', path)).message;
    },
    async directChannel({ personId, name }) {
      return (await call<{ channel: string }>('POST', '/direct', { person: personId, name })).channel;
    },
    async probe() {
      await call('GET', '/probe');
    },
    ...(tends &&
      ({
        async describe(channel, head) {
          await call('PUT', `${at(channel)}/head`, head);
        },
        attach: async ({ channel, ...file }) =>
          (await call<{ message: string }>('POST', `${at(channel)}/files`, file)).message,
        async archive(channel) {
          try {
            await call('POST', `${at(channel)}/archive`, {});
          } catch (error) {
            // Away already.
            if (!(error instanceof DeliveryError && error.permanent && error.of === 'channel')) throw error;
          }
        },
      } satisfies Partial<ChatPlatform>)),
    async close() {
      closing.abort();
      // A story that starts Muster again hands it the same one.
      closing = new AbortController();
    },
  };
}
