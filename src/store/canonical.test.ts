import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from './canonical.js';
import { bodyDigest, eventHash } from './chain.js';
import { note, storable, toJson } from './storable.js';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
};

test('the same value is the same text, in whatever order its keys were written', () => {
  expect(canonical({ b: 1, a: { d: [2, { z: 1, y: 2 }], c: null }, u: undefined })).toBe(
    '{"a":{"c":null,"d":[2,{"y":2,"z":1}]},"b":1}',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonical(shuffled(value))).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused rather than stored as null', (number) => {
  expect(() => canonical({ at: number })).toThrow('not a number JSON can hold');
});

test('what both databases store alike passes unchanged, anything else is refused', () => {
  const any = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(any, (text) => {
      const fine = !text.includes('\0') && Buffer.from(text, 'utf8').toString('utf8') === text;
      if (fine) expect([storable(text), JSON.parse(toJson({ [text]: text }))]).toEqual([text, { [text]: text }]);
      else {
        expect(() => storable(text)).toThrow('cannot be stored');
        expect(() => toJson([text])).toThrow('cannot be stored');
        expect(() => toJson({ [text]: 1 })).toThrow('cannot be stored');
        expect(storable(note(text))).toBe(note(text));
      }
    }),
  );
});

test('text that only looks like an escape of something unstorable passes', () => {
  for (const text of ['\\u0000', '\\\\u0000', '\\ud800', '"\\u0000"']) expect(JSON.parse(toJson(text))).toBe(text);
  expect(() => toJson('\\\u0000')).toThrow('NUL');
});

// Written down, because every chain there is would break if these ever came out otherwise.
test('digests and hashes are those of the first release', () => {
  const digest = bodyDigest('00112233445566778899aabbccddeeff', '{"text":"one"}');
  expect(digest).toBe('ed9c0391fdadf8f1a3de6732b6bfb996e44612ef76b9d53590ce1bac8d3e7bfa');
  const event = {
    seq: 2,
    type: 'noted',
    at: 1,
    recorded_at: 2,
    actor: '{"kind":"machine","name":"x"}',
    body_digest: digest,
  };
  expect(eventHash('ab', event)).toBe('9b9f3f3288847b053d0e713015d3cdbc2b8a9b62c34763b855e05848c578a75b');
});
