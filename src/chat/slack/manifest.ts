import type { webApi } from '@slack/bolt';
import { neededScopes } from './scopes.js';
import { inboundPath, usedCommands, usedEvents, usedShortcuts } from './uses.js';

/** https://docs.slack.dev/reference/app-manifest */
type Manifest = webApi.AppsManifestValidateArguments['manifest'];
type Bot = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>;
type Events = NonNullable<NonNullable<NonNullable<Manifest['settings']>['event_subscriptions']>['bot_events']>;

/**
 * The app as Slack should make it: it may do what Muster does and nothing else.
 * @param publicUrl where Slack reaches Muster over https, no trailing slash; null: by Socket Mode, it need not.
 */
export function slackManifest({ publicUrl }: { publicUrl: string | null }): Manifest {
  const address = publicUrl === null ? undefined : `${publicUrl}${inboundPath}`;
  const requests = address === undefined ? {} : { request_url: address };
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Muster',
      description: 'Incidents: a channel with a severity, the playbook step by step, updates on time.',
      background_color: '#1f3a4d',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'muster', always_online: true },
      shortcuts: usedShortcuts.map(({ type, callbackId, name, description }) => ({
        type,
        callback_id: callbackId,
        name,
        description,
      })),
      slash_commands: usedCommands.map(({ command, description, usageHint, shouldEscape }) => ({
        command,
        description,
        usage_hint: usageHint,
        should_escape: shouldEscape,
        ...(address !== undefined && { url: address }),
      })),
    },
    oauth_config: { scopes: { bot: [...neededScopes().keys()] as Bot } },
    settings: {
      event_subscriptions: { ...requests, bot_events: Object.keys(usedEvents) as Events },
      interactivity: { is_enabled: true, ...requests },
      org_deploy_enabled: false,
      socket_mode_enabled: address === undefined,
      token_rotation_enabled: false,
    },
  };
}
