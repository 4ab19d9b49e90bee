import { describe, expect, it } from 'vitest';
import { hintsOf } from '../../src/alerts/dependencies/hints.js';
import { reachOf } from '../../src/alerts/dependencies/reach.js';
import { topologyOf } from '../../src/alerts/dependencies/topology.js';
import { reachPicture, reachText } from '../../src/messages/reach-picture.js';
import { reachSentence } from '../../src/messages/reach-words.js';

const service = (name: string, ...dependsOn: string[]) => ({ name, dependsOn, tier: 3, aliases: [] });
const topology = topologyOf([
  service('storage'),
  service('registry', 'storage'),
  service('api', 'registry'),
  service('docs', 'registry'),
  service('web', 'api', 'docs'),
  service('alone'),
]);
const around = (about: string, ...firing: string[]) => {
  const reach = reachOf(topology, about, (name) => firing.includes(name));
  if (!reach) throw new Error(`Nothing is around ${about}.`);
  return reach;
};

describe('how far an incident reaches, in one sentence', () => {
  const cases: [string, string[], string][] = [
    ['web', ['web'], 'Local: only web shows alerts; what it depends on is quiet.'],
    ['storage', ['storage'], 'Local: only storage shows alerts; what depends on it is quiet.'],
    ['registry', ['registry', 'api', 'web'], 'Systemic: registry and 2 of the 3 services that depend on it fire.'],
    ['api', ['api', 'web'], 'Systemic: api and the one service that depends on it fire.'],
    ['web', ['web', 'registry'], 'Systemic: web fires, and so does registry, which it depends on.'],
    [
      'registry',
      ['registry', 'storage', 'docs'],
      'Systemic: registry fires, and so does storage, which it depends on, and 1 of the 3 services that depend on it fires too.',
    ],
    ['registry', ['api', 'web'], 'registry is quiet now; api and web still fire.'],
    ['registry', [], 'Quiet: no alert of registry or of the services around it fires.'],
  ];
  it.each(cases)('%s with %j', (about, firing, sentence) => {
    expect(reachSentence(around(about, ...firing))).toBe(sentence);
  });

  it('is not said where nothing depends on anything', () => {
    expect(reachOf(topology, 'alone', () => true)).toBeNull();
  });
});

describe('the picture', () => {
  it('says without colours what fires, draws what leads where, and reads as text', () => {
    const reach = around('registry', 'registry', 'web');
    const svg = reachPicture(reach);
    expect(svg.match(/▲ fires/g)).toHaveLength(2);
    expect(svg.match(/○ quiet/g)).toHaveLength(3);
    expect(svg.match(/class="edge/g)).toHaveLength(5);
    expect(svg).toContain('role="img"');
    expect(reachText(reach)).toBe(
      `${reachSentence(reach)} registry fires, web fires, api is quiet, docs is quiet, storage is quiet.`,
    );
  });

  it('keeps names from outside as text', () => {
    const hostile = `<script>alert('x')</script>&"\u0007\u202e`;
    const reach = reachOf(topologyOf([service(hostile), service('a', hostile)]), 'a', () => true);
    const svg = reachPicture(reach as never);
    expect(svg).not.toContain('<script');
    for (const sign of ['\u0007', '\u202e']) expect(svg).not.toContain(sign);
    expect(svg).toContain('&#60;script&#62;');
  });

  it('is bounded: what fires is shown, and how many more there are', () => {
    const many = Array.from({ length: 90 }, (_, i) => service(`s${i}`, 'root'));
    const reach = reachOf(topologyOf([service('root'), ...many]), 'root', (name) => name === 's89');
    const svg = reachPicture(reach as never);
    expect(svg).toContain('>s89<');
    expect(svg).toContain('And 75 more, not shown.');
    expect(svg.length).toBeLessThan(12_000);
  });
});

describe('what a sender says to look at', () => {
  const said = (annotations: Record<string, string>, more: object = {}) =>
    hintsOf([{ annotations, labels: {}, links: [], ...more }]);

  it('is found by the words senders use', () => {
    expect(
      said({
        Impact: 'pushes hang',
        'probable-cause': 'the disk is full',
        action: 'look at df -h',
        runbook_url: 'https://wiki.example.com/r',
      }),
    ).toEqual({
      symptom: 'pushes hang',
      cause: 'the disk is full',
      firstStep: 'look at df -h',
      runbook: 'https://wiki.example.com/r',
    });
    expect(
      said({}, { labels: { first_check: 'df' }, links: [{ label: 'Runbook', href: 'https://r.example.com/' }] }),
    ).toEqual({
      firstStep: 'df',
      runbook: 'https://r.example.com/',
    });
    expect(said({ runbook: 'Drain the node, then reboot it' })).toEqual({
      firstStep: 'Drain the node, then reboot it',
    });
  });

  it('is never made up: nothing where nobody says so, and no word that a machine means', () => {
    expect(
      said({ summary: 'pushes fail', impact: 'high', action: 'opened', cause: '', runbook_url: 'javascript:x' }),
    ).toBeNull();
  });

  it('is one bounded line, and what was said first', () => {
    const hints = hintsOf([
      { annotations: { cause: `first ${'x'.repeat(900)}\nsecond` }, labels: {}, links: [] },
      { annotations: { cause: 'another one', symptom: 'slow' }, labels: {}, links: [] },
    ]);
    expect(hints?.cause).toMatch(/^first x+…$/);
    expect(hints?.cause?.length).toBeLessThanOrEqual(300);
    expect(hints?.symptom).toBe('slow');
  });
});
