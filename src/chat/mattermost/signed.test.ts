import { describe, expect, test } from 'vitest';
import { signed, signingKey, verified } from './signed.js';

const key = signingKey('a token');

describe('what is signed for a button', () => {
  test('comes back as it was', () => {
    const payload = { command: '/incident ack "ü" <b>', dialog: { label: 'Why', required: true } };
    expect(verified(key, signed(key, payload))).toEqual(payload);
    expect(verified(key, JSON.parse(JSON.stringify({ ...signed(key, payload), more: 1 })))).toEqual(payload);
  });

  test('is nobody else’s', () => {
    const one = signed(key, { command: '/incident ack' });
    const other = signed(key, { command: '/incident close' });
    const forged = [
      { p: other.p, s: one.s },
      { p: one.p, s: one.s.slice(1) },
      { p: one.p, s: '' },
      { p: one.p },
      { s: one.s },
      { p: [one.p], s: one.s },
      signed(signingKey('another token'), { command: '/incident ack' }),
      {},
      null,
      undefined,
      'p',
    ];
    for (const given of forged) expect(verified(key, given)).toBeNull();
  });
});
