import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { triggeredAt } from '../../src/chat/mattermost/inbound/presses.js';
import { until } from '../chat/mattermost-room.js';
import { watching } from '../fakes/mattermost/person.js';
import type { Account, Mattermost } from '../fakes/mattermost-server.js';

type Server = Mattermost & {
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
};

/** What a server calls Muster with, and what it makes of the answers; of the real one and of ours. */
export function mattermostCallbacksContract(name: string, start: () => Promise<Server>): void {
  describe(`what a Mattermost server calls back (${name})`, () => {
    let server: Server;
    let channel: string;
    let called: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
    let answer: { status: number; type: string; body: string };
    const answers = (body: unknown, status = 200): void => {
      answer = { status, type: 'application/json', body: JSON.stringify(body) };
    };
    const us = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      called.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
    let url: string;
    let ada: Awaited<ReturnType<typeof watching>>;
    beforeAll(async () => {
      server = await start();
      await new Promise<void>((listening) => us.listen(0, '127.0.0.1', listening));
      url = `http://127.0.0.1:${(us.address() as AddressInfo).port}`;
      const made = { team_id: server.team.id, name: 'callbacks', display_name: 'C', type: 'O' };
      channel = (await server.as<{ id: string }>(server.bot, 'POST', '/channels', made)).id;
      await server.as(server.bot, 'POST', `/channels/${channel}/members`, { user_id: server.ada.id });
      await server.as(server.admin, 'POST', '/commands', {
        team_id: server.team.id,
        trigger: 'muster-y',
        method: 'P',
        url: `${url}/command`,
      });
      ada = await watching(server, server.ada);
    }, 120_000);
    afterAll(async () => {
      ada?.close();
      us.close();
      await server?.stop();
    });
    beforeEach(() => {
      called = [];
      ada.whispers.length = 0;
      answers({});
    });
    const only = () => {
      expect(called).toHaveLength(1);
      return called[0] as (typeof called)[number];
    };
    const button = (context: object) => ({
      attachments: [
        {
          text: 'x',
          actions: [{ id: 'b1', name: 'B', type: 'button', integration: { url: `${url}/action`, context } }],
        },
      ],
    });
    const types = (text: string) =>
      server.as<Record<string, unknown>>(server.ada, 'POST', '/commands/execute', {
        channel_id: channel,
        team_id: server.team.id,
        command: `/muster-y ${text}`,
      });
    async function clicks(context: object = { c: 1 }): Promise<unknown> {
      const post = { channel_id: channel, message: 'm', props: button(context) };
      const { id } = await server.as<{ id: string }>(server.bot, 'POST', '/posts', post);
      return server.as(server.ada, 'POST', `/posts/${id}/actions/b1`, {});
    }

    it('comes with a slash command as a form, under the token it was made with', async () => {
      await types('ack me & you');
      const { headers, body } = only();
      const form = Object.fromEntries(new URLSearchParams(body));
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(headers.authorization).toBe(`Token ${form.token}`);
      expect(form).toMatchObject({
        channel_id: channel,
        team_id: server.team.id,
        user_id: server.ada.id,
        user_name: 'ada',
        command: '/muster-y',
        text: 'ack me & you',
        response_url: expect.stringMatching(/^http.*\/hooks\/commands\/[a-z0-9]{26}$/),
      });
      expect(triggeredAt(form.trigger_id ?? '')).toBeGreaterThan(Date.now() - 60_000);
    });

    it('shows whoever typed the answer without where its buttons lead, and later ones', async () => {
      answers({ response_type: 'ephemeral', text: 'Yours.', ...button({ secret: 1 }), skip_slack_parsing: true });
      const shown = await types('x');
      expect(JSON.stringify(shown)).toContain('"b1"');
      expect(JSON.stringify(shown)).not.toContain('"secret"');
      await until(() => ada.whispers.includes('Yours.'));
      const hook = new URL(new URLSearchParams(only().body).get('response_url') ?? '').pathname;
      const later = await fetch(`${server.url}${hook}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ response_type: 'ephemeral', text: 'Later.' }),
      });
      expect([later.status, later.headers.get('content-type')?.split(';')[0]]).toEqual([200, 'text/plain']);
      await until(() => ada.whispers.includes('Later.'));
    });

    it('shows nothing where the answer is empty, and all of an answer in parts', async () => {
      expect((await types('x')).text).toBe('');
      answers({
        response_type: 'ephemeral',
        text: 'one',
        extra_responses: [{ response_type: 'ephemeral', text: 'two' }],
      });
      await types('x');
      await until(() => ada.whispers.includes('two'));
      expect(ada.whispers.slice(-2)).toEqual(['one', 'two']);
    });

    it('comes with a button as JSON, with who pressed it, and shows them the answer as it is', async () => {
      answers({ ephemeral_text: 'See <https://a.example|this>.', skip_slack_parsing: true });
      await clicks({ c: { deep: [1, 'x'] } });
      const { headers, body } = only();
      expect(headers['content-type']).toBe('application/json');
      expect(headers.authorization).toBeUndefined();
      const asked = JSON.parse(body) as { trigger_id: string };
      expect(asked).toMatchObject({
        user_id: server.ada.id,
        channel_id: channel,
        team_id: server.team.id,
        post_id: expect.stringMatching(/^[a-z0-9]{26}$/),
        context: { c: { deep: [1, 'x'] } },
      });
      expect(triggeredAt(asked.trigger_id)).toBeGreaterThan(Date.now() - 60_000);
      await until(() => ada.whispers.length > 0);
      expect(ada.whispers).toEqual(['See <https://a.example|this>.']);
    });

    it('takes nothing but 200 and JSON for the answer to a button', async () => {
      answers({}, 201);
      await expect(clicks()).rejects.toThrow(/400.*action_integration/);
      answer = { status: 200, type: 'text/plain', body: 'fine' };
      await expect(clicks()).rejects.toThrow(/400.*action_integration/);
    });

    it('opens a dialog for whoever pressed, shows them its state, and sends what they fill in with who they are', async () => {
      await clicks();
      const { trigger_id } = JSON.parse(only().body) as { trigger_id: string };
      const elements = [{ display_name: 'D', name: 'd', type: 'text', optional: false }];
      await server.as(server.bot, 'POST', '/actions/dialogs/open', {
        trigger_id,
        url: `${url}/dialog`,
        dialog: { title: 'T', elements, submit_label: 'S', state: 'a.b', callback_id: '' },
      });
      await until(() => ada.dialogs.length > 0);
      expect(ada.dialogs[0]).toMatchObject({ url: `${url}/dialog`, dialog: { state: 'a.b' } });
      called = [];
      answers({ errors: { d: 'No.' } });
      const sent = await server.as(server.ada, 'POST', '/actions/dialogs/submit', {
        url: `${url}/dialog`,
        channel_id: channel,
        team_id: server.team.id,
        user_id: server.bob.id,
        state: 'a.b',
        submission: { d: '' },
      });
      expect(sent).toEqual({ errors: { d: 'No.' } });
      expect(JSON.parse(only().body)).toMatchObject({
        type: 'dialog_submission',
        user_id: server.ada.id,
        state: 'a.b',
        submission: { d: '' },
      });
    });

    it('lets no bot show something to one person alone', async () => {
      const whisper = { user_id: server.ada.id, post: { channel_id: channel, message: 'm' } };
      await expect(server.as(server.bot, 'POST', '/posts/ephemeral', whisper)).rejects.toThrow(/403/);
    });
  });
}
