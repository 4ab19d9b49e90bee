import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { slackManifest } from './manifest.js';
import { neededScopes, scopes } from './scopes.js';
import { usedAppMethods, usedEvents, usedMethods } from './uses.js';

const https = z.url({ protocol: /^https$/ });
/** What Slack publishes of the shape, https://docs.slack.dev/reference/app-manifest; shortcut names as it enforces them. */
const published = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.int() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#([0-9a-f]{3}){1,2}$/i),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z
        .string()
        .max(80)
        .regex(/^[a-z0-9_.-]+$/),
      always_online: z.boolean(),
    }),
    shortcuts: z
      .array(
        z.strictObject({
          type: z.enum(['global', 'message']),
          name: z.string().min(1).max(24),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
    slash_commands: z
      .array(
        z.strictObject({
          command: z
            .string()
            .max(32)
            .regex(/^\/\S+$/),
          description: z.string().min(1).max(2_000),
          usage_hint: z.string().max(1_000),
          should_escape: z.boolean(),
          url: https.optional(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).min(1).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: https.optional(), bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: https.optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

const shapes = {
  socket: slackManifest({ publicUrl: null }),
  http: slackManifest({ publicUrl: 'https://m.example.com' }),
};

/** Words Slack's own types know, by the name of the type. */
function known(type: string): string[] {
  const types = readFileSync('node_modules/@slack/web-api/dist/types/request/manifest.d.ts', 'utf8');
  const [, union = ''] = new RegExp(`^type ${type} = (.*);$`, 'm').exec(types) ?? [];
  return [...union.matchAll(/'([^']+)'/g)].map(([, word]) => word as string);
}

const families =
  'api|apps|assistant|auth|bookmarks|bots|calls|canvases|chat|conversations|dialog|dnd|emoji|files|functions|lists|oauth|openid|pins|reactions|reminders|search|stars|team|usergroups|users|views';
/** Methods of the Web API that the code of this room names, by string or by the client's own properties. */
function called(): Set<string> {
  const folder = 'src/chat/slack';
  const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)(uses|scopes|tiers|answers|testing[^/]*)\.ts$/.test(path),
    )
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  const quoted = text.matchAll(new RegExp(`['"\`]((?:${families})(?:\\.[a-zA-Z]+)+)['"\`]`, 'g'));
  const properties = text.matchAll(new RegExp(`[cC]lient\\.((?:${families})(?:\\.[a-zA-Z]+)+)\\(`, 'g'));
  return new Set([...quoted, ...properties].map(([, method]) => method as string));
}

const page = 'docs/platforms/slack.md';
const marks = [
  '<!-- scopes: written by MUSTER_WRITE_DOCS=1 npx vitest run src/chat/slack/manifest.test.ts -->\n',
  '<!-- /scopes -->\n',
] as const;

it('the page on Slack has every scope, and what is missing without it', () => {
  const [before = '', rest = ''] = readFileSync(page, 'utf8').split(marks[0]);
  const [, after = ''] = rest.split(marks[1]);
  const rows = Object.entries(scopes).map(([scope, { cost }]) => `| \`${scope}\` | ${cost} |`);
  const written = `${before}${marks[0]}| scope | without it |\n| --- | --- |\n${rows.join('\n')}\n${marks[1]}${after}`;
  if (process.env.MUSTER_WRITE_DOCS) writeFileSync(page, written);
  expect(readFileSync(page, 'utf8')).toBe(written);
});

describe('the manifest', () => {
  it.each(Object.keys(shapes) as (keyof typeof shapes)[])('has the published shape: %s', (of) => {
    expect(() => published.parse(shapes[of])).not.toThrow();
  });

  it('names only scopes and events that Slack has', () => {
    const { oauth_config, settings } = shapes.socket;
    const strangers = (words: readonly string[] | undefined, type: string) =>
      words?.filter((word) => !known(type).includes(word));
    expect(known('BotScope').length).toBeGreaterThan(40);
    expect(strangers(oauth_config?.scopes?.bot, 'BotScope')).toEqual([]);
    expect(strangers(settings?.event_subscriptions?.bot_events, 'ManifestEvent')).toEqual([]);
  });

  it('needs no address with Socket Mode, and one for everything without it', () => {
    expect(shapes.socket.settings?.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(shapes.socket)).not.toMatch(/url"/);
    expect(shapes.http.settings?.socket_mode_enabled).toBe(false);
    const address = 'https://m.example.com/chat/slack/events';
    expect(shapes.http).toMatchObject({
      settings: { event_subscriptions: { request_url: address }, interactivity: { request_url: address } },
      features: { slash_commands: [{ command: '/incident', url: address }] },
    });
  });

  it('asks for what it uses: every method that is called has its scopes, and every method with scopes is called', () => {
    expect([...called()].sort()).toEqual([...Object.keys(usedMethods), ...Object.keys(usedAppMethods)].sort());
  });

  it('asks for no scope without a use, and can say of each what it is for', () => {
    const asked = shapes.socket.oauth_config?.scopes?.bot as string[];
    const used = [...Object.values(usedMethods), ...Object.values(usedEvents)].flat();
    expect(asked.filter((scope) => scope !== 'commands' && !used.includes(scope))).toEqual([]);
    expect(asked).toEqual([...neededScopes().keys()]);
    expect(Object.keys(scopes)).toEqual(asked);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
