import type { OidcSettings } from '../access/oidc.js';
import type { IntakeRules } from '../alerts/rules/rule.js';
import type { Audience, MailServer, PushAddress } from '../audiences/audience.js';
import type { MattermostSettings } from '../chat/mattermost/settings.js';
import type { SlackSettings } from '../chat/slack/settings.js';
import type { Ladder } from '../incident/severity.js';
import type { Policy } from '../incident/state.js';
import type { Schedule } from '../oncall/schedule.js';
import type { PageWebhook, Way } from '../pages/way.js';
import type { Permissions } from '../people/permissions.js';
import type { Window } from '../quiet/window.js';
import type { Prunable } from '../store/pruning-port.js';
import type { ConfigProblem } from './secrets.js';

/** What Muster runs with; frozen. A changed file makes another one. */
export interface Config {
  host: string;
  port: number;
  /** What people type in a browser; used in links. */
  publicUrl: string;
  dataFolder: string;
  /** What must be left there for Muster to be ready. */
  diskAtLeastBytes: number;
  /** Proxies beside those of this machine that say truly who calls: addresses and networks. */
  trustedProxies: string[];
  /** postgres://… selects PostgreSQL; null: SQLite in the data folder. */
  databaseUrl: string | null;
  /** Bearer token for the API and the web room; null only on the open loopback default. */
  apiToken: string | null;
  /** Bearer (or basic password) token for /alerts; null only on the open loopback default. */
  alertsToken: string | null;
  /** Whoever is invited or paged is named as in `people`. */
  policy: Policy;
  ladder: Ladder;
  templatesFolder: string;
  playbooksFolder: string;
  /** The `muster.yaml` in use; null: there is none, and all below is empty. */
  file: string | null;
  /** What the file should say better; does not keep Muster from running. */
  warnings: ConfigProblem[];
  people: ConfiguredPerson[];
  /** Who may do what, by act; people as in `people`. */
  permissions: Permissions['acts'];
  /** Group name -> ids of people. */
  groups: Record<string, string[]>;
  services: Service[];
  /** Who is on call when; people by their ids here. */
  onCall: Schedule[];
  /** When which alerts are expected, and nobody is told. */
  maintenance: Window[];
  sources: NamedSource[];
  /** What is done with alerts as they come in. */
  intake: IntakeRules;
  /** Who is told outside chat, and by which server mail goes. */
  audiences: Audience[];
  mailServer: MailServer | null;
  /** Services that pages are handed to in their own words. */
  pageWebhooks: PageWebhook[];
  /** Who gets mail without asking for it. */
  subscriptions: Preset[];
  /** Whether anybody reads what people have published, without signing in. */
  publicStatus: boolean;
  /** Opens the Atom feed for those who cannot sign in; null: whoever is known reads it. */
  feedToken: string | null;
  /** How long people stay signed in: unused, and at all. */
  signIn: { idleMs: number; absoluteMs: number };
  /** Where else people sign in; null: nowhere. */
  oidc: OidcSettings | null;
  /** Names of the channels that exist once, where they are not the built-in ones. */
  channels: { stakeholders?: string; triage?: string; operators?: string };
  chat: ChatSettings;
  /** null: not set up. */
  slack: SlackSettings | null;
  mattermost: MattermostSettings | null;
  /** null: backups are made by hand, to a place given then. */
  backup: BackupPlan | null;
  retention: Retention;
  /** Who is told again and again that Muster lives; null: nobody. */
  heartbeat: { url: string; everyMs: number } | null;
}

/** Which platforms incidents live on is in the policy; this is how they are minded. */
export interface ChatSettings {
  /** Home has failed for this long: its incidents go on in the web room. */
  awayAfterMs: number;
  /** A closed incident's channel is put away after this; null: never. */
  archiveAfterMs: number | null;
}

/** How long each kind of row is kept, in ms; null: for ever. */
export type Retention = Record<Prunable, number | null>;

export interface BackupPlan {
  /** A folder, or s3://bucket/prefix. */
  to: string;
  /** Either, or neither: then nothing is made by itself. `at` is a cron pattern in UTC. */
  everyMs: number | null;
  at: string | null;
  /** age recipients; none: not encrypted. */
  recipients: string[];
  /** null: every archive stays. */
  keep: { last: number; daily: number; monthly: number } | null;
  /** `endpoint` null: Amazon's. */
  s3: { endpoint: string | null; region: string };
}

/** People by their ids here. `services` null: of every service. */
export interface Preset {
  people: string[];
  services: string[] | null;
}

export interface ConfiguredPerson {
  id: string;
  name: string;
  email: string | null;
  zone: string | null;
  /** Shown to responders when a page cannot be delivered; null: not known. */
  phone: string | null;
  /** Where their telephone hears of what chat cannot tell; null: nowhere. */
  push: PushAddress | null;
  /** How they are called; empty: as everybody is. */
  ways: Way[];
}

/** Lists of people are ids, groups written out. */
export interface Service {
  name: string;
  title: string;
  /** Owner and second owner. */
  owners: string[];
  tier: number;
  data: 'public' | 'internal' | 'confidential' | 'restricted';
  rpoMs: number | null;
  rtoMs: number | null;
  dependsOn: string[];
  /** What people notice when it fails, and what to look at first; null: nobody says. */
  symptoms: string | null;
  firstCheck: string | null;
  approve: string[];
  restore: string[];
  communicate: string[];
  callLink: string | null;
  aliases: string[];
}

/** A sender of its own at `/alerts/<name>`. */
export interface NamedSource {
  name: string;
  kind: string;
  /** None: the token for all alerts opens it. */
  tokens: SourceToken[];
  defaultService: string | null;
  /** Of alerts that do not say; left out: they stay without. */
  defaultSeverity?: string;
  /** Labels that name the service; left out: as the kind of sender does. */
  serviceFrom?: string[];
  limits: {
    alertsPerRequest: number;
    alertsWaiting: number;
    /** null: any number. */
    alertsPerMinute: number | null;
  };
  /** How often it has to be heard; null: it need not. */
  expect: Expected | null;
}

/** An alert opens when nothing has come for both together. `severity`: the word it says. */
export interface Expected {
  everyMs: number;
  graceMs: number;
  severity: string;
  service: string | null;
}

export interface SourceToken {
  secret: string;
  /** Taken from this time on; null: always. */
  fromAt: number | null;
  untilAt: number | null;
}
