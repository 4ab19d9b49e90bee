import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/chat/finding.js';
import { mattermostAdapter } from '../../src/chat/mattermost/adapter.js';
import type { MattermostSettings } from '../../src/chat/mattermost/settings.js';
import type { ChatAdapter, ExpectedChannel } from '../../src/chat/platform.js';
import type { Account, Mattermost } from '../fakes/mattermost-server.js';
import { adapterParts } from '../fakes/slack/parts.js';

type Given = Mattermost & {
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  end(): Promise<void>;
};

/** What a look at a Mattermost server finds; at a real one and at ours. */
export function mattermostExamineContract(name: string, start: () => Promise<Given>): void {
  describe(`a look at a Mattermost server (${name})`, () => {
    let server: Given;
    /** Stands where Muster is called back. */
    let muster: Server;
    let pressed: string[] = [];
    let status = 200;
    beforeAll(async () => {
      server = await start();
      muster = createServer((request, response) => {
        pressed.push(`${request.method} ${request.url}`);
        request.resume();
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
      await new Promise<void>((resolve) => muster.listen(0, '127.0.0.1', resolve));
    }, 120_000);
    afterAll(async () => {
      muster.close();
      await server.end();
    });
    const ends: (() => unknown)[] = [];
    afterEach(async () => {
      status = 200;
      pressed = [];
      for (const end of ends.splice(0)) await end();
    });

    function looking(more: Partial<MattermostSettings> = {}) {
      const { parts } = adapterParts();
      const settings: MattermostSettings = {
        url: server.url,
        token: server.bot.token,
        team: server.team.name,
        callbackUrl: `http://127.0.0.1:${(muster.address() as AddressInfo).port}`,
        commandToken: 'by-hand',
        keepReactions: [],
        ...more,
      };
      const adapter: ChatAdapter = mattermostAdapter(settings, parts);
      ends.push(() => adapter.platform.close());
      const expected: ExpectedChannel[] = [];
      const expects = (key: string, wanted: string): void =>
        void expected.push({ what: `the channel of ${key}`, key, name: wanted, channel: null });
      return {
        expects,
        async opens(key: string, wanted: string): Promise<string> {
          expects(key, wanted);
          return adapter.platform.openChannel({ key, name: wanted, title: wanted, purpose: 'A test', private: false });
        },
        examined: async () => (await adapter.examine?.(expected)) as Finding[],
      };
    }
    const bad = (findings: Finding[]): string[] =>
      findings.filter(({ level }) => level !== 'ok').map(({ level, about, what }) => `${level} ${about}: ${what}`);
    const posts = async (channel: string) =>
      Object.values(
        (await server.as<{ posts: Record<string, { type: string }> }>(server.bot, 'GET', `/channels/${channel}/posts`))
          .posts,
      ).filter(({ type }) => type === '').length;

    it('finds nothing wrong where all is well, proves that the server reaches Muster, and leaves no trace', async () => {
      const look = looking();
      const channel = await look.opens('named/stakeholders', 'well-stakeholders');
      const findings = await look.examined();
      expect(bad(findings)).toEqual([]);
      expect(findings.map(({ about }) => about)).toEqual([
        'server',
        'token',
        'rights',
        'slash command',
        'way back',
        'channels',
      ]);
      expect(pressed).toEqual(['POST /chat/mattermost/action']);
      expect(await posts(channel)).toBe(0);
      const own = await server.as<{ id: string }>(server.bot, 'POST', '/channels/direct', [
        server.bot.id,
        server.bot.id,
      ]);
      expect(await posts(own.id)).toBe(0);
    });

    it('says that the server does not get through, and what to set', async () => {
      status = 404;
      expect((await looking().examined()).find(({ about }) => about === 'way back')).toMatchObject({
        level: 'problem',
        fix: expect.stringContaining('AllowedUntrustedInternalConnections'),
      });
    });

    it('says how the command is registered by hand where Muster may not', async () => {
      const findings = await looking({ commandToken: null }).examined();
      expect(findings.find(({ about }) => about === 'slash command')).toMatchObject({
        level: 'problem',
        what: 'Muster may not register /incident.',
        fix: expect.stringMatching(/Add Slash Command of the team ops: .*MATTERMOST_COMMAND_TOKEN/),
      });
    });

    it('says so when the token is not known, the team is not its team, or nobody answers', async () => {
      expect(bad(await looking({ token: 'x'.repeat(26) }).examined()).at(-1)).toMatch(
        /^problem token: .*does not know/,
      );
      expect(bad(await looking({ team: 'elsewhere' }).examined())).toEqual([
        'problem team: @muster is in no team elsewhere.',
      ]);
      expect((await looking({ url: 'http://127.0.0.1:1' }).examined())[0]).toMatchObject({
        about: 'server',
        passing: true,
      });
      const { port } = muster.address() as AddressInfo;
      status = 404;
      expect(bad(await looking({ url: `http://127.0.0.1:${port}` }).examined())[0]).toContain('is no Mattermost (404)');
    });

    it('names a channel that is archived, one the bot was put out of, and one that is not the one people read', async () => {
      const make = (wanted: string) =>
        server.as(server.ada, 'POST', '/channels', {
          team_id: server.team.id,
          name: wanted,
          display_name: wanted,
          type: 'O',
        });
      const look = looking();
      const archived = await look.opens('incident/1', 'gone-inc-1');
      const left = await look.opens('incident/2', 'gone-inc-2');
      await make('gone-stakeholders');
      await make('gone-triage');
      await look.opens('named/stakeholders', 'gone-stakeholders');
      look.expects('named/triage', 'gone-triage');
      look.expects('named/operators', 'gone-operators');
      await server.as(server.admin, 'DELETE', `/channels/${archived}`);
      await server.as(server.admin, 'DELETE', `/channels/${left}/members/${server.bot.id}`);
      const findings = await look.examined();
      expect(bad(findings)).toEqual([
        'problem channels: ~gone-inc-1 (the channel of incident/1) is archived: nothing Muster says arrives there.',
        'problem channels: Muster is not in ~gone-inc-2 (the channel of incident/2): it neither speaks nor hears there.',
        'warning channels: the channel of named/stakeholders is ~gone-stakeholders-2, since ~gone-stakeholders was somebody else’s: whoever reads ~gone-stakeholders hears nothing of Muster.',
        'warning channels: ~gone-triage is there and is not Muster’s: the channel of named/triage will be ~gone-triage-2, and whoever reads ~gone-triage hears nothing of Muster.',
      ]);
      expect(findings.find(({ what }) => what.includes('gone-operators'))).toMatchObject({ level: 'ok' });
    });
  });
}
