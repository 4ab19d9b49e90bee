import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kept } from '../../src/alerts/words.js';
import { fixture, reading } from './ci-world.js';

const kinds = [
  'appveyor',
  'argocd',
  'azuredevops',
  'bitbucket',
  'buildbot',
  'circleci',
  'docker-hub',
  'flux',
  'forgejo',
  'gitea',
  'github',
  'gitlab',
  'gocd',
  'heroku',
  'jenkins',
  'netlify',
  'rundeck',
  'travis',
];

const odd: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  '%',
  'https://[',
  'job/%E0%A4%A/',
  '\u202eevil\n\t',
  'x'.repeat(5_000),
  [],
  [null],
  [[1]],
  {},
  { name: {} },
  { toString: 1 },
];

type Tree = Record<string, unknown> | unknown[];
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Every place in a body: the tree that holds it, and its key. */
function places(body: Tree): [Tree, string][] {
  return Object.keys(body).flatMap((key): [Tree, string][] => {
    const value = (body as Record<string, unknown>)[key];
    return [[body, key], ...(isTree(value) ? places(value) : [])];
  });
}

const files = (kind: string): string[] =>
  readdirSync(new URL(`../fixtures/sources/${kind}/`, import.meta.url)).filter(
    (name) => name.endsWith('.json') && name !== 'expected.json',
  );

describe.each(kinds)('%s', (kind) => {
  test('takes bodies with odd parts, and says something of each', () => {
    const change = fc.record({ at: fc.nat(), to: fc.option(fc.constantFrom(...odd), { nil: undefined }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...files(kind)),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (file, changes) => {
          const body = JSON.parse(fixture(`${kind}/${file}`)) as Tree;
          for (const { at, to } of changes) {
            const all = places(body);
            const [tree, key] = all[at % all.length] ?? [body, 'x'];
            if (to === undefined) delete (tree as Record<string, unknown>)[key];
            else (tree as Record<string, unknown>)[key] = structuredClone(to);
          }
          const { alerts, passedOver } = reading(kind, body);
          expect(alerts.length > 0 || Boolean(passedOver?.name && passedOver.why)).toBe(true);
          for (const alert of alerts) {
            expect(alert.name).not.toBe('');
            expect(alert.fingerprint.length).toBeLessThanOrEqual(kept.fingerprint);
            expect(alert.summary.length).toBeLessThanOrEqual(kept.summary);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
