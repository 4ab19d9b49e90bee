import { afterEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../test/fakes/http-server.js';
import { createMetrics } from './metrics/metrics.js';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const sinceAt = Date.UTC(2026, 10, 21, 12);
async function start() {
  const slack = { ready: true, sinceAt, why: null as string | null };
  const metrics = createMetrics();
  const server = await startServer({ metrics, ways: new Map([['slack', { state: () => slack }]]) });
  running.push(server);
  return { ...server, slack, metrics };
}

describe('a chat platform that is not heard', () => {
  it('is told by name, and leaves Muster ready: alerts still come in', async () => {
    const { ask, slack } = await start();
    expect(await (await ask('/readyz')).json()).toMatchObject({ status: 'ok', chat: { slack: 'ok' } });
    Object.assign(slack, { ready: false, why: 'Slack does not know the app token.' });
    const answer = await ask('/readyz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      parts: { database: 'ok' },
      chat: { slack: 'Slack does not know the app token.' },
    });
  });

  it('has a door of its own that says 503 and why, to whoever asks', async () => {
    const { ask, slack } = await start();
    const good = await ask('/readyz/chat/slack');
    expect([good.status, await good.json()]).toEqual([200, { status: 'ok', since: '2026-11-21T12:00:00.000Z' }]);
    Object.assign(slack, { ready: false, why: null });
    const bad = await ask('/readyz/chat/slack');
    expect([bad.status, await bad.json()]).toEqual([
      503,
      {
        error: 'People on slack are not heard: It is being connected.',
        hint: expect.stringContaining('muster doctor slack'),
        since: '2026-11-21T12:00:00.000Z',
      },
    ]);
    const unknown = await ask('/readyz/chat/mattermost');
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { error: 'This chat platform is not set up.', hint: 'Known: slack.' },
    ]);
  });

  it('is a figure, and so is what was asked of it', async () => {
    const { ask, slack, metrics } = await start();
    metrics.counted('slack')('chat.postMessage', 'ok');
    metrics.counted('slack')('chat.postMessage', 'limited', 30_000);
    const figures = async () => (await ask('/metrics')).text();
    expect(await figures()).toMatch(/^muster_chat_heard\{platform="slack"\} 1$/m);
    Object.assign(slack, { ready: false });
    const text = await figures();
    expect(text).toMatch(/^muster_chat_heard\{platform="slack"\} 0$/m);
    expect(text).toMatch(
      /^muster_chat_requests_total\{platform="slack",method="chat.postMessage",outcome="limited"\} 1$/m,
    );
    expect(text).toMatch(/^muster_chat_retry_after_seconds_total\{platform="slack",method="chat.postMessage"\} 30$/m);
  });
});
