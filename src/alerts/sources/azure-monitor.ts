import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { list, part, record, text } from '../shapes.js';
import { type AboutReading, defineSource } from '../source.js';
import { moment } from '../times.js';

const essentials = z.object({
  alertId: text,
  originAlertId: text,
  alertRule: text,
  severity: text,
  signalType: text,
  monitorCondition: z.string(),
  monitoringService: text,
  alertTargetIDs: list(text, 64),
  configurationItems: list(text, 64),
  firedDateTime: text,
  resolvedDateTime: text,
  description: text,
  investigationLink: text,
});
const classic = {
  id: text,
  name: text,
  description: text,
  severity: text,
  timestamp: text,
  resourceName: text,
  resourceId: text,
  portalLink: text,
  activityLog: part({
    correlationId: text,
    operationName: text,
    level: text,
    resourceId: text,
    eventTimestamp: text,
    description: text,
    properties: part({ trackingId: text, title: text, service: text, stage: text, impactedServices: text }),
  }),
};
const log = {
  AlertRuleName: z.string(),
  Severity: text,
  Description: text,
  LinkToSearchResults: text,
  SearchIntervalEndtimeUtc: text,
  ResourceId: text,
};
const payload = z.union([
  z.object({ data: z.object({ essentials, customProperties: record, alertContext: record }) }),
  z.object({ data: z.object({ status: text, context: z.object(classic) }) }),
  z.object({ data: z.object(log) }),
  z.object({ status: z.string(), context: z.object(classic) }),
]);
type Essentials = z.infer<typeof essentials>;
type Classic = z.infer<z.ZodObject<typeof classic>>;

const names = ['critical', 'error', 'warning', 'informational', 'debug'];
/** Azure's 0 is the gravest; its numbers are one below those that others count by, so that words are clearer. */
const wordOf = (severity: string | null): string | null =>
  names[Number(/^(?:Sev)?([0-4])$/i.exec(severity ?? '')?.[1])] ?? severity;
const lastOf = (id: string | null | undefined): string | null => id?.split('/').at(-1) ?? null;

/** Azure Monitor: the common alert schema, metric and classic alerts, log searches, activity log. */
export const azureMonitor = defineSource({
  kind: 'azure-monitor',
  sender: 'Azure Monitor',
  authentication: 'token in the address of the action group',
  episode: 'no Fired of the Resolved body is at hand; they have one alertId and differ in monitorCondition',
  payload,
  alerts(body, about) {
    if (!('data' in body)) return [fromClassic(body.status, body.context, about)];
    const { data } = body;
    if ('essentials' in data) return [fromCommon(data.essentials, about)];
    if ('context' in data) return [fromClassic(data.status, data.context, about)];
    return [
      makeAlert(about, {
        key: ['log', data.AlertRuleName, data.ResourceId],
        firing: true,
        name: data.AlertRuleName,
        summary: [data.Description, data.AlertRuleName],
        service: lastOf(data.ResourceId),
        severity: wordOf(data.Severity),
        labels: { severity: data.Severity },
        links: { Search: data.LinkToSearchResults },
      }),
    ];
  },
});

function fromCommon(said: Essentials, about: AboutReading): Alert {
  return makeAlert(about, {
    key: said.alertId ? [said.alertId] : [said.originAlertId ?? said.alertRule, said.alertTargetIDs[0]],
    firing: !/^(?:resolved|deactivated)$/i.test(said.monitorCondition),
    startsAt: moment(said.firedDateTime),
    endsAt: moment(said.resolvedDateTime),
    name: said.alertRule,
    summary: [said.description, said.alertRule],
    service: [said.configurationItems[0], lastOf(said.alertTargetIDs[0])],
    severity: wordOf(said.severity),
    labels: {
      severity: said.severity,
      signal: said.signalType,
      monitoring: said.monitoringService,
      target: said.alertTargetIDs[0],
    },
    links: { Investigate: said.investigationLink },
  });
}

const over = /^(?:resolved|deactivated|succeeded)$/i;

function fromClassic(status: string | null, said: Classic, about: AboutReading): Alert {
  const { activityLog: entry } = said;
  const told = entry?.properties;
  const at = moment(said.timestamp ?? entry?.eventTimestamp);
  const resource = said.resourceId ?? entry?.resourceId;
  const firing = !(over.test(status ?? '') || over.test(told?.stage ?? ''));
  const severity = said.severity ?? entry?.level ?? null;
  return makeAlert(about, {
    key: entry ? ['activity', told?.trackingId ?? entry.correlationId ?? resource] : [said.id ?? said.name, resource],
    firing,
    ...(firing ? { startsAt: at } : { endsAt: at }),
    name: [said.name, told?.title, entry?.operationName],
    summary: [said.description, told?.title, entry?.description, said.name],
    service: [said.resourceName, told?.service, lastOf(resource)],
    severity: wordOf(severity),
    labels: { severity, status, resource },
    links: { Portal: said.portalLink },
  });
}
