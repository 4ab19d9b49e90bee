import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenDoors, openDoors } from './door.js';

// Public: PagerDuty's own client is tested with it.
const secret = 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK';
const json = { 'content-type': 'application/json' };
const fixture = (path: string) => readFileSync(new URL(`../../fixtures/sources/${path}`, import.meta.url), 'utf8');

let doors: OpenDoors;
beforeAll(async () => {
  doors = await openDoors(secret);
});
afterAll(() => doors.app.close());
beforeEach(() => {
  doors.taken.length = 0;
});

const send = (path: string, body: string, headers: Record<string, string> = {}, method = 'POST') =>
  fetch(doors.url + path, { method, headers: { ...json, ...headers }, ...(method === 'POST' && { body }) });
const hex = (body: string, key = secret) => createHmac('sha256', key).update(body).digest('hex');

test("PagerDuty's own example of a signature is right, alone and beside one of another secret; a wrong or no one is not", async () => {
  const body = fixture('pagerduty-webhook-v3/incident.priority_updated.SIGNED.json').replace(/\n$/, '');
  const [, right = ''] =
    /Signature: (v1=\w+)/.exec(fixture('pagerduty-webhook-v3/incident.priority_updated.SIGNED.headers')) ?? [];
  const wrong = `v1=${hex(body, 'another')}`;
  const statusOf = async (signature?: string, of = body) =>
    (
      await send(
        '/alerts/pagerduty-webhook-v3',
        of,
        signature === undefined ? {} : { 'x-pagerduty-signature': signature },
      )
    ).status;
  expect(await statusOf(right)).toBe(202);
  expect(await statusOf(`${wrong},${right}`)).toBe(202);
  expect(await statusOf(wrong)).toBe(401);
  expect(await statusOf(right, body.replace('bump', 'hump'))).toBe(401);
  expect(await statusOf()).toBe(401);
  expect(doors.taken).toHaveLength(2);
});

test('a retry of one PagerDuty event is one delivery, the next event of the same subscription another', async () => {
  const of = (id: string, type: string) =>
    JSON.stringify({
      event: { id, event_type: type, data: { id: 'P1', type: 'incident', status: type.slice(9), title: 'x' } },
    });
  const post = (body: string) =>
    send('/alerts/pagerduty-webhook-v3', body, { 'x-pagerduty-signature': `v1=${hex(body)}`, 'x-webhook-id': 'w1' });
  for (const body of [of('e1', 'incident.triggered'), of('e1', 'incident.triggered'), of('e2', 'incident.resolved')])
    await post(body);
  const [first, again, next] = doors.taken;
  expect(first?.deliveryId).toBe(again?.deliveryId);
  expect(first?.deliveryId).not.toBe(next?.deliveryId);
  expect([first, next].map((each) => each?.alerts[0]?.status)).toEqual(['firing', 'resolved']);
  expect(first?.alerts[0]?.fingerprint).toBe(next?.alerts[0]?.fingerprint);
});

test('Sentry signs with the client secret; its plugin of old brings the token in the address', async () => {
  const body = fixture('sentry/zulip.issue_resolved.json');
  const plugin = fixture('sentry/zulip.sample_event_through_plugin.json');
  const signed = (signature: string) =>
    send('/alerts/sentry', body, { 'sentry-hook-signature': signature, 'request-id': 'a1' });
  expect((await signed(hex(body))).status).toBe(202);
  expect((await signed(hex(`${body} `))).status).toBe(401);
  expect((await send('/alerts/sentry', body)).status).toBe(401);
  expect((await send(`/alerts/sentry?token=${encodeURIComponent(secret)}`, plugin)).status).toBe(202);
  expect(doors.taken.map(({ deliveryId }) => deliveryId)).toEqual(['a1', null]);
});

test('a sender of CloudEvents that asks first is told it may, when it has the token', async () => {
  const origin = { 'webhook-request-origin': 'eventemitter.example.com', 'webhook-request-rate': '120' };
  const path = `/alerts/cloudevents?access_token=${encodeURIComponent(secret)}`;
  const may = await send(path, '', origin, 'OPTIONS');
  expect(may.status).toBe(200);
  expect(may.headers.get('webhook-allowed-origin')).toBe('eventemitter.example.com');
  expect(may.headers.get('webhook-allowed-rate')).toBe('120');
  expect((await send('/alerts/cloudevents', '', origin, 'OPTIONS')).status).toBe(401);
});

test('CloudEvents are read structured, in batches, and binary, with and without a body', async () => {
  const event = {
    specversion: '1.0',
    id: 'e1',
    source: 'https://acme.example/disks',
    type: 'com.acme.disk.full',
    subject: 'db1',
    data: { severity: 'High' },
  };
  const authorization = `Bearer ${secret}`;
  const post = (body: string | undefined, headers: Record<string, string>) =>
    fetch(`${doors.url}/alerts/cloudevents`, {
      method: 'POST',
      headers: { authorization, ...headers },
      ...(body !== undefined && { body }),
    });
  const ce = {
    'ce-specversion': '1.0',
    'ce-id': 'e2',
    'ce-source': event.source,
    'ce-type': 'com.acme.disk.ok',
    'ce-subject': 'db1',
  };
  const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  const batch = { 'content-type': 'application/cloudevents-batch+json' };
  const answers = [
    await post(JSON.stringify(event), structured),
    await post(JSON.stringify([event, { ...event, id: 'e3', subject: 'db2' }]), batch),
    await post('{"severity":"low"}', { ...ce, 'content-type': 'application/json' }),
    await post('the disk has room again', { ...ce, 'content-type': 'text/plain' }),
    await post(undefined, ce),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  const read = doors.taken.map(({ alerts }) => alerts.map(({ status, severity }) => [status, severity]));
  expect(read).toEqual([
    [['firing', 'high']],
    [
      ['firing', 'high'],
      ['firing', 'high'],
    ],
    [['resolved', 'low']],
    [['resolved', null]],
    [['resolved', null]],
  ]);
  const keys = doors.taken.map(({ alerts }) => alerts[0]?.fingerprint);
  expect(new Set(keys).size).toBe(1);
  expect(doors.taken[3]?.alerts[0]?.summary).toBe('the disk has room again');
});

test('what SNS sends as text is read, and its message id names the delivery', async () => {
  const message = JSON.stringify({
    AlarmName: 'push fails',
    NewStateValue: 'ALARM',
    AlarmArn: 'arn:aws:cloudwatch:eu-central-1:1:alarm:push',
  });
  const body = JSON.stringify({
    Type: 'Notification',
    MessageId: 'm1',
    TopicArn: 'arn:aws:sns:eu-central-1:1:t',
    Message: message,
  });
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-id': 'm1' };
  expect((await send('/alerts/aws-sns-cloudwatch', body, headers)).status).toBe(401);
  expect((await send(`/alerts/aws-sns-cloudwatch?token=${encodeURIComponent(secret)}`, body, headers)).status).toBe(
    202,
  );
  expect(doors.taken).toMatchObject([{ deliveryId: 'm1', alerts: [{ name: 'push fails', status: 'firing' }] }]);
});

test('VictorOps senders put the token and the routing key into the path', async () => {
  const body = fixture('victorops-rest/captured-alertmanager-0.25.critical.json');
  const path = (key: string) => `/alerts/victorops-rest/${encodeURIComponent(key)}/db`;
  const answer = await send(path(secret), body);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { result: 'success', entity_id: expect.stringMatching(/^131dcb05/) },
  ]);
  expect(doors.taken[0]?.alerts[0]).toMatchObject({
    severity: 'critical',
    service: 'postgres',
    labels: { routing_key: 'db' },
  });
  expect((await send(path('wrong'), body)).status).toBe(401);
  // Only where the sender does so.
  expect((await send(path(secret).replace('victorops-rest', 'sentry'), body)).status).toBe(401);
});

test('each sender brings the token and the body in its own way', async () => {
  const token = encodeURIComponent(secret);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const monitor = 'monitorID=1&monitorURL=https://registry.example.com&monitorFriendlyName=Registry&alertType=1';
  const search = fixture('papertrail/zulip.short_post.json');
  const down = fixture('site24x7/goalert.down.json');
  const requests: [path: string, method: string, body: string, headers?: Record<string, string>][] = [
    [`/alerts/uptimerobot?token=${token}&${monitor}`, 'GET', ''],
    [`/alerts/uptimerobot?token=${token}`, 'POST', monitor, form],
    [`/alerts/papertrail?token=${token}`, 'POST', `payload=${encodeURIComponent(search)}`, form],
    [
      '/alerts/site24x7',
      'POST',
      new URLSearchParams(JSON.parse(down)).toString(),
      { ...form, authorization: `Bearer ${secret}` },
    ],
    [
      '/alerts/cloudflare',
      'POST',
      fixture('cloudflare/docs.health_check_status_notification.json'),
      { 'cf-webhook-auth': secret },
    ],
    [`/alerts/gcp-monitoring?auth_token=${token}`, 'POST', fixture('gcp-monitoring/documented.open.json')],
    [
      '/alerts/aws-eventbridge-health',
      'POST',
      fixture('aws-eventbridge-health/tf-notify-slack.aws_health_event.json'),
      { 'x-api-key': secret },
    ],
  ];
  for (const [path, method, body, headers] of requests) {
    expect([path, (await send(path, body, headers, method)).status]).toEqual([path, 202]);
    expect(doors.taken.at(-1)?.alerts[0]?.status).toBe('firing');
    const without = path.replace(/\?(?:auth_)?token=[^&]*&?/, '?');
    const nobody = Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name === 'content-type'));
    expect([without, (await send(without, body, nobody, method)).status]).toEqual([without, 401]);
  }
});
