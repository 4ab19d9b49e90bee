import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { list, part, record, text } from '../shapes.js';
import { type AboutReading, defineSource, type PassedOver } from '../source.js';
import { moment } from '../times.js';
import { activity, type Entry, eventOf } from './azure-activity.js';

const essentials = z.object({
  alertId: text,
  originAlertId: text,
  alertRule: text,
  severity: text,
  signalType: text,
  monitorCondition: text,
  monitoringService: text,
  alertTargetIDs: list(text, 64),
  configurationItems: list(text, 64),
  firedDateTime: text,
  resolvedDateTime: text,
  description: text,
  investigationLink: text,
});
const query = z.object({
  linkToFilteredSearchResultsUI: text,
  linkToSearchResultsUI: text,
  metricName: text,
  metricValue: text,
  operator: text,
  threshold: text,
});
type Query = z.infer<typeof query>;
/** e.g. `Percentage CPU is 31.1 (GreaterThan 25)`, where a rule has no description. */
const measured = (rule: string | null, found: Query | null | undefined): string | null =>
  found?.metricName && found.metricValue
    ? `${rule ? `${rule}: ` : ''}${found.metricName} is ${found.metricValue}${found.threshold ? ` (${found.operator ?? 'threshold'} ${found.threshold})` : ''}`
    : null;
const classic = {
  id: text,
  name: text,
  description: text,
  severity: text,
  timestamp: text,
  resourceName: text,
  resourceId: text,
  portalLink: text,
  condition: part({ ...query.shape, allOf: list(query, 16) }),
  activityLog: part(activity),
};
const log = {
  AlertRuleName: z.string(),
  Severity: text,
  Description: text,
  LinkToSearchResults: text,
  LinkToFilteredSearchResultsUI: text,
  ResourceId: text,
};
const context = {
  ...activity,
  LinkToFilteredSearchResultsUI: text,
  LinkToSearchResults: text,
  DetectionSummary: text,
  condition: part({ allOf: list(query, 16) }),
  labels: record,
  annotations: part({ summary: text, description: text, runbook_url: text }),
  AlertData: part({ BudgetName: text }),
};
const budget = {
  BudgetName: z.string(),
  SubscriptionName: text,
  ResourceGroup: text,
  SpendingAmount: text,
  Budget: text,
  Unit: text,
  NotificationThresholdAmount: text,
};
const payload = z.union([
  z.object({ data: z.object({ essentials, customProperties: record, alertContext: part(context) }) }),
  z.object({ data: z.object({ status: text, context: z.object(classic) }) }),
  z.object({ data: z.object(log) }),
  z.object({ data: z.object(budget) }),
  z.object(log).transform((data) => ({ data })),
  z.object({ status: z.string(), context: z.object(classic) }),
]);
type Essentials = z.infer<typeof essentials>;
type Context = z.infer<z.ZodObject<typeof context>>;
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
    if (!('data' in body)) return fromClassic(body.status, body.context, about);
    const { data } = body;
    if ('essentials' in data) return fromCommon(data.essentials, data.alertContext, about);
    if ('context' in data) return fromClassic(data.status, data.context, about);
    return [makeAlert(about, 'BudgetName' in data ? ofBudget(data) : ofLog(data))];
  },
});

const ofLog = (data: z.infer<z.ZodObject<typeof log>>) => ({
  key: ['log', data.AlertRuleName, data.ResourceId],
  firing: true,
  name: data.AlertRuleName,
  summary: [data.Description, data.AlertRuleName],
  service: lastOf(data.ResourceId),
  severity: wordOf(data.Severity),
  labels: { severity: data.Severity },
  links: { Search: data.LinkToFilteredSearchResultsUI ?? data.LinkToSearchResults },
});

const ofBudget = (data: z.infer<z.ZodObject<typeof budget>>) => ({
  key: ['budget', data.SubscriptionName, data.BudgetName],
  firing: true,
  name: `Budget ${data.BudgetName}`,
  summary: `Budget ${data.BudgetName}: ${data.SpendingAmount} of ${data.Budget} ${data.Unit ?? ''} are spent`,
  service: data.ResourceGroup,
  labels: { subscription: data.SubscriptionName, threshold: data.NotificationThresholdAmount },
});

function fromCommon(said: Essentials, context: Context | null | undefined, about: AboutReading): Alert[] | PassedOver {
  const [target] = said.alertTargetIDs;
  const event = context && eventOf(context, target ?? null);
  if (event && 'why' in event) return event;
  const [condition] = context?.condition?.allOf ?? [];
  const { alertId, originAlertId, alertRule, description } = said;
  const label = ['service', 'app', 'namespace'].map((name) => context?.labels[name]).find((each) => !!each);
  return [
    makeAlert(about, {
      key: event?.key ?? (alertId ? [alertId] : [originAlertId ?? alertRule, target]),
      firing: !(event?.over ?? over.test(said.monitorCondition ?? '')),
      startsAt: moment(said.firedDateTime),
      endsAt: moment(said.resolvedDateTime) ?? (event?.over ? moment(context?.eventTimestamp) : null),
      name: [alertRule, context?.AlertData?.BudgetName, event?.title],
      summary: [
        event?.title,
        context?.annotations?.summary,
        description,
        context?.annotations?.description,
        context?.DetectionSummary,
        measured(alertRule, condition),
        alertRule,
      ],
      service: [event?.service, typeof label === 'string' ? label : null, said.configurationItems[0], lastOf(target)],
      // What tells of health always says Sev4 here, whatever has happened.
      severity: event?.level ?? wordOf(said.severity),
      labels: {
        ...context?.labels,
        severity: said.severity,
        signal: said.signalType,
        monitoring: said.monitoringService,
        target,
      },
      links: {
        Investigate: said.investigationLink,
        Search:
          condition?.linkToFilteredSearchResultsUI ??
          condition?.linkToSearchResultsUI ??
          context?.LinkToFilteredSearchResultsUI ??
          context?.LinkToSearchResults,
        Runbook: context?.annotations?.runbook_url,
      },
    }),
  ];
}

const over = /^(?:resolved|deactivated|succeeded)$/i;

function fromClassic(status: string | null, said: Classic, about: AboutReading): Alert[] | PassedOver {
  const entry: Entry | null = said.activityLog ?? null;
  const at = moment(said.timestamp ?? entry?.eventTimestamp);
  const resource = said.resourceId ?? entry?.resourceId ?? null;
  const event = entry && eventOf(entry, resource);
  if (event && 'why' in event) return event;
  const firing = !(over.test(status ?? '') || event?.over);
  const severity = said.severity ?? event?.level ?? entry?.level ?? null;
  return [
    makeAlert(about, {
      key: event?.key ?? (entry ? ['activity', entry.correlationId ?? resource] : [said.id ?? said.name, resource]),
      firing,
      ...(firing ? { startsAt: at } : { endsAt: at }),
      name: [said.name, event?.title, entry?.operationName],
      summary: [
        said.description,
        event?.title,
        entry?.description,
        measured(said.name, said.condition?.allOf[0] ?? said.condition),
        said.name,
      ],
      service: [said.resourceName, event?.service, lastOf(resource)],
      severity: wordOf(severity),
      labels: { severity, status, resource },
      links: { Portal: said.portalLink },
    }),
  ];
}
