import type { IntakeRules } from '../alerts/rules/rule.js';
import type { Ladder } from '../incident/severity.js';
import type { Policy } from '../incident/state.js';
import type { ChatSettings, Retention } from './config.js';

/** How long people stay signed in. */
export const builtInSignIn = { idleMs: 12 * 3_600_000, absoluteMs: 7 * 86_400_000 };

const days = (count: number): number => count * 86_400_000;

export const builtInChat: ChatSettings = { awayAfterMs: 3 * 60_000, archiveAfterMs: null };

/** Reactions that keep a message on the timeline. */
export const builtInKept = ['pushpin', 'memo'];

/** An alert of a year ago can still be compared with today's. */
export const builtInRetention: Retention = {
  answers: days(7),
  receipts: days(90),
  deliveries: days(90),
  episodes: days(400),
  notices: days(400),
  sources: days(400),
  bodies: days(14),
  changes: days(7),
};

const minutes = (count: number): number => count * 60_000;

/** The rules of a first start. @param zones IANA zones shown beside UTC. */
export const builtInPolicy = (zones: readonly string[]): Policy => ({
  severities: {
    sev1: { updateEveryMs: minutes(30), acknowledgeWithinMs: minutes(5), idleAfterMs: minutes(45), postmortem: true },
    sev2: { updateEveryMs: minutes(60), acknowledgeWithinMs: minutes(15), idleAfterMs: minutes(90), postmortem: true },
    sev3: { updateEveryMs: null, acknowledgeWithinMs: null, idleAfterMs: null, postmortem: true },
  },
  reopenForMs: minutes(30),
  warnBeforeMs: minutes(5),
  longAfterMs: minutes(120),
  automaticUpdates: 2,
  platforms: ['web'],
  zones: [...zones],
  invite: [],
});

/** Tier 1: nobody can ship, publish or sign in without it. Tier 2: work slows down. Tier 3: a nuisance. */
const catalogue: Record<1 | 2 | 3, readonly string[]> = {
  1: [
    ...['registry', 'container-registry', 'docker-registry', 'package-registry', 'harbor', 'artifactory', 'nexus'],
    ...['git', 'gitlab', 'github', 'gitea', 'forgejo', 'bitbucket', 'gerrit'],
    ...['ci', 'jenkins', 'buildkite', 'buildbot', 'tekton', 'drone', 'runner', 'runners'],
    ...['deploy', 'deployments', 'argocd', 'flux', 'spinnaker'],
    ...['vault', 'secrets', 'signing', 'pki'],
    ...['auth', 'sso', 'identity', 'keycloak', 'ldap', 'dns'],
  ],
  2: [
    ...['artifact-cache', 'build-cache', 'package-mirror', 'proxy', 'load-balancer', 'object-storage', 'storage'],
    ...['database', 'postgres', 'postgresql', 'mysql', 'redis', 'queue', 'kafka', 'rabbitmq', 'kubernetes'],
    ...['backup', 'backups', 'monitoring', 'prometheus', 'alertmanager', 'grafana', 'logging', 'mail', 'smtp'],
    ...['chat', 'mattermost', 'code-review', 'code-search', 'sonarqube'],
  ],
  3: ['wiki', 'docs', 'documentation', 'dashboard', 'issue-tracker', 'jira', 'confluence', 'test-reports', 'sandbox'],
};

const tiers = (): Record<string, number> =>
  Object.fromEntries(Object.entries(catalogue).flatMap(([tier, names]) => names.map((name) => [name, Number(tier)])));

/** Gravest first; the first rung that holds decides. When in doubt it takes the higher. */
export const builtInLadder = (): Ladder => ({
  rungs: [
    { severity: 'sev1', compromise: true },
    { severity: 'sev1', tier: 1, grade: 'critical' },
    { severity: 'sev1', services: 3, grade: 'critical' },
    { severity: 'sev1', tier: 1, alerts: 5, grade: 'warning' },
    { severity: 'sev2', grade: 'critical' },
    { severity: 'sev2', tier: 1, alerts: 3, grade: 'warning' },
    { severity: 'sev2', alerts: 10 },
  ],
  otherwise: 'sev3',
  tiers: tiers(),
});

export const builtInIntake = (): IntakeRules => ({
  rules: [],
  group: null,
  flap: { times: 3, withinMs: 30 * 60_000, quietForMs: 15 * 60_000 },
  storm: { alerts: 50, groups: 10, withinMs: 60_000, overAfterMs: 10 * 60_000 },
});
