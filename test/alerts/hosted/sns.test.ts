import { createSign } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Door, Received } from '../../../src/alerts/source.js';
import { sourceOf } from '../../../src/alerts/sources.js';
import { noon } from '../world.js';
import { selfMade } from './certificate.js';

const door = sourceOf('aws-sns-cloudwatch') as Door;
const day = 86_400_000;
const sns = selfMade(noon - day, noon + day);
const certificate = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem';
const subscribe = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=t';

type Envelope = Record<string, string>;
const notification: Envelope = {
  Type: 'Notification',
  MessageId: 'm1',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  Subject: 'ALARM: "push fails"',
  Message: '{"AlarmName":"push fails","NewStateValue":"ALARM"}',
  Timestamp: '2026-11-21T12:00:00.000Z',
  SigningCertURL: certificate,
};
const { Subject: _, ...unnamed } = notification;
const confirmation: Envelope = { ...unnamed, Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: subscribe };

/** As AWS documents it: names and values, each on a line, in the order of the names. */
function signed(envelope: Envelope, version = '2', key = sns.key): Envelope {
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names
    .flatMap((name) => (name in envelope ? [name, envelope[name], ''] : []))
    .join('\n')
    .replaceAll('\n\n', '\n');
  const signer = createSign(version === '1' ? 'sha1' : 'sha256').update(text);
  return { ...envelope, SignatureVersion: version, Signature: signer.sign(key, 'base64') };
}

const asked: string[] = [];
const web = (answers: Record<string, string>) => ({
  secrets: [],
  now: noon,
  fetchText: async (url: string): Promise<string> => {
    asked.push(url);
    const text = answers[url];
    if (text === undefined) throw new Error('there is no way to it');
    return text;
  },
});
const aws = web({ [certificate]: sns.pem, [subscribe]: '<ConfirmSubscriptionResponse/>' });
const received = (body: object): Received => ({
  method: 'POST',
  headers: {},
  query: {},
  raw: Buffer.from(JSON.stringify(body)),
  body,
});
const says = (body: object, about = aws) => door.authentic?.(received(body), about);

test('a signature of SNS proves no more than none does: the token has to be there', async () => {
  for (const envelope of [notification, unnamed, confirmation])
    for (const version of ['1', '2']) expect(await says(signed(envelope, version))).toBe('absent');
  expect(await says(notification)).toBe('absent');
});

test('what is signed and does not fit is refused', async () => {
  const right = signed(notification);
  expect(await says({ ...right, Message: '{}' })).toBe('wrong');
  expect(await says({ ...right, Subject: 'OK' })).toBe('wrong');
  expect(await says({ ...right, SignatureVersion: '1' })).toBe('wrong');
  expect(await says({ ...right, SignatureVersion: '3' })).toBe('wrong');
  expect(await says({ ...right, Signature: '' })).toBe('wrong');
  expect(await says(signed(notification, '2', selfMade(noon - day, noon + day).key))).toBe('wrong');
  expect(await says(right, web({ [certificate]: 'no certificate' }))).toBe('wrong');
  expect(await says(right, { ...aws, now: noon + 2 * day })).toBe('wrong');
});

test('without a way out to AWS the token alone decides', async () => {
  expect(await says(signed(notification), web({}))).toBe('absent');
});

const elsewhere = [
  'https://sns.eu-central-1.amazonaws.com.evil.example/x.pem',
  'https://evil.example/sns.eu-central-1.amazonaws.com/x.pem',
  'https://sns.eu-central-1.amazonaws.com@evil.example/x.pem',
  'https://user:pass@sns.eu-central-1.amazonaws.com/x.pem',
  'https://sns.eu-central-1.amazonaws.com:8443/x.pem',
  'http://sns.eu-central-1.amazonaws.com/x.pem',
  'https://bucket.s3.amazonaws.com/x.pem',
  'https://sns.eu.central.amazonaws.com/x.pem',
  'https://evilsns.eu-central-1.amazonaws.com/x.pem',
  'https://sns.eu-central-1.amazonaws.com\\@evil.example/x.pem',
  'https://sns.eu-central-1.amazonaws.cоm/x.pem',
  'file:///etc/passwd.pem',
  'https://169.254.169.254/x.pem',
  'nonsense',
];

test.each(elsewhere)('no certificate is fetched from %s', async (url) => {
  asked.length = 0;
  const about = web(Object.fromEntries(elsewhere.map((each) => [each, sns.pem])));
  expect(await says(signed({ ...notification, SigningCertURL: url }), about)).toBe('wrong');
  expect(asked).toEqual([]);
});

test.each([...elsewhere.map((url) => url.replace('.pem', '?Action=ConfirmSubscription')), certificate])(
  'no subscription is confirmed at %s',
  async (url) => {
    asked.length = 0;
    const answer = await door.greeting?.(received({ ...confirmation, SubscribeURL: url }), aws);
    expect(answer).toMatchObject({ status: 400 });
    expect(asked).toEqual([]);
  },
);

test('a subscription is confirmed at SNS, in China too; when that fails SNS is to ask again', async () => {
  asked.length = 0;
  expect(await door.greeting?.(received(signed(confirmation)), aws)).toMatchObject({ status: 200 });
  expect(asked).toEqual([subscribe]);
  const china = subscribe.replace('eu-central-1.amazonaws.com', 'cn-north-1.amazonaws.com.cn');
  expect(await door.greeting?.(received({ ...confirmation, SubscribeURL: china }), web({ [china]: '' }))).toMatchObject(
    { status: 200 },
  );
  expect(await door.greeting?.(received(confirmation), web({}))).toMatchObject({ status: 503 });
  expect(await door.greeting?.(received(notification), aws)).toBeNull();
});
