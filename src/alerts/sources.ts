import type { z } from 'zod';
import type { Alert } from './alert.js';
import { hash } from './hash.js';
import type { AboutReading, Door, PassedOver } from './source.js';
import { alertaApi } from './sources/alerta-api.js';
import { alertmanager } from './sources/alertmanager.js';
import { appveyor } from './sources/appveyor.js';
import { argocd } from './sources/argocd.js';
import { awsEventbridgeHealth } from './sources/aws-eventbridge-health.js';
import { awsSnsCloudwatch } from './sources/aws-sns-cloudwatch.js';
import { azuredevops } from './sources/azuredevops.js';
import { bitbucket } from './sources/bitbucket.js';
import { buildbot } from './sources/buildbot.js';
import { checkmk } from './sources/checkmk.js';
import { circleci } from './sources/circleci.js';
import { cloudevents } from './sources/cloudevents.js';
import { dockerHub } from './sources/docker-hub.js';
import { falco } from './sources/falco.js';
import { flux } from './sources/flux.js';
import { forgejo } from './sources/forgejo.js';
import { generic } from './sources/generic.js';
import { genericFormattedWebhook } from './sources/generic-formatted-webhook.js';
import { gitea } from './sources/gitea.js';
import { github } from './sources/github.js';
import { gitlab } from './sources/gitlab.js';
import { goalertGeneric } from './sources/goalert-generic.js';
import { gocd } from './sources/gocd.js';
import { grafana } from './sources/grafana.js';
import { grafanaLegacy } from './sources/grafana-legacy.js';
import { graylog } from './sources/graylog.js';
import { harbor } from './sources/harbor.js';
import { healthchecks } from './sources/healthchecks.js';
import { heroku } from './sources/heroku.js';
import { icinga2 } from './sources/icinga2.js';
import { jenkins } from './sources/jenkins.js';
import { librenms } from './sources/librenms.js';
import { netbox } from './sources/netbox.js';
import { netdataAgent } from './sources/netdata-agent.js';
import { netdataCloud } from './sources/netdata-cloud.js';
import { netlify } from './sources/netlify.js';
import { opsgenieApi } from './sources/opsgenie-api.js';
import { pagerdutyEventsV2 } from './sources/pagerduty-events-v2.js';
import { pagerdutyWebhookV3 } from './sources/pagerduty-webhook-v3.js';
import { prometheus } from './sources/prometheus.js';
import { proxmox } from './sources/proxmox.js';
import { riemann } from './sources/riemann.js';
import { rundeck } from './sources/rundeck.js';
import { sentry } from './sources/sentry.js';
import { splunk } from './sources/splunk.js';
import { travis } from './sources/travis.js';
import { uptimeKuma } from './sources/uptime-kuma.js';
import { vmwareVrealize } from './sources/vmware-vrealize.js';
import { wazuh } from './sources/wazuh.js';
import { zabbix } from './sources/zabbix.js';
import { kept, line } from './words.js';

/** Every kind of sender there is a door for. A new one is a file and a line here. */
export const sources: readonly Door[] = [
  alertaApi,
  alertmanager,
  appveyor,
  argocd,
  awsEventbridgeHealth,
  awsSnsCloudwatch,
  azuredevops,
  bitbucket,
  buildbot,
  checkmk,
  circleci,
  cloudevents,
  dockerHub,
  falco,
  flux,
  forgejo,
  generic,
  genericFormattedWebhook,
  gitea,
  github,
  gitlab,
  goalertGeneric,
  gocd,
  grafana,
  grafanaLegacy,
  graylog,
  harbor,
  healthchecks,
  heroku,
  icinga2,
  jenkins,
  librenms,
  netbox,
  netdataAgent,
  netdataCloud,
  netlify,
  opsgenieApi,
  pagerdutyEventsV2,
  pagerdutyWebhookV3,
  prometheus,
  proxmox,
  riemann,
  rundeck,
  sentry,
  splunk,
  travis,
  uptimeKuma,
  vmwareVrealize,
  wazuh,
  zabbix,
];

const byKind = new Map(sources.map((source) => [source.kind, source]));

/** The source of this kind, or null. */
export const sourceOf = (kind: string): Door | null => byKind.get(kind) ?? null;

export interface AboutBody extends Partial<AboutReading> {
  /** The name it came in under. */
  source: string;
  receivedAt: number;
  /** Of alerts that name no service. */
  defaultService?: string | null;
  /** Of alerts that do not say how grave they are. */
  defaultSeverity?: string | null;
  /** Labels that name the service, the first that is there, before what the source itself takes for it. */
  serviceFrom?: readonly string[];
  /** Other names of services -> the one in the catalogue. */
  aliases?: ReadonlyMap<string, string>;
}

/**
 * The alerts in a well-formed body. A body that does not have the source's shape still comes to one alert, without
 * a severity, so that it waits in the triage queue instead of being lost. What is understood and no alert says why not.
 */
export function readAlerts(door: Door, body: unknown, about: AboutBody): { alerts: Alert[]; passedOver?: PassedOver } {
  const read = door.payload.safeParse(body);
  const reading = { headers: {}, query: {}, ...about };
  const found = read.success ? door.alerts(read.data, reading) : [unknownShape(body, read.error, about.source)];
  const { defaultService = null, defaultSeverity = null, serviceFrom = [], aliases } = about;
  const serviceOf = (said: string | null): string | null => {
    const service = said ?? defaultService;
    return service && (aliases?.get(service) ?? service);
  };
  if (!Array.isArray(found)) {
    const { tells } = found;
    if (!tells || !('service' in tells.of)) return { alerts: [], passedOver: found };
    const of = { service: serviceOf(tells.of.service) };
    return { alerts: [], passedOver: { ...found, tells: { ...tells, of } } };
  }
  if (defaultService === null && defaultSeverity === null && serviceFrom.length === 0 && !aliases?.size)
    return { alerts: found };
  const labelled = ({ labels }: Alert): string | null => {
    const label = serviceFrom.find((each) => Object.hasOwn(labels, each) && labels[each] !== '');
    return label === undefined ? null : line(labels[label] as string, kept.word);
  };
  return {
    alerts: found.map((alert) => ({
      ...alert,
      service: serviceOf(labelled(alert) ?? alert.service),
      severity: alert.severity ?? defaultSeverity,
    })),
  };
}

function unknownShape(body: unknown, error: z.ZodError, source: string): Alert {
  const text = JSON.stringify(body) ?? 'nothing';
  const shown = line(text, kept.label);
  return {
    source,
    fingerprint: hash(text),
    status: 'firing',
    startsAt: null,
    endsAt: null,
    name: `Unknown alert shape from ${line(source, kept.word)}`,
    summary: line(`This body does not have the shape that ${source} sends: ${misfits(error)}`, kept.summary),
    service: null,
    host: null,
    severity: null,
    labels: {},
    annotations: { body: shown },
    links: [],
    groupHint: 'unknown shape',
  };
}

/** The first few; of a choice of shapes those of the one that came nearest, or of each. */
function misfits(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? nearest(issue.errors) : [issue]));
  const said = issues.slice(0, 3).map(({ path, message }) => `${path.map(String).join('.') || 'the body'}: ${message}`);
  return said.join('; ') + (issues.length > 3 ? `; and ${issues.length - 3} more` : '');
}

function nearest(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  // Not by spreading: one hostile list makes an issue per member.
  const depths = branches.map((branch) => branch.reduce((deepest, { path }) => Math.max(deepest, path.length), 0));
  const deepest = Math.max(...depths);
  return branches.filter((_, i) => depths[i] === deepest).flat();
}
