import { describe, expect, it } from 'vitest';
import { isLike, type Matched, matches, matchingWords } from './matching.js';
import { gravestOf } from './taken.js';

const alert: Matched = {
  service: 'registry',
  name: 'DiskFull',
  source: 'grafana',
  host: 'db-1',
  labels: { job: 'backup', env: 'prod' },
};

describe('what an alert is matched by', () => {
  it('must hold altogether, and of each list one', () => {
    expect(matches({ services: ['ci', 'registry'], names: ['Disk*'] }, alert)).toBe(true);
    expect(matches({ services: ['registry'], names: ['CPU*'] }, alert)).toBe(false);
    expect(matches({ sources: ['grafana'], hosts: ['DB-*'] }, alert)).toBe(true);
    expect(matches({ labels: { job: 'backup', env: 'p*' } }, alert)).toBe(true);
    expect(matches({ labels: { job: 'backup', env: 'test' } }, alert)).toBe(false);
    expect(matches({ labels: { missing: '*' } }, alert)).toBe(false);
    expect(matches({ labels: { toString: '*' } }, alert)).toBe(false);
    expect(matches({ services: ['*'] }, { ...alert, service: null })).toBe(false);
  });

  it('is nothing when nothing is said, and everything only when that is', () => {
    expect(matches({}, alert)).toBe(false);
    expect(matches({ everything: true }, alert)).toBe(true);
    expect(matchingWords({})).toBe('nothing');
  });

  it('reads * as anything and takes no time over it', () => {
    for (const [pattern, text, wanted] of [
      ['*', '', true],
      ['a*c', 'abbbc', true],
      ['a*c', 'abbbcd', false],
      ['*b*d', 'abcd', true],
      ['a**', 'a', true],
      ['', 'a', false],
      ['a.c', 'abc', false],
      ['*ab', 'aab', true],
      ['ab', 'abc', false],
    ] as const)
      expect(isLike(pattern, text), `${pattern} ${text}`).toBe(wanted);
    const begun = performance.now();
    expect(isLike(`${'*a'.repeat(100)}b`, 'a'.repeat(5_000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('names the services of tier 1 that it may take', () => {
    const tiers = { registry: 1, rota: 1, ci: 2 };
    expect(gravestOf([{ services: ['r*'], names: ['x'] }], tiers)).toEqual(['registry', 'rota']);
    expect(gravestOf([{ everything: true }], tiers)).toEqual(['registry', 'rota']);
    expect(gravestOf([{ services: ['ci'] }, { names: ['*'] }], tiers)).toEqual([]);
  });
});
