import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account, Mattermost } from '../fakes/mattermost-server.js';

type Server = Mattermost & { stop(): Promise<void> };
interface Answer {
  status: number;
  id: string | null;
  body: Record<string, unknown>;
}

/** What Muster relies on in a Mattermost server, asked over the wire; of the real one and of ours. */
export function mattermostServerContract(name: string, start: () => Promise<Server>): void {
  describe(`a Mattermost server (${name})`, () => {
    let server: Server;
    beforeAll(async () => {
      server = await start();
    }, 120_000);
    afterAll(() => server.stop());

    async function ask(who: Pick<Account, 'token'>, line: string, body?: unknown): Promise<Answer> {
      const [method, path] = line.split(' ');
      const response = await fetch(`${server.url}/api/v4${path}`, {
        method: method ?? 'GET',
        headers: { authorization: `Bearer ${who.token}` },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const said = JSON.parse(await response.text());
      return { status: response.status, id: response.ok ? null : said.id, body: said };
    }
    const failure = ({ status, id }: Answer) => ({ status, id });
    let names = 0;
    const channel = async (type = 'O', more: object = {}): Promise<string> => {
      const made = await ask(server.bot, 'POST /channels', {
        team_id: server.team.id,
        name: `c-${++names}`,
        display_name: 'C',
        type,
        ...more,
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      return made.body.id as string;
    };
    const post = async (channelId: string, more: object = {}): Promise<Answer> =>
      ask(server.bot, 'POST /posts', { channel_id: channelId, message: 'm', ...more });

    it('takes a channel name once, and never again when the channel is archived', async () => {
      const wanted = { team_id: server.team.id, name: 'taken', display_name: 'T', type: 'O' };
      const first = await ask(server.bot, 'POST /channels', wanted);
      const again = { status: 400, id: 'store.sql_channel.save_channel.exists.app_error' };
      expect(failure(await ask(server.bot, 'POST /channels', wanted))).toEqual(again);
      expect((await ask(server.bot, `DELETE /channels/${first.body.id}`)).status).toBe(200);
      expect(failure(await ask(server.bot, 'POST /channels', wanted))).toEqual(again);
      expect(failure(await ask(server.bot, `DELETE /channels/${first.body.id}`))).toEqual({
        status: 400,
        id: 'api.channel.delete_channel.deleted.app_error',
      });
      const byName = `GET /teams/${server.team.id}/channels/name/taken?include_deleted=`;
      expect(failure(await ask(server.bot, `${byName}false`))).toEqual({
        status: 404,
        id: 'app.channel.get_by_name.missing.app_error',
      });
      expect((await ask(server.bot, `${byName}true`)).body.id).toBe(first.body.id);
      expect(failure(await post(first.body.id as string))).toEqual({
        status: 400,
        id: 'api.post.create_post.can_not_post_to_deleted.error',
      });
    });

    it('bounds names, titles, headers and purposes', async () => {
      const make = (more: object) =>
        ask(server.bot, 'POST /channels', {
          team_id: server.team.id,
          name: 'n-1',
          display_name: 'N',
          type: 'O',
          ...more,
        });
      const of = (what: string) => ({ status: 400, id: `model.channel.is_valid.${what}.app_error` });
      expect(failure(await make({ name: 'Big' }))).toEqual(of('2_or_more'));
      expect(failure(await make({ display_name: 'n'.repeat(65) }))).toEqual(of('display_name'));
      expect(failure(await make({ purpose: 'n'.repeat(251) }))).toEqual(of('purpose'));
      const id = await channel();
      expect(failure(await ask(server.bot, `PUT /channels/${id}/patch`, { header: 'h'.repeat(1025) }))).toEqual(
        of('header'),
      );
      const patched = await ask(server.bot, `PUT /channels/${id}/patch`, { header: 'h'.repeat(1024), purpose: 'p' });
      expect(patched).toMatchObject({ status: 200, body: { purpose: 'p' } });
    });

    it('adds members twice as once, and nobody from outside the team', async () => {
      const id = await channel('P');
      const add = (who: Account) => ask(server.bot, `POST /channels/${id}/members`, { user_id: who.id });
      expect((await add(server.ada)).status).toBe(201);
      expect((await add(server.ada)).status).toBe(201);
      expect(failure(await add(server.carol))).toEqual({ status: 404, id: 'app.team.get_member.missing.app_error' });
      expect(failure(await ask(server.bot, `GET /channels/${id}/members/${server.bob.id}`))).toEqual({
        status: 404,
        id: 'app.channel.get_member.missing.app_error',
      });
    });

    it('posts once under a pending id, and again without one', async () => {
      const id = await channel();
      const [one, two] = [await post(id, { pending_post_id: 'k-1' }), await post(id, { pending_post_id: 'k-1' })];
      expect([one.status, two.status]).toEqual([201, 201]);
      expect(two.body.id).toBe(one.body.id);
      expect((await post(id)).body.id).not.toBe((await post(id)).body.id);
    });

    it('bounds messages and props', async () => {
      const id = await channel();
      expect((await post(id, { message: 'é'.repeat(16_383) })).status).toBe(201);
      expect(failure(await post(id, { message: 'é'.repeat(16_384) }))).toEqual({
        status: 400,
        id: 'model.post.is_valid.msg.app_error',
      });
      expect(failure(await post(id, { props: { k: '<'.repeat(1_400) } }))).toEqual({
        status: 400,
        id: 'model.post.is_valid.props.app_error',
      });
      expect((await post(id, { props: { k: 'k'.repeat(7_500) } })).status).toBe(201);
    });

    const button = {
      attachments: [
        {
          text: 'x',
          actions: [
            { id: 'b1', name: 'B', type: 'button', integration: { url: 'http://127.0.0.1:9/x', context: { c: 1 } } },
          ],
        },
      ],
    };
    it('shows nobody where a button leads, keeps it when the message is patched, and replaces all props otherwise', async () => {
      const id = await channel();
      const made = await post(id, { props: { ...button, key: 'k' } });
      expect(JSON.stringify(made.body)).not.toContain('127.0.0.1:9');
      const message = await ask(server.bot, `PUT /posts/${made.body.id}/patch`, { message: 'n' });
      expect(message.body).toMatchObject({ message: 'n', props: { key: 'k' } });
      const click = () => ask(server.bot, `POST /posts/${made.body.id}/actions/b1`, {});
      const unreached = { status: 400, id: 'api.post.do_action.action_integration.app_error' };
      expect(failure(await click())).toEqual(unreached);
      const props = await ask(server.bot, `PUT /posts/${made.body.id}/patch`, { props: { key: 'other' } });
      expect(props.body.props).toMatchObject({ key: 'other' });
      expect(props.body.props).not.toHaveProperty('attachments');
      expect(failure(await click())).toEqual({ status: 404, id: 'api.post.do_action.action_id.app_error' });
    });

    it('says of a post that is gone, or of somebody else, that it may not be changed', async () => {
      const id = await channel();
      await ask(server.ada, `POST /channels/${id}/members`, { user_id: server.ada.id });
      const made = await post(id);
      const denied = { status: 403, id: 'api.context.permissions.app_error' };
      expect(failure(await ask(server.ada, `PUT /posts/${made.body.id}/patch`, { message: 'n' }))).toEqual(denied);
      expect((await ask(server.bot, `DELETE /posts/${made.body.id}`)).status).toBe(200);
      expect(failure(await ask(server.bot, `PUT /posts/${made.body.id}/patch`, { message: 'n' }))).toEqual(denied);
      expect(failure(await ask(server.bot, `GET /posts/${made.body.id}`))).toEqual({
        status: 404,
        id: 'app.post.get.app_error',
      });
      expect((await ask(server.bot, `POST /posts/${made.body.id}/pin`)).status).toBeGreaterThanOrEqual(403);
    });

    it('lists what changed since, with what is deleted and what was before', async () => {
      const id = await channel();
      const [kept, gone] = [await post(id), await post(id)];
      const since = (kept.body.create_at as number) - 1;
      await ask(server.bot, `PUT /posts/${kept.body.id}/patch`, { message: 'n' });
      await ask(server.bot, `DELETE /posts/${gone.body.id}`);
      const listed = await ask(server.bot, `GET /channels/${id}/posts?since=${since}`);
      const posts = Object.values(listed.body.posts as Record<string, Record<string, unknown>>);
      const of = (postId: unknown) => posts.find((each) => each.id === postId);
      expect(of(kept.body.id)).toMatchObject({ message: 'n', delete_at: 0, original_id: '' });
      expect(of(gone.body.id)?.delete_at).toBeGreaterThan(0);
      expect(posts.find((each) => each.original_id === kept.body.id)?.delete_at).toBeGreaterThan(0);
      const live = await ask(server.bot, `GET /channels/${id}/posts?page=0&per_page=60`);
      const ids = Object.keys(live.body.posts as object);
      expect(ids).toContain(kept.body.id);
      expect(ids).not.toContain(gone.body.id);
    });

    it('lets nobody who is not in a channel post there', async () => {
      const id = await channel();
      expect((await ask(server.bot, `DELETE /channels/${id}/members/${server.bot.id}`)).status).toBe(200);
      const denied = { status: 403, id: 'api.context.permissions.app_error' };
      expect(failure(await post(id))).toEqual(denied);
      expect(failure(await ask(server.bot, `GET /channels/${id}/posts`))).toEqual(denied);
      expect((await ask(server.bot, `GET /channels/${id}`)).status).toBe(200);
    });

    it('has one direct channel of two people', async () => {
      const direct = () => ask(server.bot, 'POST /channels/direct', [server.bot.id, server.ada.id]);
      const [one, two] = [await direct(), await direct()];
      expect([one.status, two.status]).toEqual([201, 201]);
      expect(two.body.id).toBe(one.body.id);
    });

    it('finds people by id, name and address', async () => {
      const { ada } = server;
      expect((await ask(server.bot, `GET /users/email/${ada.email}`)).body.id).toBe(ada.id);
      expect((await ask(server.bot, `GET /users/username/ada`)).body.id).toBe(ada.id);
      expect((await ask(server.bot, `GET /users/${ada.id}`)).body).toMatchObject({ username: 'ada', email: ada.email });
      const nobody = { status: 404, id: 'app.user.missing_account.const' };
      expect(failure(await ask(server.bot, 'GET /users/email/nobody@example.com'))).toEqual(nobody);
    });

    it('reacts and takes back, both as often as one likes', async () => {
      const made = await post(await channel());
      const reaction = { user_id: server.bot.id, post_id: made.body.id, emoji_name: 'pushpin' };
      expect((await ask(server.bot, 'POST /reactions', reaction)).status).toBe(200);
      expect((await ask(server.bot, 'POST /reactions', reaction)).status).toBe(200);
      const shown = await ask(server.bot, `GET /posts/${made.body.id}/reactions`);
      expect(shown.body).toMatchObject([{ emoji_name: 'pushpin' }]);
      const back = `DELETE /users/${server.bot.id}/posts/${made.body.id}/reactions/pushpin`;
      expect((await ask(server.bot, back)).status).toBe(200);
      expect((await ask(server.bot, back)).status).toBe(200);
    });

    it('lets only who may register a slash command, and gives a word once', async () => {
      const command = { team_id: server.team.id, trigger: 'muster-x', method: 'P', url: 'http://127.0.0.1:9/x' };
      expect(failure(await ask(server.bot, 'POST /commands', command))).toEqual({
        status: 403,
        id: 'api.context.permissions.app_error',
      });
      expect(failure(await ask(server.bot, `GET /commands?team_id=${server.team.id}&custom_only=true`)).status).toBe(
        403,
      );
      const made = await ask(server.admin, 'POST /commands', command);
      expect(made.status).toBe(201);
      expect(failure(await ask(server.admin, 'POST /commands', command))).toEqual({
        status: 400,
        id: 'api.command.duplicate_trigger.app_error',
      });
      const fresh = await ask(server.admin, `PUT /commands/${made.body.id}/regen_token`);
      expect(fresh.body.token).toMatch(/^[a-z0-9]{26}$/);
      expect(fresh.body.token).not.toBe(made.body.token);
    });

    it('opens no dialog for a trigger it has not made, and knows nobody by a token it has not given', async () => {
      const open = {
        trigger_id: 'bm9uc2Vuc2U=',
        url: 'http://127.0.0.1:9/x',
        dialog: { title: 'T', elements: [], state: '' },
      };
      expect((await ask(server.bot, 'POST /actions/dialogs/open', open)).status).toBe(400);
      expect(failure(await ask({ token: 'x'.repeat(26) }, 'GET /users/me'))).toEqual({
        status: 401,
        id: 'api.context.session_expired.app_error',
      });
    });
  });
}
