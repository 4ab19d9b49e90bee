import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/chat/finding.js';
import type { ExpectedChannel } from '../../src/chat/platform.js';
import { slackApi } from '../../src/chat/slack/api.js';
import { examineSlack } from '../../src/chat/slack/examine.js';
import { slackPlatform } from '../../src/chat/slack/platform.js';
import { neededScopes } from '../../src/chat/slack/scopes.js';
import type { SlackSettings } from '../../src/chat/slack/settings.js';
import { adapterParts } from '../fakes/slack/parts.js';
import { type SlackWorkspace, startSlack } from '../fakes/slack/workspace.js';

let slack: SlackWorkspace;
beforeAll(async () => {
  slack = await startSlack();
});
afterAll(() => slack.close());
afterEach(() => {
  slack.heal();
  slack.granted.splice(0, Number.POSITIVE_INFINITY, ...neededScopes().keys());
});

const settings = (more: Partial<SlackSettings> = {}): SlackSettings => ({
  botToken: slack.token,
  appToken: null,
  signingSecret: 'x'.repeat(32),
  apiUrl: slack.apiUrl,
  inviteGroups: [],
  keepReactions: [],
  ...more,
});

/** A Muster with channels of its own there; what it expects of them, and what is found. */
function muster(more: Partial<SlackSettings> = {}) {
  const { parts } = adapterParts();
  const api = slackApi(settings(more));
  const platform = slackPlatform(settings(more), parts, { api });
  const expected: ExpectedChannel[] = [];
  return {
    async opens(key: string, name: string, isPrivate = false): Promise<string> {
      const id = await platform.openChannel({ key, name, title: name, purpose: 'A test', private: isPrivate });
      this.expects(key, name);
      await platform.invite(id, [{ personId: 'ada', name: 'Ada' }]);
      return id;
    },
    expects: (key: string, name: string) =>
      void expected.push({ what: `the channel of ${key}`, key, name, channel: null }),
    examined: () => examineSlack({ ...parts, settings: settings(more), api }, expected),
  };
}
const bad = (findings: Finding[]): string[] =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, about, what }) => `${level} ${about}: ${what}`);

describe('a look at a Slack workspace', () => {
  it('finds nothing wrong where all is well, changes nothing and says nothing there', async () => {
    const muster1 = muster();
    const channel = await muster1.opens('named/stakeholders', 'well-stakeholders');
    const before = { ...(await slack.channel(channel)), messages: await slack.messages(channel) };
    const since = slack.requests.length;
    expect(bad(await muster1.examined())).toEqual([]);
    expect({ ...(await slack.channel(channel)), messages: await slack.messages(channel) }).toEqual(before);
    const asked = slack.requests.slice(since).map(({ method }) => method);
    expect([...new Set(asked)].sort()).toEqual(['auth.test', 'conversations.info']);
  });

  it('says of each scope that is missing what it costs, gravest apart, and which are too many', async () => {
    slack.granted.splice(slack.granted.indexOf('chat:write'), 1);
    slack.granted.splice(slack.granted.indexOf('pins:write'), 1, 'admin');
    expect(bad(await muster().examined())).toEqual([
      'problem scopes: chat:write is missing: Muster can say nothing at all.',
      'warning scopes: pins:write is missing: the situation card is not pinned.',
      'warning scopes: The token may do more than Muster needs: admin.',
    ]);
  });

  it('minds the scope for user groups only where some are invited', async () => {
    slack.granted.splice(slack.granted.indexOf('usergroups:read'), 1);
    expect(bad(await muster().examined())[0]).toMatch(/^warning scopes: usergroups:read/);
    expect(bad(await muster({ inviteGroups: ['sre'] }).examined())[0]).toMatch(/^problem scopes: usergroups:read/);
  });

  it('names a channel that is archived, one Muster was put out of, and one that is not the one people read', async () => {
    const taken = await slack.makeChannel('gone-stakeholders');
    const muster2 = muster();
    const archived = await muster2.opens('incident/1', 'gone-inc-1');
    const left = await muster2.opens('incident/2', 'gone-inc-2');
    const hidden = await muster2.opens('incident/3', 'gone-inc-3', true);
    expect(await muster2.opens('named/stakeholders', 'gone-stakeholders')).not.toBe(taken);
    await slack.makeChannel('gone-triage');
    muster2.expects('named/triage', 'gone-triage');
    muster2.expects('named/operators', 'gone-operators');
    await slack.archive(archived);
    await slack.kick(left);
    await slack.kick(hidden);
    const findings = await muster2.examined();
    expect(bad(findings)).toEqual([
      'problem channels: #gone-inc-1 (the channel of incident/1) is archived: nothing Muster says arrives there.',
      'warning channels: Muster is not in #gone-inc-2 (the channel of incident/2): it hears nothing there until it next speaks and joins.',
      expect.stringMatching(/^problem channels: .*#gone-inc-3/),
      'warning channels: the channel of named/stakeholders is #gone-stakeholders-2, since #gone-stakeholders was somebody else’s: whoever reads #gone-stakeholders hears nothing of Muster.',
      'warning channels: #gone-triage is there and is not Muster’s: the channel of named/triage will be #gone-triage-2, and whoever reads #gone-triage hears nothing of Muster.',
    ]);
    expect(findings.find(({ what }) => what.includes('gone-operators'))).toMatchObject({ level: 'ok' });
  });

  it('tells a token that is refused from a Slack that does not answer', async () => {
    const refused = await muster({ botToken: 'xoxb-old' }).examined();
    expect(refused[0]).toMatchObject({ level: 'problem', about: 'bot token' });
    expect(refused[0]).not.toHaveProperty('passing');
    slack.fail({ kind: 'status', status: 503 }, { method: 'auth.test' });
    expect((await muster().examined())[0]).toMatchObject({ level: 'problem', about: 'bot token', passing: true });
  });

  it('asks for no more than an address with the app token, and says what is wrong with it', async () => {
    const answers: Record<string, object> = {
      'Bearer xapp-good': { ok: true, url: 'wss://nobody.connects.invalid' },
      'Bearer xapp-narrow': { ok: false, error: 'missing_scope' },
      'Bearer xapp-off': { ok: false, error: 'socket_mode_not_enabled' },
    };
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(
        JSON.stringify(answers[request.headers.authorization ?? ''] ?? { ok: false, error: 'invalid_auth' }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const { parts } = adapterParts();
    const socketMode = async (appToken: string): Promise<Finding | undefined> =>
      (await examineSlack({ ...parts, settings: settings({ appToken, apiUrl }), api: slackApi(settings()) }, [])).find(
        ({ about }) => about === 'Socket Mode',
      );
    expect(await socketMode('xapp-good')).toMatchObject({ level: 'ok' });
    expect((await socketMode('xapp-narrow'))?.what).toContain('lacks the scope connections:write');
    expect((await socketMode('xapp-off'))?.what).toContain('off for this app');
    expect((await socketMode('xapp-old'))?.what).toContain('Slack does not know it');
    expect(new Set(asked)).toEqual(new Set(['POST /api/apps.connections.open']));
    server.close();
    expect(await socketMode('xapp-good')).toMatchObject({ level: 'problem', passing: true });
  });
});
