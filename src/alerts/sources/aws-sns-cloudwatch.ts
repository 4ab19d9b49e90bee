import { z } from 'zod';
import type { Alert } from '../alert.js';
import { jsonIn, part, record, text } from '../shapes.js';
import {
  type AboutProof,
  type AboutReading,
  type Answer,
  defineSource,
  type PassedOver,
  type Received,
} from '../source.js';
import { fromAws } from './aws-events.js';
import { snsAddress, snsSigned } from './sns-signature.js';

const envelope = z.object({
  Type: text,
  Message: text,
  MessageId: text,
  Subject: text,
  SubscribeURL: text,
  Timestamp: text,
  Token: text,
  TopicArn: text,
  Signature: text,
  SignatureVersion: text,
  SigningCertURL: text,
  MessageAttributes: record,
});
type Envelope = z.infer<typeof envelope>;
const http = envelope.extend({ Type: z.string(), TopicArn: z.string() });
const records = z.object({ Records: z.array(z.object({ Sns: part(envelope.shape) })).min(1) });
const payload = z.union([
  http,
  records,
  // Raw delivery, or somebody's function that unpacks: only the message.
  z.looseObject({ AlarmName: z.string() }),
  z.object({ Message: z.union([z.string(), z.looseObject({ AlarmName: z.string() })]) }),
  z.looseObject({ 'detail-type': z.string() }),
  z.string().min(1),
]);

/** Amazon SNS: CloudWatch alarms, and whatever else a topic brings. */
export const awsSnsCloudwatch = defineSource({
  kind: 'aws-sns-cloudwatch',
  sender: 'Amazon SNS, CloudWatch',
  authentication: 'token in the address (Basic or ?token=); where signed, the X.509 signature must fit',
  episode: 'backups are; of an alarm no OK is at hand that also fired: it differs in NewStateValue',
  takes: { bodies: ['any'] },
  authentic: ({ body }, about) => {
    const signed = http.safeParse(body);
    return signed.success ? snsSigned(signed.data, about) : 'absent';
  },
  delivery: ({ headers }) => headers['x-amz-sns-message-id'] ?? null,
  greeting,
  payload,
  alerts(body, about) {
    const several = records.safeParse(body);
    const each = several.success ? several.data.Records.flatMap(({ Sns }) => Sns ?? []) : [body];
    const read = each.map((one) => fromMessage(one, about));
    const alerts = read.filter((one): one is Alert => 'fingerprint' in one);
    const [passed] = read.filter((one): one is PassedOver => 'why' in one);
    return alerts.length > 0 || !passed ? alerts : passed;
  },
});

const isEnvelope = (body: object): body is Envelope => 'MessageId' in body && 'Message' in body && 'TopicArn' in body;

function fromMessage(given: Envelope | object | string, about: AboutReading): Alert | PassedOver {
  if (typeof given === 'string') return fromAws(jsonIn(given) ?? given, about);
  if (!isEnvelope(given)) {
    const inner = 'Message' in given ? (jsonIn(given.Message) ?? text.parse(given.Message)) : null;
    return fromAws(inner ?? given, about);
  }
  const { Type, Message, Subject, TopicArn, Timestamp, MessageAttributes } = given;
  if (Type === 'SubscriptionConfirmation' || Type === 'UnsubscribeConfirmation')
    return { name: `SNS ${Type}`, why: `${TopicArn} was ${Type === 'SubscriptionConfirmation' ? '' : 'un'}subscribed` };
  const attributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, said]) => [name, record.parse(said).Value]),
  );
  return fromAws(jsonIn(Message) ?? Message ?? '', about, {
    subject: Subject,
    topic: TopicArn,
    sentAt: Timestamp,
    attributes,
  });
}

/** A subscription begins only once its address has been asked for; SNS asks again when we could not. */
async function greeting({ body }: Received, { fetchText }: AboutProof): Promise<Answer | null> {
  const read = http.safeParse(body);
  if (!read.success || read.data.Type !== 'SubscriptionConfirmation') return null;
  const url = snsAddress(read.data.SubscribeURL);
  if (url?.searchParams.get('Action') !== 'ConfirmSubscription')
    return { status: 400, body: { error: 'SubscribeURL is no address of SNS.', hint: 'Nothing was asked for.' } };
  try {
    await fetchText(url.href);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = `Open the SubscribeURL yourself if Muster has no way out to AWS: ${why}`;
    return { status: 503, body: { error: 'The subscription could not be confirmed.', hint } };
  }
  return { status: 200, body: { confirmed: read.data.TopicArn } };
}
