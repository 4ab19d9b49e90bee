import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretKey, signedHeaders, webhookId } from './webhook.js';
import { webhookShape } from './webhook-shape.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('the signature of a call', () => {
  it('is the one that Standard Webhooks publishes for its example', () => {
    const headers = signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', [secret]);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('has an id that is the same for the same job, another for another, and without a dot', () => {
    const id = webhookId('notify/1/status.page/7', 1_000);
    expect(webhookId('notify/1/status.page/7', 1_000)).toBe(id);
    expect(webhookId('notify/1/status.page/8', 1_000)).not.toBe(id);
    // A restored ledger writes its next event under the number of one that was lost.
    expect(webhookId('notify/1/status.page/7', 2_000)).not.toBe(id);
    expect(id).toMatch(/^msg_[\w-]{32}$/);
  });
});

describe('a secret', () => {
  it.each([
    '',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_',
    'whsec_short',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw trailing',
  ])('is none when it is %j', (value) => {
    expect(secretKey(value)).toBeNull();
  });

  it('is 24 to 64 bytes in base64, padded or not', () => {
    expect(secretKey(secret)).toHaveLength(24);
    const long = Buffer.alloc(64, 7);
    expect(secretKey(`whsec_${long.toString('base64')}`)).toEqual(long);
    expect(secretKey(`whsec_${long.toString('base64').replace(/=+$/, '')}`)).toEqual(long);
  });
});

/** Whoever checks calls by the schema must not trip over what comes later. */
const mayGrow = (key: string, value: unknown) => (key === 'additionalProperties' ? undefined : value);

describe('the shipped schema of a call', () => {
  it('is what calls are made by', () => {
    const schema = `${JSON.stringify(z.toJSONSchema(webhookShape), mayGrow, 2)}\n`;
    if (process.env.MUSTER_WRITE_SCHEMA) writeFileSync('docs/webhook.schema.json', schema);
    const shipped = JSON.parse(readFileSync('docs/webhook.schema.json', 'utf8'));
    expect(shipped, 'MUSTER_WRITE_SCHEMA=1 writes it again').toEqual(JSON.parse(schema));
  });
});
