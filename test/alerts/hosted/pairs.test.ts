import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.js';
import type { Door } from '../../../src/alerts/source.js';
import { readAlerts, sourceOf } from '../../../src/alerts/sources.js';
import { noon } from '../world.js';

const body = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/sources/${path}`, import.meta.url), 'utf8'));

function read(kind: string, given: unknown, headers: Record<string, string> = {}) {
  return readAlerts(sourceOf(kind) as Door, given, { source: kind, receivedAt: noon, headers, query: {} });
}
const one = (kind: string, given: unknown): Alert => {
  const { alerts } = read(kind, given);
  expect(alerts).toHaveLength(1);
  return alerts[0] as Alert;
};

/** A copy with other values: `a.b.0` -> value. */
function with_(given: unknown, edits: Record<string, unknown>): unknown {
  const copy = structuredClone(given);
  for (const [path, value] of Object.entries(edits)) {
    const names = path.split('.');
    const last = names.pop() as string;
    const at = names.reduce<Record<string, unknown>>(
      (part, name) => part[name] as Record<string, unknown>,
      copy as Record<string, unknown>,
    );
    at[last] = value;
  }
  return copy;
}

type Words = Record<string, 'firing' | 'resolved' | 'passed over'>;
/** Where only one of a pair was recorded: the other is the same but for the words of its state. */
const states: [kind: string, file: string, path: string, words: Words][] = [
  [
    'pagerduty-webhook-v3',
    'zulip.triggered_v3.json',
    'event.data.status',
    { triggered: 'firing', acknowledged: 'firing', resolved: 'resolved' },
  ],
  [
    'pagerduty-webhook-v3',
    'zulip.triggered_v3.json',
    'event.event_type',
    {
      'incident.annotated': 'passed over',
      'pagey.ping': 'passed over',
      'incident.responder.added': 'passed over',
      'service.updated': 'passed over',
      'incident.reopened': 'firing',
    },
  ],
  [
    'sentry',
    'zulip.issue_resolved.json',
    'action',
    {
      created: 'firing',
      unresolved: 'firing',
      resolved: 'resolved',
      ignored: 'resolved',
      archived: 'resolved',
      assigned: 'passed over',
    },
  ],
  [
    'sentry',
    'integration-example.metric_alert.critical.json',
    'action',
    { critical: 'firing', warning: 'firing', resolved: 'resolved' },
  ],
  [
    'opsgenie-webhook',
    'zulip.create.json',
    'action',
    {
      Create: 'firing',
      Acknowledge: 'firing',
      UnAcknowledge: 'firing',
      UpdatePriority: 'firing',
      Close: 'resolved',
      Delete: 'resolved',
      AddNote: 'passed over',
      Snooze: 'passed over',
    },
  ],
  [
    'victorops-rest',
    'captured-alertmanager-0.25.critical.json',
    'message_type',
    { CRITICAL: 'firing', WARNING: 'firing', INFO: 'firing', ACKNOWLEDGEMENT: 'firing', RECOVERY: 'resolved' },
  ],
  [
    'aws-eventbridge-health',
    'tf-notify-slack.aws_health_event.json',
    'detail.statusCode',
    { open: 'firing', upcoming: 'firing', closed: 'resolved' },
  ],
  [
    'azure-monitor',
    'docs.common-schema.metric.resolved.json',
    'data.essentials.monitorCondition',
    { Fired: 'firing', Resolved: 'resolved' },
  ],
  [
    'azure-monitor',
    'alerta-contrib.0.classic_metric_alert.json',
    'status',
    { Activated: 'firing', Deactivated: 'resolved', Resolved: 'resolved' },
  ],
  ['gcp-monitoring', 'documented.open.json', 'incident.state', { open: 'firing', OPEN: 'firing', closed: 'resolved' }],
  [
    'cloudflare',
    'docs.health_check_status_notification.json',
    'alert_event',
    { ALERT_STATE_EVENT_START: 'firing', ALERT_STATE_EVENT_END: 'resolved' },
  ],
  [
    'statuspage',
    'zulip.incident_created.json',
    'incident.status',
    {
      investigating: 'firing',
      identified: 'firing',
      monitoring: 'firing',
      resolved: 'resolved',
      postmortem: 'resolved',
    },
  ],
  [
    'statuspage',
    'zulip.component_status_update.json',
    'component_update.new_status',
    {
      degraded_performance: 'firing',
      partial_outage: 'firing',
      major_outage: 'firing',
      operational: 'resolved',
      under_maintenance: 'passed over',
    },
  ],
  [
    'newrelic',
    'zulip.incident_closed_default_payload.json',
    'state',
    { CREATED: 'firing', ACTIVATED: 'firing', ACKNOWLEDGED: 'firing', CLOSED: 'resolved' },
  ],
  [
    'newrelic',
    'idobata.legacy.server_alert.json',
    'short_description',
    { 'Alert opened on Server_name': 'firing', 'Alert ended on Server_name': 'resolved' },
  ],
  ['axiom', 'keep.mock.json', 'action', { Open: 'firing', Closed: 'resolved' }],
  [
    'checkly',
    'keep.mock.json',
    'alert_type',
    {
      ALERT_FAILURE: 'firing',
      ALERT_FAILURE_REMAIN: 'firing',
      ALERT_FAILURE_DEGRADED: 'firing',
      ALERT_DEGRADED: 'firing',
      ALERT_DEGRADED_FAILURE: 'firing',
      ALERT_RECOVERY: 'resolved',
      ALERT_DEGRADED_RECOVERY: 'resolved',
      NO_ALERT: 'passed over',
    },
  ],
  ['coralogix', 'keep.mock.json', 'alert_action', { trigger: 'firing', resolve: 'resolved' }],
  ['dash0', 'keep.mock.json', 'data.issue.status', { resolved: 'resolved' }],
  ['errbit', 'zulip.error_message.json', 'problem.resolved', { false: 'firing', true: 'resolved' }],
  [
    'honeybadger',
    'zulip.test_error.json',
    'event',
    {
      occurred: 'firing',
      unresolved: 'firing',
      rate_exceeded: 'firing',
      resolved: 'resolved',
      assigned: 'passed over',
      commented: 'passed over',
      deployed: 'passed over',
    },
  ],
  ['honeybadger', 'zulip.uptime.json', 'event', { down: 'firing', up: 'resolved' }],
  ['honeybadger', 'zulip.checkin.json', 'event', { check_in_missing: 'firing', check_in_reporting: 'resolved' }],
  [
    'mackerel',
    'idobata.alert_external_monitor.json',
    'alert.status',
    { critical: 'firing', warning: 'firing', unknown: 'firing', ok: 'resolved' },
  ],
  [
    'pingdom',
    'zulip.imap_up_to_down.json',
    'current_state',
    { DOWN: 'firing', FAILING: 'firing', UNCONFIRMED_DOWN: 'firing', UP: 'resolved', SUCCESS: 'resolved' },
  ],
  [
    'raygun',
    'zulip.error_status_changed.json',
    'error.status',
    { Active: 'firing', Resolved: 'resolved', Ignored: 'resolved', PermanentlyIgnored: 'resolved' },
  ],
  [
    'raygun',
    'zulip.error_status_changed.json',
    'eventType',
    { StatusChanged: 'resolved', CommentAdded: 'passed over', AssignedToUser: 'passed over' },
  ],
  [
    'rollbar',
    'zulip.new_item.json',
    'event_name',
    {
      new_item: 'firing',
      reopened_item: 'firing',
      reactivated_item: 'firing',
      exp_repeat_item: 'firing',
      item_velocity: 'firing',
      resolved_item: 'resolved',
      deploy: 'passed over',
      test: 'passed over',
    },
  ],
  [
    'site24x7',
    'goalert.down.json',
    'STATUS',
    { DOWN: 'firing', TROUBLE: 'firing', CRITICAL: 'firing', UP: 'resolved', MAINTENANCE: 'passed over' },
  ],
  ['uptimerobot', 'zulip.uptimerobot_monitor_down.json', 'alert_type', { '1': 'firing', '2': 'resolved' }],
];

describe('every word a sender has for how it stands', () => {
  test.each(states)('%s: %s, %s', (kind, file, path, words) => {
    const given = body(`${kind}/${file}`);
    const keys = new Set<string>();
    for (const [word, state] of Object.entries(words)) {
      const { alerts, passedOver } = read(kind, with_(given, { [path]: word }));
      expect([word, passedOver ? 'passed over' : alerts[0]?.status]).toEqual([word, state]);
      if (alerts[0]) keys.add(alerts[0].fingerprint);
    }
    expect(keys.size).toBe(1);
  });
});

test('where two words change together', () => {
  const issue = body('dash0/keep.mock.json');
  const failing = with_(issue, { type: 'alert.critical', 'data.issue.status': 'critical' });
  expect(one('dash0', failing)).toMatchObject({
    status: 'firing',
    severity: 'critical',
    fingerprint: one('dash0', issue).fingerprint,
  });
  const [trigger] = body('thousandeyes/keep.mock.json');
  const clear = with_(trigger, { eventType: 'ALERT_NOTIFICATION_CLEAR' });
  expect(one('thousandeyes', [clear])).toMatchObject({
    status: 'resolved',
    fingerprint: one('thousandeyes', trigger).fingerprint,
  });
  const [down] = body('updown/zulip.check_down_one_event.json');
  const keys = ['check.down', 'check.ssl_expiration', 'check.ssl_renewed'].map(
    (event) => one('updown', [with_(down, { event })]).fingerprint,
  );
  expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([false, true]);
});

test('an alarm of CloudWatch is one alert in each of its states', () => {
  const given = body('aws-sns-cloudwatch/cloudwatch-alarm-sns-payload-single-metric.json');
  const message = JSON.parse(given.Records[0].Sns.Message);
  const of = (state: string) =>
    one(
      'aws-sns-cloudwatch',
      with_(given, { 'Records.0.Sns.Message': JSON.stringify({ ...message, NewStateValue: state }) }),
    );
  const [alarm, silent, ok] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'].map(of);
  expect([alarm?.status, silent?.status, ok?.status]).toEqual(['firing', 'firing', 'resolved']);
  expect(new Set([alarm, silent, ok].map((each) => each?.fingerprint)).size).toBe(1);
  expect(silent?.severity).toBe('warning');
  // Raw delivery: the message alone. EventBridge: the same alarm under its ARN.
  expect(one('aws-sns-cloudwatch', message).fingerprint).toBe(alarm?.fingerprint);
  const bridged = {
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [message.AlarmArn],
    detail: { alarmName: 'EXAMPLE', state: { value: 'OK' } },
  };
  expect(one('aws-eventbridge-health', bridged)).toMatchObject({ status: 'resolved', fingerprint: alarm?.fingerprint });
});

test('a job that AWS tells of ends with its next success', () => {
  const given = body('aws-sns-cloudwatch/tf-notify-slack.lambda-records.glue_notification.json');
  const failed = JSON.parse(given.Records[0].Sns.Message);
  const of = (state: string) => read('aws-eventbridge-health', with_(failed, { 'detail.state': state }));
  expect(of('TIMEOUT').alerts[0]?.status).toBe('firing');
  expect(of('SUCCEEDED').alerts[0]).toMatchObject({
    status: 'resolved',
    fingerprint: of('FAILED').alerts[0]?.fingerprint,
  });
  expect(of('RUNNING').passedOver?.why).toContain('RUNNING');
});

test("Datadog's usual payload is told apart by the marks in its title alone", () => {
  const given = with_(body('datadog/relay.default-payload.service_check.json'), {
    body: '%%%\ndisk\n[[Monitor Status](https://app.datadoghq.com/monitors/18692904)]\n%%%',
  });
  const of = (mark: string, event: string) =>
    one('datadog', with_(given, { title: `${mark} Disk full on host:db1`, id: event }));
  const all = [
    of('[P2] [Triggered]', '1'),
    of('[Warn]', '2'),
    of('[Re-Triggered]', '3'),
    of('[No data]', '4'),
    of('[P2] [Recovered]', '5'),
  ];
  expect(all.map(({ status }) => status)).toEqual(['firing', 'firing', 'firing', 'firing', 'resolved']);
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  expect(all.map(({ severity }) => severity)).toEqual(['p2', 'warning', null, null, 'p2']);
  expect(all[0]).toMatchObject({
    name: 'Disk full on host:db1',
    links: [{ href: 'https://app.datadoghq.com/monitors/18692904' }],
  });
});

test("Datadog's variables are known under whatever spelling", () => {
  const payload = {
    alert_cycle_key: 'c1',
    'Alert Transition': 'Recovered',
    alertPriority: 'P1',
    title: '[Recovered] push fails',
    tags: 'env:prod,service:registry',
    LINK: 'https://app.datadoghq.com/event/1',
  };
  expect(one('datadog', payload)).toMatchObject({
    fingerprint: 'c1',
    status: 'resolved',
    severity: 'p1',
    service: 'registry',
    labels: { env: 'prod' },
  });
});

test('an end that says less than its beginning is still its end', () => {
  const began = body('honeybadger/zulip.test_error.json');
  const { id, klass } = began.fault;
  const ended = {
    event: 'resolved',
    message: '[Zulip Integration/production] TestingException resolved by Ada',
    fault: { id, klass },
  };
  const [first, last] = [one('honeybadger', began), one('honeybadger', ended)];
  expect([last.status, last.fingerprint, last.service]).toEqual(['resolved', first.fingerprint, first.service]);
  // Some of Opsgenie's actions bring the id alone: no name, so no alert.
  expect(read('opsgenie-webhook', { action: 'Acknowledge', alert: { alertId: 'a1' } }).passedOver?.why).toContain(
    'Acknowledge',
  );
});

test("Datadog's mark may name the scope; two hosts of one monitor are two alerts", () => {
  const of = (title: string) => one('datadog', { title, body: 'x', id: title });
  const [db1, db2, over] = [
    '[Triggered on {host:db1}] Disk full',
    '[Warn on {host:db2}] Disk full',
    '[Recovered on {host:db1}] Disk full',
  ].map(of);
  expect(over).toMatchObject({ status: 'resolved', name: 'Disk full', fingerprint: db1?.fingerprint });
  expect(db2?.fingerprint).not.toBe(db1?.fingerprint);
});

test('what AWS writes beside alarms', () => {
  const sns = (message: object, subject = 'Notification') =>
    read('aws-sns-cloudwatch', {
      Type: 'Notification',
      MessageId: 'm',
      TopicArn: 'arn:t',
      Subject: subject,
      Message: JSON.stringify(message),
    });
  const task = {
    'Event Source': 'replication-task',
    SourceId: 'hello',
    'Event Message': 'Replication task has stopped.',
    'Identifier Link': 'https://console.aws.amazon.com/dms',
  };
  expect(sns(task).alerts[0]).toMatchObject({
    summary: 'Replication task has stopped.',
    service: 'hello',
    links: [{ href: 'https://console.aws.amazon.com/dms' }],
  });
  expect(sns({ ...task, SourceId: 'other' }).alerts[0]?.fingerprint).not.toBe(sns(task).alerts[0]?.fingerprint);
  const scan = (scanResultStatus: string) =>
    sns({
      'detail-type': 'GuardDuty Malware Protection Object Scan Result',
      detail: {
        s3ObjectDetails: { bucketName: 'b', objectKey: 'k' },
        scanResultDetails: { scanResultStatus, threats: [{ name: 'EICAR' }] },
      },
    });
  expect(scan('THREATS_FOUND').alerts[0]).toMatchObject({ severity: 'critical', summary: 'Malware found in b: EICAR' });
  expect(scan('NO_THREATS_FOUND').passedOver?.why).toContain('no threats');
  const alarm = { AlarmName: 'push fails', Priority: 'P2', Application: 'registry' };
  expect(one('aws-sns-cloudwatch', { Message: alarm })).toMatchObject({ severity: 'p2', service: 'registry' });
});

test('a note and a deployment are told to the incidents they are about', () => {
  const note = body('opsgenie-webhook/zulip.addnote.json');
  expect(read('opsgenie-webhook', note).passedOver?.tells).toEqual({
    text: 'Note in Opsgenie by person@example.org: note to test alert',
    of: { fingerprint: note.alert.alertId },
  });
  const annotated = {
    id: 'e',
    event_type: 'incident.annotated',
    agent: { summary: 'Ada' },
    data: { id: 'N1', type: 'incident_note', content: 'looking', incident: { id: 'P1' } },
  };
  expect(read('pagerduty-webhook-v3', { event: annotated }).passedOver?.tells).toEqual({
    text: 'Note in PagerDuty by Ada: looking',
    of: { fingerprint: 'P1' },
  });
  expect(read('newrelic', body('newrelic/idobata.legacy.deployment.json')).passedOver?.tells).toMatchObject({
    of: { service: 'Application name' },
  });
});

test("New Relic's channels of old put the JSON into a form", () => {
  const old = body('newrelic/idobata.legacy.server_alert.json');
  expect(one('newrelic', { alert: JSON.stringify(old) })).toEqual(one('newrelic', old));
  const deployed = body('newrelic/idobata.legacy.deployment.json');
  expect(read('newrelic', { deployment: JSON.stringify(deployed) }).passedOver?.why).toContain('deployment');
});

test('scales that others have otherwise are read as their own words mean them', () => {
  const azure = body('azure-monitor/docs.common-schema.metric.resolved.json');
  const words = [0, 1, 2, 3, 4].map((n) =>
    one('azure-monitor', with_(azure, { 'data.essentials.severity': `Sev${n}` })),
  );
  expect(words.map(({ severity }) => severity)).toEqual(['critical', 'error', 'warning', 'informational', 'debug']);
  expect(words[0]?.labels.severity).toBe('Sev0');
  const rollbar = body('rollbar/zulip.new_item.json');
  expect([10, 30, 50].map((level) => one('rollbar', with_(rollbar, { 'data.item.level': level })).severity)).toEqual([
    'debug',
    'warning',
    'critical',
  ]);
  const duty = body('pagerduty-webhook-v3/incident.priority_updated.SIGNED.json');
  expect(one('pagerduty-webhook-v3', with_(duty, { 'event.data.priority.summary': 'Very Bad' })).severity).toBe('high');
  const finding = body('aws-eventbridge-health/tf-notify-slack.guardduty_finding_high.json');
  expect(
    [2, 5, 7.5, 9].map((score) => one('aws-eventbridge-health', with_(finding, { 'detail.severity': score })).severity),
  ).toEqual(['low', 'medium', 'high', 'critical']);
});

test('a tripped canary and a stolen credential are a suspected compromise; what was typed there is not kept', () => {
  const canary = body('thinkst-canary/zulip.canary_http_login.json');
  const alert = one(
    'thinkst-canary',
    with_(canary, {
      AdditionalDetails: [
        ['Username', 'root'],
        ['Password', 'hunter2-hunter2'],
      ],
    }),
  );
  expect(alert.labels.compromise).toBe('true');
  expect(alert.annotations).toEqual({ Username: 'root' });
  const finding = body('aws-eventbridge-health/tf-notify-slack.guardduty_finding_high.json');
  const type = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS';
  expect(one('aws-eventbridge-health', with_(finding, { 'detail.type': type })).labels.compromise).toBe('true');
  expect(one('aws-eventbridge-health', finding).labels.compromise).toBeUndefined();
});

const files: [string, string][] = [
  ...new Map(states.map(([kind, file]) => [`${kind}/${file}`, [kind, `${kind}/${file}`] as [string, string]])).values(),
];
const odd = [undefined, null, '', 0, -1e300, true, [], {}, [[]], 'x\ud800', { a: { b: [null] } }];

test.each(files)('%s: no single part of %s can be so odd that it is not read', (kind, path) => {
  const given = body(path);
  const places: string[] = [];
  const walk = (value: unknown, at: string[]): void => {
    if (at.length > 0) places.push(at.join('.'));
    if (typeof value === 'object' && value !== null && at.length < 6)
      for (const [name, each] of Object.entries(value)) walk(each, [...at, name]);
  };
  walk(given, []);
  for (const place of places.slice(0, 150).filter((each) => !each.split('.').some((name) => name === '')))
    for (const value of odd) {
      const { alerts, passedOver } = read(kind, with_(given, { [place]: value }));
      expect(alerts.length > 0 || passedOver !== undefined).toBe(true);
    }
});
