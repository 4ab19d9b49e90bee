import { ZodError } from 'zod';
import type { Alert } from './alert.js';
import type { AboutReading, Door, PassedOver } from './source.js';
import { alertaApi } from './sources/alerta-api.js';
import { alertmanager } from './sources/alertmanager.js';
import { appveyor } from './sources/appveyor.js';
import { argocd } from './sources/argocd.js';
import { awsEventbridgeHealth } from './sources/aws-eventbridge-health.js';
import { awsSnsCloudwatch } from './sources/aws-sns-cloudwatch.js';
import { axiom } from './sources/axiom.js';
import { azureMonitor } from './sources/azure-monitor.js';
import { azuredevops } from './sources/azuredevops.js';
import { bitbucket } from './sources/bitbucket.js';
import { buildbot } from './sources/buildbot.js';
import { checkly } from './sources/checkly.js';
import { checkmk } from './sources/checkmk.js';
import { circleci } from './sources/circleci.js';
import { cloudevents } from './sources/cloudevents.js';
import { cloudflare } from './sources/cloudflare.js';
import { coralogix } from './sources/coralogix.js';
import { dash0 } from './sources/dash0.js';
import { datadog } from './sources/datadog.js';
import { dockerHub } from './sources/docker-hub.js';
import { errbit } from './sources/errbit.js';
import { falco } from './sources/falco.js';
import { flux } from './sources/flux.js';
import { forgejo } from './sources/forgejo.js';
import { gcpMonitoring } from './sources/gcp-monitoring.js';
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
import { heartbeat } from './sources/heartbeat.js';
import { heroku } from './sources/heroku.js';
import { honeybadger } from './sources/honeybadger.js';
import { icinga2 } from './sources/icinga2.js';
import { jenkins } from './sources/jenkins.js';
import { librenms } from './sources/librenms.js';
import { mackerel } from './sources/mackerel.js';
import { netbox } from './sources/netbox.js';
import { netdataAgent } from './sources/netdata-agent.js';
import { netdataCloud } from './sources/netdata-cloud.js';
import { netlify } from './sources/netlify.js';
import { newrelic } from './sources/newrelic.js';
import { opsgenieApi } from './sources/opsgenie-api.js';
import { opsgenieWebhook } from './sources/opsgenie-webhook.js';
import { pagerdutyEventsV2 } from './sources/pagerduty-events-v2.js';
import { pagerdutyWebhookV1v2 } from './sources/pagerduty-webhook-v1v2.js';
import { pagerdutyWebhookV3 } from './sources/pagerduty-webhook-v3.js';
import { papertrail } from './sources/papertrail.js';
import { pingdom } from './sources/pingdom.js';
import { prometheus } from './sources/prometheus.js';
import { proxmox } from './sources/proxmox.js';
import { raygun } from './sources/raygun.js';
import { riemann } from './sources/riemann.js';
import { rollbar } from './sources/rollbar.js';
import { rundeck } from './sources/rundeck.js';
import { sentry } from './sources/sentry.js';
import { site24x7 } from './sources/site24x7.js';
import { splunk } from './sources/splunk.js';
import { statuspage } from './sources/statuspage.js';
import { thinkstCanary } from './sources/thinkst-canary.js';
import { thousandeyes } from './sources/thousandeyes.js';
import { travis } from './sources/travis.js';
import { updown } from './sources/updown.js';
import { uptimeKuma } from './sources/uptime-kuma.js';
import { uptimerobot } from './sources/uptimerobot.js';
import { victoropsRest } from './sources/victorops-rest.js';
import { vmwareVrealize } from './sources/vmware-vrealize.js';
import { wazuh } from './sources/wazuh.js';
import { zabbix } from './sources/zabbix.js';
import { unknownAlert } from './unknown.js';
import { kept, line } from './words.js';

/** Every kind of sender there is a door for. A new one is a file and a line here. */
export const sources: readonly Door[] = [
  alertaApi,
  alertmanager,
  appveyor,
  argocd,
  awsEventbridgeHealth,
  awsSnsCloudwatch,
  axiom,
  azuredevops,
  azureMonitor,
  bitbucket,
  buildbot,
  checkly,
  checkmk,
  circleci,
  cloudevents,
  cloudflare,
  coralogix,
  dash0,
  datadog,
  dockerHub,
  errbit,
  falco,
  flux,
  forgejo,
  gcpMonitoring,
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
  heartbeat,
  heroku,
  honeybadger,
  icinga2,
  jenkins,
  librenms,
  mackerel,
  netbox,
  netdataAgent,
  netdataCloud,
  netlify,
  newrelic,
  opsgenieApi,
  opsgenieWebhook,
  pagerdutyEventsV2,
  pagerdutyWebhookV1v2,
  pagerdutyWebhookV3,
  papertrail,
  pingdom,
  prometheus,
  proxmox,
  raygun,
  riemann,
  rollbar,
  rundeck,
  sentry,
  site24x7,
  splunk,
  statuspage,
  thinkstCanary,
  thousandeyes,
  travis,
  updown,
  uptimeKuma,
  uptimerobot,
  victoropsRest,
  vmwareVrealize,
  wazuh,
  zabbix,
];

const byKind = new Map(sources.map((source) => [source.kind, source]));

/** The source of this kind, or null. */
export const sourceOf = (kind: string): Door | null => byKind.get(kind) ?? null;

/** Reads a body as its source does, else as its kin does; null where it has the shape of none. */
export function readerOf(door: Door, body: unknown): ((about: AboutReading) => ReturnType<Door['alerts']>) | null {
  for (const each of [door, ...(door.kin ?? []).flatMap((kind) => byKind.get(kind) ?? [])]) {
    const read = each.payload.safeParse(body);
    if (read.success) return (about) => each.alerts(read.data, about);
  }
  return null;
}

const misfit = ({ payload }: Door, body: unknown): ZodError => payload.safeParse(body).error ?? new ZodError([]);

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
  const reading = { headers: {}, query: {}, ...about };
  const found = readerOf(door, body)?.(reading) ?? [unknownAlert(body, misfit(door, body), about.source)];
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
