import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pasted } from '../secrets/testing.js';
import { channelName } from './names.js';

describe('the name of an incident’s channel', () => {
  it.each([
    [42, 'Registry: pushes fail', 'inc-42-registry-pushes-fail'],
    [7, 'Größe überschritten – Øre', 'inc-7-grosse-uberschritten-ore'],
    [7, 'Don’t <!channel> @here', 'inc-7-dont-channel-here'],
    [7, '障害', 'inc-7'],
    [7, '  --- ', 'inc-7'],
    [7, '', 'inc-7'],
    [
      42,
      'one two three four five six seven eight nine ten eleven twelve thirteen',
      'inc-42-one-two-three-four-five-six-seven-eight-nine-ten-eleven',
    ],
    [42, 'x'.repeat(100_000), `inc-42-${'x'.repeat(57)}`],
  ])('of %d, %s is %s', (number, title, expected) => {
    expect(channelName(number, title, false)).toBe(expected);
  });

  it('says nothing of a secret in a title', () => {
    const { 'GitHub token': token } = pasted();
    expect(channelName(42, `Who used ${token}?`, false)).toBe('inc-42-who-used-github-token-hidden');
  });

  it('says nothing of a private incident but its number', () => {
    expect(channelName(42, 'Credentials of Ada leaked', true)).toBe('inc-42');
  });

  it('is one every platform takes, for any title', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: 'binary', maxLength: 200 }), (number, title) => {
        const name = channelName(number, title, false);
        expect(name).toMatch(/^inc-\d+(-[a-z0-9]+)*$/);
        expect(name.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
