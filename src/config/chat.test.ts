import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { asConnected, reconnecting } from './connected.js';
import { readConfig } from './read.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-chat-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const slack = { SLACK_BOT_TOKEN: 'xoxb-1-2-abc', SLACK_APP_TOKEN: 'xapp-1-A-2-abc' };
const mattermost = { MATTERMOST_TOKEN: 'abcdefghijklmnopqrstuvwxyz' };
const server =
  'mattermost: { url: https://chat.example.com/, team: ops, callback-url: "http://muster.internal:7370/" }';

function read(lines: string | null, env: Record<string, string> = {}) {
  if (lines !== null) writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${lines}\n`);
  return readConfig(env, folder);
}
function good(lines: string | null, env: Record<string, string> = {}): Config {
  const config = read(lines, env);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config, null, 2));
  return config;
}
/** What is wrong, one line each; places below the file's folder. */
function said(lines: string | null, env: Record<string, string> = {}): string[] {
  const config = read(lines, env);
  return (Array.isArray(config) ? config : config.warnings).map(
    ({ where, what, fix, level }) =>
      `${level === 'warning' ? 'warning ' : ''}${where.replace(`${folder}/`, '')} ${what} ${fix}`,
  );
}

describe('chat platforms in the configuration', () => {
  it('are none without tokens, and the web room is home', () => {
    expect(good(null)).toMatchObject({
      slack: null,
      mattermost: null,
      policy: { platforms: ['web'] },
      chat: { awayAfterMs: 180_000, archiveAfterMs: null },
    });
    expect(good(null).policy).not.toHaveProperty('mirrors');
  });

  it('a token alone sets Slack up, and what is set up alone is home', () => {
    const config = good(null, slack);
    expect(config.slack).toEqual({
      botToken: 'xoxb-1-2-abc',
      appToken: 'xapp-1-A-2-abc',
      signingSecret: null,
      apiUrl: 'https://slack.com/api/',
      inviteGroups: [],
      keepReactions: ['pushpin', 'memo'],
    });
    expect(config.policy.platforms).toEqual(['slack']);
    expect(config.warnings).toEqual([]);
    expect(good('chat: { home: web }', slack).policy.platforms).toEqual(['web']);
  });

  it('are read with what the file says of them, and tokens from files', () => {
    writeFileSync(join(folder, 'token'), 'xoxb-from-a-file\n');
    const config = good(
      `${server}\nslack: { invite-groups: [sre-oncall], keep-reactions: [eyes, "+1"] }\nchat:\n  home: slack\n  mirrors: { mattermost: updates, web: outline }\n  away-after: 5m\n  archive-after: 7d`,
      {
        SLACK_BOT_TOKEN_FILE: join(folder, 'token'),
        SLACK_SIGNING_SECRET: 'f'.repeat(32),
        MUSTER_SLACK_API_URL: 'http://127.0.0.1:1/api',
        MUSTER_PUBLIC_URL: 'https://muster.example.com',
        MATTERMOST_COMMAND_TOKEN: 'by-hand',
        ...mattermost,
      },
    );
    expect(config).toMatchObject({
      slack: {
        botToken: 'xoxb-from-a-file',
        appToken: null,
        signingSecret: 'f'.repeat(32),
        apiUrl: 'http://127.0.0.1:1/api/',
        inviteGroups: ['sre-oncall'],
        keepReactions: ['eyes', '+1'],
      },
      mattermost: {
        url: 'https://chat.example.com',
        token: mattermost.MATTERMOST_TOKEN,
        team: 'ops',
        callbackUrl: 'http://muster.internal:7370',
        commandToken: 'by-hand',
        keepReactions: ['pushpin', 'memo'],
      },
      policy: {
        platforms: ['slack'],
        mirrors: [
          { platform: 'web', hears: 'outline' },
          { platform: 'mattermost', hears: 'updates' },
        ],
      },
      chat: { awayAfterMs: 300_000, archiveAfterMs: 7 * 86_400_000 },
      warnings: [],
    });
  });

  it('two without a word on home leave the web room home, and say so', () => {
    const env = { ...slack, ...mattermost };
    expect(good(server, env).policy.platforms).toEqual(['web']);
    expect(said(server, env)).toEqual([
      'warning muster.yaml:1:1 slack and mattermost are set up and no home is named: incidents live in the web room. Write chat: { home: slack }, or { home: web }.',
    ]);
  });

  it.each<[what: string, lines: string | null, env: Record<string, string>, expected: string[]]>([
    [
      'a home that is not set up',
      'chat:\n  home: slack',
      {},
      ['muster.yaml:3:9 chat.home: slack is not set up. docs/platforms/slack.md says how, or take it out here.'],
    ],
    [
      'a mirror that is not set up',
      'chat: { mirrors: { mattermost: outline } }',
      slack,
      [
        'muster.yaml:2:32 chat.mirrors.mattermost: mattermost is not set up. docs/platforms/mattermost.md says how, or take it out here.',
      ],
    ],
    [
      'a mirror that is home',
      'chat:\n  mirrors: { slack: updates }',
      slack,
      ['muster.yaml:3:21 chat.mirrors.slack: slack is home and hears everything. Take it out here.'],
    ],
    [
      'a token of a person',
      null,
      { ...slack, SLACK_BOT_TOKEN: 'xoxp-hunter2' },
      [
        'SLACK_BOT_TOKEN This is the token of a person. Take the Bot User OAuth Token below OAuth & Permissions of the app: it begins with xoxb-.',
      ],
    ],
    [
      'tokens the wrong way round',
      null,
      { SLACK_BOT_TOKEN: 'xapp-hunter2', SLACK_APP_TOKEN: 'hunter2', SLACK_SIGNING_SECRET: 'xoxb-hunter2' },
      [
        'SLACK_BOT_TOKEN This is an app-level token. Take the Bot User OAuth Token below OAuth & Permissions of the app: it begins with xoxb-.',
        'SLACK_APP_TOKEN This is no token of Slack. Make one below Basic Information, App-Level Tokens, with the scope connections:write: it begins with xapp-.',
        'SLACK_SIGNING_SECRET This is a token, not the signing secret. Take the Signing Secret below Basic Information of the app.',
      ],
    ],
    [
      'Slack that hears nobody',
      'slack: { invite-groups: [sre] }',
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      [
        'muster.yaml:2:1 Muster could speak in Slack and would hear nobody there. Set SLACK_APP_TOKEN (Socket Mode: nothing has to reach Muster from outside), or SLACK_SIGNING_SECRET (HTTP): docs/platforms/slack.md.',
      ],
    ],
    [
      'an app token without a bot token',
      null,
      { SLACK_APP_TOKEN: 'xapp-1' },
      [
        'SLACK_BOT_TOKEN It is not set, and other settings of Slack are. Set it or SLACK_BOT_TOKEN_FILE where Muster starts: the Bot User OAuth Token, xoxb-… (docs/platforms/slack.md).',
      ],
    ],
    [
      'a section of Slack without its token, told once though it is home',
      'slack: { keep-reactions: [":eyes:"] }\nchat: { home: slack }',
      {},
      [
        'muster.yaml:2:27 slack.keep-reactions[0]: ":eyes:" is not the name of a reaction. Write the name without colons, like pushpin.',
      ],
    ],
    [
      'Mattermost without its token, told once though it is home',
      `${server}\nchat: { home: mattermost }`,
      {},
      [
        'muster.yaml:2:1 mattermost: MATTERMOST_TOKEN is not set. Set it or MATTERMOST_TOKEN_FILE where Muster starts: the token of the bot account (docs/platforms/mattermost.md).',
      ],
    ],
    [
      'a token of Mattermost without a server',
      null,
      mattermost,
      [
        'warning MATTERMOST_TOKEN It is set, and the file does not say which server it is for: Mattermost is not set up. Write mattermost: { url: https://chat.example.com, team: ops } into muster.yaml.',
      ],
    ],
    [
      'a section of Mattermost that says half',
      'mattermost: { url: chat.example.com, team: ops, token: hunter2 }',
      mattermost,
      [
        'muster.yaml:2:20 mattermost.url: "chat.example.com" is not an http or https address. Write a whole address, like https://muster.example.com.',
        'muster.yaml:2:49 mattermost: There is no key "token". Secrets stand in the environment or in files of their own, docs/configuration.md says under which names. Make a new one: this one was written down.',
      ],
    ],
    [
      'servers that cannot call Muster',
      'mattermost: { url: https://chat.example.com, team: ops }\nchat: { home: web }',
      { ...mattermost, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'f'.repeat(32) },
      [
        'warning SLACK_SIGNING_SECRET Without an app token Slack has to call Muster, and http://127.0.0.1:7370 leads nowhere from there. Set public-url to what Slack can reach, or use Socket Mode: set SLACK_APP_TOKEN.',
        'warning muster.yaml:2:1 Mattermost has to call Muster for buttons and commands, and http://127.0.0.1:7370 leads to itself. Set callback-url (or public-url) to what the server can reach.',
      ],
    ],
    [
      'times that make no sense',
      'chat: { away-after: 5s, archive-after: 5m }',
      {},
      [
        'muster.yaml:2:21 chat.away-after: "5s" is too short: a platform that stumbles is not away. Write 30s or more, like 3m.',
        'muster.yaml:2:40 chat.archive-after: "5m" is too short: people still read there. Write 1h or more, like 7d, or never.',
      ],
    ],
    [
      'another address of the API',
      null,
      { ...slack, MUSTER_SLACK_API_URL: 'slack-gov.com' },
      [
        'MUSTER_SLACK_API_URL It must be an http or https address. Unset it, or give the address of the Web API, like https://slack-gov.com/api/.',
      ],
    ],
  ])('%s is told with its place and what to do', (_, lines, env, expected) => {
    expect(said(lines, env)).toEqual(expected);
    expect(expected.join()).not.toContain('hunter2');
  });
});

describe('a configuration that is read again', () => {
  it('keeps the platforms it is connected to until the next start, and says which that concerns', () => {
    const started = good(null, slack);
    const now = good(`${server}\nchat: { home: mattermost, mirrors: { slack: outline } }`, {
      ...mattermost,
      ...slack,
      SLACK_APP_TOKEN: 'xapp-2',
    });
    expect(reconnecting(started, now)).toEqual(['chat.home', 'slack', 'mattermost']);
    const held = asConnected(started, now);
    expect(held).toMatchObject({ slack: { appToken: 'xapp-1-A-2-abc' }, mattermost: null });
    expect(held.policy.platforms).toEqual(['slack']);
    expect(held.policy.mirrors).toBeUndefined();
  });

  it('takes mirrors, and the rest of the section, at once', () => {
    const started = good(`${server}\nchat: { home: slack }`, { ...slack, ...mattermost });
    const now = good(`${server}\nchat: { home: slack, mirrors: { mattermost: outline }, away-after: 10m }`, {
      ...slack,
      ...mattermost,
    });
    expect(reconnecting(started, now)).toEqual([]);
    expect(asConnected(started, now)).toMatchObject({
      policy: { mirrors: [{ platform: 'mattermost', hears: 'outline' }] },
      chat: { awayAfterMs: 600_000 },
    });
  });
});
