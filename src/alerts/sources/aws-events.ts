import { z } from 'zod';
import type { Alert } from '../alert.js';
import { hash } from '../hash.js';
import { makeAlert } from '../make.js';
import { list, part, record, text } from '../shapes.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';
import { fromBridge, isBridged } from './aws-bridge.js';

/** What an SNS envelope says beside its message. */
interface Around {
  subject?: string | null;
  topic?: string | null;
  sentAt?: string | null;
  attributes?: Record<string, unknown>;
}

const dimension = z.object({ name: text, value: text });
const metric = part({ Namespace: text, MetricName: text, Dimensions: list(dimension, 32) });
const alarm = z.object({
  AlarmName: z.string(),
  AlarmArn: text,
  AlarmDescription: text,
  AWSAccountId: text,
  Region: text,
  NewStateValue: text,
  OldStateValue: text,
  NewStateReason: text,
  StateChangeTime: text,
  Namespace: text,
  Application: text,
  Priority: text,
  Trigger: part({
    MetricName: text,
    Namespace: text,
    Dimensions: list(dimension, 32),
    Metrics: list(z.object({ MetricStat: part({ Metric: metric }) }), 16),
  }),
});
type Alarm = z.infer<typeof alarm>;

/** What AWS writes, an alarm or an event as an object, or text. Pure. */
export function fromAws(message: object | string, about: AboutReading, around: Around = {}): Alert | PassedOver {
  const read = alarm.safeParse(message);
  if (read.success) return fromAlarm(read.data, about);
  if (isBridged(message)) return fromBridge(message, about);
  const backup = typeof message === 'string' && /AWS Backup/i.test(around.subject ?? message);
  return backup ? fromBackup(message, about, around) : fromText(message, about, around);
}

function fromAlarm(said: Alarm, about: AboutReading): Alert {
  const metrics = [said.Trigger, ...(said.Trigger?.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Metric)];
  const dimensions = Object.fromEntries(
    metrics.flatMap((each) => each?.Dimensions ?? []).map(({ name, value }) => [name ?? '', value]),
  );
  const state = said.NewStateValue?.toUpperCase();
  const [metric] = metrics.flatMap((each) => (each?.MetricName ? [each] : []));
  return makeAlert(about, {
    key: said.AlarmArn ? [said.AlarmArn] : [said.AWSAccountId, said.Region, said.AlarmName],
    firing: state !== 'OK',
    ...(state === 'OK' ? { endsAt: moment(said.StateChangeTime) } : { startsAt: moment(said.StateChangeTime) }),
    name: said.AlarmName,
    summary: [said.AlarmDescription, said.NewStateReason],
    service: [
      said.Application,
      dimensions.ServiceName,
      dimensions.Service,
      dimensions.service,
      metric?.Namespace,
      said.Namespace,
    ],
    host: [dimensions.InstanceId, dimensions.host, dimensions.Host, dimensions.DBInstanceIdentifier],
    // AWS has no severities; that a metric went missing is less than that it crossed its threshold.
    severity: [said.Priority, state === 'INSUFFICIENT_DATA' ? 'warning' : null],
    labels: { ...dimensions, account: said.AWSAccountId, region: said.Region, state, metric: metric?.MetricName },
    annotations: { reason: said.NewStateReason, description: said.AlarmDescription },
  });
}

const backupOver = /^COMPLETED$/i;
const backupRuns = /^(?:CREATED|PENDING|RUNNING|STARTED)$/i;

/** A resource whose backup failed is well again with its next one that completes. */
function fromBackup(
  message: string,
  about: AboutReading,
  { attributes = {}, sentAt, subject }: Around,
): Alert | PassedOver {
  const said = z.object({ State: text, EventType: text, Id: text, AccountId: text }).parse(attributes);
  const [, resource] = /Resource ARN ?: ?(\S+?)[.,;]?(?:\s|$)/.exec(message) ?? [];
  const state = said.State ?? (/success/i.test(message) ? 'COMPLETED' : 'FAILED');
  const job = said.EventType?.toLowerCase().replaceAll('_', ' ') ?? 'backup job';
  if (backupRuns.test(state)) return { name: `AWS Backup ${job} ${state}`, why: 'a job that runs is no alert' };
  const firing = !backupOver.test(state);
  return makeAlert(about, {
    key: ['backup', resource ?? said.Id ?? subject],
    firing,
    ...(firing ? { startsAt: moment(sentAt) } : { endsAt: moment(sentAt) }),
    name: `AWS ${job}`,
    summary: message,
    service: 'AWS Backup',
    labels: { resource, state, account: said.AccountId, job: said.Id },
  });
}

/** Of databases and their replication; and what a script may say of itself. */
const notice = z.object({
  'Event Source': text,
  'Event Message': text,
  'Identifier Link': text,
  SourceId: text,
  'Source ID': text,
  title: text,
  summary: text,
  description: text,
  severity: text,
  service: text,
});

function fromText(
  message: object | string,
  about: AboutReading,
  { subject, topic, sentAt, attributes }: Around,
): Alert {
  const whole = typeof message === 'string' ? message : JSON.stringify(message);
  const said = notice.parse(record.parse(message));
  const { 'Event Source': kind, 'Event Message': event } = said;
  const id = said.SourceId ?? said['Source ID'];
  const own = [said.title, event, said.summary, said.description];
  return makeAlert(about, {
    key: [topic, subject || own[0] || (id ? null : hash(whole)), kind, id],
    firing: true,
    startsAt: moment(sentAt),
    name: [subject, said.title, whole.split('\n', 1)[0]],
    summary: typeof message === 'string' ? whole : [...own, subject, whole],
    service: [said.service, id],
    severity: said.severity,
    labels: { topic, ...attributes },
    annotations: { message: whole },
    links: { Details: said['Identifier Link'] },
  });
}
