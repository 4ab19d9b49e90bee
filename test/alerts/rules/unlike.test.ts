import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.js';
import { alertOf, noon, World } from '../world.js';

const disk = { fingerprint: 'd', name: 'DiskFull', host: 'db1' };
const cert = { fingerprint: 'c', name: 'CertExpires', host: 'www1' };
const take = (world: World, ...given: Partial<Alert>[]) =>
  world.take(given.map((each) => alertOf({ startsAt: noon, severity: 'critical', ...each })));
const offered = (...requests: Partial<Alert>[][]) => {
  const world = new World();
  for (const each of requests) take(world, ...each);
  return [...world.incidents.values()][0]?.unlike;
};

test('alerts of one group that have nothing in common can be split, whether they come together or not', () => {
  expect(offered([disk, cert])).toEqual({ names: ['CertExpires'], hosts: ['www1'] });
  expect(offered([disk], [cert])).toEqual({ names: ['CertExpires'], hosts: ['www1'] });
});

test.each<[string, Partial<Alert>[][]]>([
  ['the same name', [[disk, { ...cert, name: 'DiskFull' }]]],
  ['the same host', [[disk, { ...cert, host: 'db1' }]]],
  ['the same host, later', [[disk], [{ ...cert, host: 'db1' }]]],
  [
    'a label in common',
    [
      [
        { ...disk, labels: { cluster: 'eu' } },
        { ...cert, labels: { cluster: 'eu' } },
      ],
    ],
  ],
  ['a third that has something of both', [[disk, cert, { fingerprint: 'x', name: 'DiskFull', host: 'www1' }]]],
  ['one that does not say where it is', [[disk, { ...cert, host: null }]]],
  ['only one', [[disk]]],
])('not offered: %s', (_, requests) => {
  expect(offered(...requests)).toBeUndefined();
});

test('labels that say how bad it is are nothing in common, and it is offered once', () => {
  const severity = { labels: { severity: 'critical', job: 'node' } };
  expect(
    offered(
      [
        { ...disk, ...severity },
        { ...cert, ...severity },
      ],
      [{ fingerprint: 'z', name: 'Z', host: 'z' }],
    ),
  ).toEqual({
    names: ['CertExpires'],
    hosts: ['www1'],
  });
});
