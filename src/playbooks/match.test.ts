import { describe, expect, it } from 'vitest';
import { matchPlaybook } from './match.js';
import type { Playbook } from './playbook.js';

const book = (id: string, ...matches: Playbook['matches']): Playbook => ({
  hash: id,
  id,
  title: id,
  owner: null,
  reviewed: null,
  reviewEveryMs: null,
  matches,
  severity: null,
  needs: [],
  steps: [],
  phases: [],
  text: '',
});
const down = { name: 'RegistryDown', labels: { team: 'storage', tier: '1' } };
const slow = { name: 'RegistrySlow', labels: { team: 'web' } };
const choose = (books: Playbook[], services: string[], alerts: (typeof down | typeof slow)[] = []) => {
  const match = matchPlaybook(books, { services, alerts });
  return match && [match.playbook.id, match.reason];
};

describe('choosing a playbook', () => {
  it('says which fact decided', () => {
    const books = [
      book('service', { service: ['registry', 'harbor'] }),
      book('alert', { alertname: ['DiskFull'] }),
      book('label', { labels: { team: ['web'] } }),
    ];
    expect(choose(books, ['harbor'])).toEqual(['service', 'the service is harbor']);
    expect(choose(books, [], [{ ...down, name: 'DiskFull' }])).toEqual(['alert', 'the alert is DiskFull']);
    expect(choose(books, [], [down, slow])).toEqual(['label', 'the label team is web']);
    expect(
      choose(
        [
          book('both', {
            service: ['registry'],
            alertname: ['RegistryDown'],
            labels: { tier: ['1'], team: ['storage'] },
          }),
        ],
        ['registry'],
        [down],
      ),
    ).toEqual([
      'both',
      'the service is registry, the alert is RegistryDown, the label team is storage and the label tier is 1',
    ]);
  });

  it('chooses none when nothing holds, and never one without conditions', () => {
    const books = [book('service', { service: ['registry'] }), book('any', {}), book('empty', { labels: {} })];
    expect(choose(books, ['ci'], [down])).toBeNull();
    expect(choose([], ['ci'], [])).toBeNull();
  });

  it('wants every condition, those on alerts in one and the same alert', () => {
    const split = book('split', { alertname: ['RegistrySlow'], labels: { team: ['storage'] } });
    expect(choose([split], [], [down, slow])).toBeNull();
    expect(choose([book('x', { service: ['registry'], alertname: ['Other'] })], ['registry'], [down])).toBeNull();
    expect(choose([book('proto', { labels: { toString: ['x'] } })], [], [down])).toBeNull();
  });

  it('compares values whole', () => {
    expect(choose([book('x', { service: ['registry'] })], ['registry-eu', 'Registry'])).toBeNull();
  });

  it('prefers more conditions, then a named alert, then fewer alternatives, then the first id, in any order', () => {
    const ranked = [
      book('z-two', { service: ['registry'], labels: { team: ['storage'] } }),
      book('y-alert', { alertname: ['RegistryDown', 'Other'] }),
      book('x-narrow', { service: ['registry'] }),
      book('a-broad', { service: ['registry', 'harbor'] }),
      book('b-broad', { service: ['registry', 'gitea'] }),
    ];
    for (let from = 0; from < ranked.length; from += 1) {
      const left = ranked.slice(from);
      expect(choose(left, ['registry'], [slow, down])?.[0]).toBe(left[0]?.id);
      expect(choose(left.toReversed(), ['registry'], [down, slow])?.[0]).toBe(left[0]?.id);
    }
  });

  it('takes any one of several matches, and says the one that tells most', () => {
    const either = book('either', { service: ['registry'] }, { alertname: ['RegistryDown'] });
    expect(choose([either], ['registry'], [slow])).toEqual(['either', 'the service is registry']);
    expect(choose([either], [], [down])).toEqual(['either', 'the alert is RegistryDown']);
    expect(choose([either], ['registry'], [down])).toEqual(['either', 'the alert is RegistryDown']);
    expect(choose([either], ['git'], [slow])).toBeNull();
  });

  it('prefers a name of the alert to its labels, and labels to the service', () => {
    const books = [
      book('a-service', { service: ['registry'] }),
      book('b-labels', { labels: { team: ['storage', 'x', 'y'] } }),
      book('c-alert', { alertname: ['RegistryDown', 'x', 'y', 'z'] }),
    ];
    expect(choose(books, ['registry'], [down])?.[0]).toBe('c-alert');
    expect(choose(books.slice(0, 2), ['registry'], [down])?.[0]).toBe('b-labels');
  });

  it.each<[string, string[], string[]]>([
    ['Registry*', ['RegistryDown', 'Registry'], ['TheRegistryDown', 'registryDown']],
    ['*Down', ['RegistryDown', 'Down'], ['RegistryDownAgain']],
    ['*gist*D*', ['RegistryDown'], ['Registry', 'Dgist']],
    ['a*a', ['aa', 'aba'], ['a', 'ab']],
    ['ab*ba', ['abba', 'ab.ba'], ['aba']],
    ['(a|b).*', ['(a|b).c'], ['a.c']],
    ['*', ['anything', ''], []],
  ])('reads * in %s as any text, and nothing else as more than itself', (pattern, hits, misses) => {
    const named = (name: string) => choose([book('x', { alertname: [pattern] })], [], [{ ...down, name }]);
    for (const name of hits) expect(named(name), name).toEqual(['x', `the alert is ${name}`]);
    for (const name of misses) expect(named(name), name).toBeNull();
  });

  it('reads * in services and labels as well, and a label that is not there as no text', () => {
    expect(choose([book('x', { service: ['registry-*'] })], ['registry-eu'])).not.toBeNull();
    expect(choose([book('x', { labels: { team: ['sto*'] } })], [], [down])).not.toBeNull();
    expect(choose([book('x', { labels: { zone: ['*'] } })], [], [down])).toBeNull();
    expect(choose([book('x', { labels: { toString: ['*'] } })], [], [down])).toBeNull();
  });

  it('gives the same reason whatever the order of services and alerts', () => {
    const books = [book('x', { service: ['a', 'b'], alertname: ['RegistryDown', 'RegistrySlow'] })];
    expect(choose(books, ['b', 'a'], [slow, down])).toEqual(choose(books, ['a', 'b'], [down, slow]));
  });
});
