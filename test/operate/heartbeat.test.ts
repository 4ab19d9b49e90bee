import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read.js';
import { type Story, story } from '../stories/story.js';

const check = '/ping/6f2b1f4e-0d5c-4f1e-9b61-2f6b7a1c0de1';
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What Healthchecks does with a call, and nothing else. */
async function watcher() {
  const heard: { state: 'up' | 'down'; said: string }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    let said = '';
    for await (const chunk of request) said += String(chunk);
    const fails = request.url === `${check}/fail`;
    if (request.method !== 'POST' || !(fails || request.url === check)) return void response.writeHead(404).end();
    if (status === 200) heard.push({ state: fails ? 'down' : 'up', said });
    response.writeHead(status).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return {
    heard,
    answer: (next: number) => {
      status = next;
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${check}`,
  };
}

async function muster(about: Parameters<typeof story>[0]): Promise<Story> {
  const running = await story(about);
  ends.push(() => running.end());
  return running;
}
const beat = (running: Story) => running.bot.operations.heartbeat.look();

describe('the heartbeat', () => {
  it('says outside that Muster is well, at the address of the environment', async () => {
    const { url, heard } = await watcher();
    const running = await muster({ env: { MUSTER_HEARTBEAT_URL: `${url}/` } });
    await beat(running);
    await beat(running);
    expect(heard).toEqual([
      { state: 'up', said: 'well' },
      { state: 'up', said: 'well' },
    ]);
  });

  it('says what is wrong: not ready, or no look at the incidents for minutes', async () => {
    const { url, heard } = await watcher();
    const running = await muster({ file: `open-on-loopback: true\nheartbeat: { url: "${url}", every: 30s }\n` });
    running.sleep({ seconds: 200 });
    await beat(running);
    await running.bot.operations.auditor.look();
    await beat(running);
    await running.write(`open-on-loopback: true\ndisk-at-least: 1000000\nheartbeat: { url: "${url}" }\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await beat(running);
    expect(heard.map(({ state }) => state)).toEqual(['down', 'up', 'down']);
    expect(heard[0]?.said).toContain('The auditor has not looked at the open incidents for three minutes.');
    expect(heard[2]?.said).toBe('The disk is nearly full.');
  });

  it('goes on when it is not heard, and stays silent where nobody is named', async () => {
    const { url, heard, answer } = await watcher();
    const running = await muster({ file: `open-on-loopback: true\nheartbeat: { url: "${url}" }\n` });
    answer(500);
    await beat(running);
    answer(200);
    await beat(running);
    expect(heard).toHaveLength(1);
    await running.write('open-on-loopback: true\n');
    await beat(running);
    expect(heard).toHaveLength(1);
  });
});

it('an address that is none, or a pace nobody waits for, is refused with what to write', () => {
  const said = (env: Record<string, string>) => {
    const config = readConfig(env, '/nonexistent');
    return Array.isArray(config) ? config.map(({ where, what, fix }) => `${where}: ${what} ${fix}`) : config.heartbeat;
  };
  expect(said({ MUSTER_HEARTBEAT_URL: 'hc.example.com/abc' })).toEqual([
    'MUSTER_HEARTBEAT_URL: It is not an http or https address. Give the whole address that the other side shows, like https://hc.example.com/ping/<id>.',
  ]);
  expect(said({ MUSTER_HEARTBEAT_URL: 'https://hc.example.com/abc' })).toEqual({
    url: 'https://hc.example.com/abc',
    everyMs: 60_000,
  });
  expect(said({})).toBeNull();
});
