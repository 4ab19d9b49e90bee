import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { flag, list, number, part, record, text } from '../shapes.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';

const event = z.object({
  'detail-type': z.string(),
  id: text,
  source: text,
  account: text,
  region: text,
  time: text,
  resources: list(text, 64),
  detail: record,
});
type Event = z.infer<typeof event>;
type Read = (said: Event, about: AboutReading) => Alert | PassedOver;

export const isBridged = (message: unknown): message is Event => event.safeParse(message).success;

/** An event of Amazon EventBridge. */
export function fromBridge(message: Event, about: AboutReading): Alert | PassedOver {
  const said = event.parse(message);
  const read = Object.hasOwn(readers, said['detail-type']) ? readers[said['detail-type']] : undefined;
  return (read ?? fromState)(said, about);
}

const rfc1123 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|UTC)$/;
const time = (given: string | null): number | null =>
  given !== null && rfc1123.test(given) ? Date.parse(given) : moment(given);

const health = z.object({
  eventArn: text,
  affectedAccount: text,
  service: text,
  eventTypeCode: text,
  eventTypeCategory: text,
  statusCode: text,
  startTime: text,
  endTime: text,
  eventRegion: text,
  eventDescription: list(z.object({ language: text, latestDescription: text }), 8),
  affectedEntities: list(z.object({ entityValue: text, status: text }), 64),
});

const fromHealth: Read = (event, about) => {
  const said = health.parse(event.detail);
  const over = said.statusCode === 'closed' || (said.statusCode === null && said.endTime !== null);
  const entity = said.affectedEntities[0]?.entityValue ?? event.resources[0];
  return makeAlert(about, {
    key: [said.eventArn ?? said.eventTypeCode, said.affectedAccount ?? event.account],
    firing: !over,
    startsAt: time(said.startTime) ?? time(event.time),
    endsAt: time(said.endTime) ?? time(event.time),
    name: said.eventTypeCode,
    summary: [...said.eventDescription.map(({ latestDescription }) => latestDescription), said.eventTypeCode],
    service: said.service,
    host: entity,
    // Of notices and planned changes AWS itself says that nothing is broken.
    severity: said.eventTypeCategory === 'issue' || said.eventTypeCategory === 'investigation' ? null : 'info',
    labels: {
      category: said.eventTypeCategory,
      status: said.statusCode,
      account: said.affectedAccount ?? event.account,
      region: said.eventRegion ?? event.region,
    },
  });
};

const alarm = z.object({
  alarmName: text,
  state: part({ value: text, reason: text, timestamp: text }),
  configuration: part({
    description: text,
    metrics: list(
      z.object({ metricStat: part({ metric: part({ namespace: text, name: text, dimensions: record }) }) }),
      16,
    ),
  }),
});

const fromAlarmChange: Read = (event, about) => {
  const said = alarm.parse(event.detail);
  const state = said.state?.value?.toUpperCase();
  const metric = (said.configuration?.metrics ?? []).flatMap(({ metricStat }) => metricStat?.metric ?? [])[0];
  const at = time(said.state?.timestamp ?? null) ?? time(event.time);
  const { InstanceId, ServiceName } = z.object({ InstanceId: text, ServiceName: text }).parse(metric?.dimensions ?? {});
  return makeAlert(about, {
    key: event.resources[0] ? [event.resources[0]] : [event.account, event.region, said.alarmName],
    firing: state !== 'OK',
    ...(state === 'OK' ? { endsAt: at } : { startsAt: at }),
    name: said.alarmName,
    summary: [said.configuration?.description, said.state?.reason],
    service: [ServiceName, metric?.namespace],
    host: InstanceId,
    severity: state === 'INSUFFICIENT_DATA' ? 'warning' : null,
    labels: { ...metric?.dimensions, account: event.account, region: event.region, state, metric: metric?.name },
    annotations: { reason: said.state?.reason },
  });
};

const finding = z.object({
  id: text,
  title: text,
  description: text,
  severity: number,
  accountId: text,
  type: text,
  updatedAt: text,
  resource: part({ resourceType: text, instanceDetails: part({ instanceId: text }) }),
  service: part({ eventLastSeen: text, archived: flag, count: text }),
});
/** Findings that somebody uses an identity or its keys who should not. */
const taken = /CredentialAccess|CredentialExfiltration|Compromised|UnauthorizedAccess:IAMUser/i;

const fromFinding: Read = (event, about) => {
  const said = finding.parse(event.detail);
  const { severity: score } = said;
  return makeAlert(about, {
    key: ['guardduty', said.accountId ?? event.account, said.id ?? said.type],
    firing: said.service?.archived !== true,
    startsAt: moment(said.updatedAt) ?? moment(said.service?.eventLastSeen) ?? time(event.time),
    name: [said.type, said.title],
    summary: [said.title, said.description],
    service: 'GuardDuty',
    host: said.resource?.instanceDetails?.instanceId,
    severity: score === null ? null : score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low',
    labels: {
      type: said.type,
      score,
      account: said.accountId,
      region: event.region,
      ...(taken.test(said.type ?? '') && { compromise: 'true' }),
    },
    annotations: { description: said.description, times: said.service?.count },
  });
};

const scan = z.object({
  s3ObjectDetails: part({ bucketName: text, objectKey: text }),
  scanResultDetails: part({ scanResultStatus: text, threats: list(z.object({ name: text }), 16) }),
});

const fromScan: Read = (event, about) => {
  const { s3ObjectDetails: object, scanResultDetails: result } = scan.parse(event.detail);
  const state = result?.scanResultStatus ?? '';
  if (state !== 'THREATS_FOUND') return { name: `Malware scan ${state}`, why: 'the scan found no threats' };
  const threats = result?.threats.map(({ name }) => name).join(', ');
  return makeAlert(about, {
    key: ['malware', event.account, object?.bucketName, object?.objectKey ?? event.id],
    firing: true,
    startsAt: time(event.time),
    name: 'Malware found',
    summary: `Malware found in ${object?.bucketName ?? 'an object'}: ${threats}`,
    service: 'GuardDuty',
    severity: 'critical',
    labels: {
      state,
      bucket: object?.bucketName,
      object: object?.objectKey,
      account: event.account,
      region: event.region,
    },
  });
};

const failed = /^(?:.*_)?(?:FAILED|FAILURE|ERROR|TIMEOUT|TIMED_OUT|EXPIRED|ABORTED|FAULT|PARTIAL|ALARM|UNHEALTHY)$/i;
const done = /^(?:.*_)?(?:SUCCEEDED|SUCCESS|COMPLETED|COMPLETE|OK|HEALTHY|FIXED|RESOLVED)$/i;
const named = ['jobName', 'pipeline', 'project-name', 'stateMachineArn', 'resourceArn', 'name', 'jobQueue'];

/** Jobs, pipelines and whatever else has a state: what failed is well again with its next success. */
const fromState: Read = (event, about) => {
  const { detail, source } = event;
  const said = (...names: string[]): string | null =>
    names.map((name) => detail[name]).find((each): each is string => typeof each === 'string' && each !== '') ?? null;
  const kind = event['detail-type'];
  const state = said('state', 'status', 'build-status', 'eventName', 'lastStatus');
  if (state && !failed.test(state) && !done.test(state))
    return { name: `${kind} ${state}`, why: `${state} neither fails nor mends anything` };
  const firing = !(state && done.test(state));
  const what = said(...named) ?? event.resources[0] ?? null;
  const title = [what, kind].filter(Boolean).join(': ');
  return makeAlert(about, {
    key: [source ?? kind, event.account, what ?? (state ? kind : event.id)],
    firing,
    ...(firing ? { startsAt: time(event.time) } : { endsAt: time(event.time) }),
    name: title,
    summary: [said('message', 'statusMessage', 'statusReason', 'reason', 'title', 'description'), title],
    service: source?.replace(/^aws\./, ''),
    severity: said('severity'),
    labels: { state, type: kind, account: event.account, region: event.region },
    annotations: { detail },
  });
};

const readers: Readonly<Record<string, Read>> = {
  'AWS Health Event': fromHealth,
  'AWS Health Abuse Event': fromHealth,
  'CloudWatch Alarm State Change': fromAlarmChange,
  'GuardDuty Finding': fromFinding,
  'GuardDuty Malware Protection Object Scan Result': fromScan,
};
