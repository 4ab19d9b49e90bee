import { describe, expect, it } from 'vitest';
import { changedBefore, changesIn, type RecentChange } from '../../src/alerts/changed.js';
import { topologyOf } from '../../src/alerts/dependencies/topology.js';
import type { Batch } from '../../src/alerts/plan.js';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';

const minute = 60_000;
const openedAt = Date.UTC(2026, 10, 21, 2);
const service = (name: string, dependsOn: string[] = [], aliases: string[] = []) => ({
  ...{ name, dependsOn, aliases, tier: 2 },
});
const topology = topologyOf([
  service('web', ['api']),
  service('api', ['registry'], ['api-gateway']),
  service('registry', [], ['harbor']),
]);
const change = (of: string, minutes: number, text = `deployed ${minutes}`): RecentChange => ({
  ...{ id: `${of}/${minutes}`, service: of, at: openedAt - minutes * minute, text, link: null },
});
const newest = (services: string[], ...changes: RecentChange[]) =>
  changedBefore(changes, { services, openedAt }, topology).map(({ text, path }) => `${path.join(' → ')}: ${text}`);

describe('what changed before an incident', () => {
  it('was changed on its service or on what that depends on, by whatever name, and nowhere else', () => {
    const all = [change('api-gateway', 3), change('harbor', 5), change('web', 4), change('mail', 1)];
    expect(newest(['api'], ...all)).toEqual(['api: deployed 3', 'api → registry: deployed 5']);
    expect(newest(['web'], ...all)).toEqual([
      'web → api: deployed 3',
      'web: deployed 4',
      'web → api → registry: deployed 5',
    ]);
    expect(newest(['mail'], ...all)).toEqual(['mail: deployed 1']);
    expect(newest([], ...all)).toEqual([]);
  });

  it('is the newest three of the last two hours, newest first, and nothing later', () => {
    const all = [119, 10, 121, 40, 30, -1, 120].map((minutes) => change('web', minutes));
    expect(newest(['web'], ...all)).toEqual(['web: deployed 10', 'web: deployed 30', 'web: deployed 40']);
    expect(newest(['web'], change('web', 120), change('web', 121))).toEqual(['web: deployed 120']);
    expect(newest(['web'], change('web', -1))).toEqual([]);
  });

  it('that was sent twice is one', () => {
    expect(newest(['web'], change('web', 2, 'v1'), change('web', 3, 'v1'), change('api', 4, 'v1'))).toEqual([
      'web: v1',
      'web → api: v1',
    ]);
  });
});

const batch = (kind: string, body: object): Batch => {
  const door = sourceOf(kind);
  if (!door) throw new Error(kind);
  const read = readAlerts(door, body, { source: kind, receivedAt: openedAt });
  return { receipt: 'r1', source: kind, receivedAt: openedAt, ...read };
};
const deployment = (state: string, environment: string) =>
  batch('github', {
    action: 'created',
    repository: { full_name: 'acme/web', name: 'web', default_branch: 'main' },
    deployment: { id: 1, ref: 'v2.3', environment, task: 'deploy' },
    deployment_status: { id: 2, state, environment, target_url: 'https://ci.example.com/77' },
  });

describe('a request', () => {
  it('with a change event tells what was changed where, its link only when it leads to the web', () => {
    const sent = (href: string) => ({
      payload: { summary: 'Deployed v2.3\nof web', custom_details: { service: 'web' } },
      links: [{ href, text: 'CI' }],
    });
    expect(changesIn([batch('pagerduty-events-v2', sent('https://ci.example.com/77'))])).toEqual([
      { id: 'r1/0', service: 'web', at: openedAt, text: 'Deployed v2.3 of web', link: 'https://ci.example.com/77' },
    ]);
    expect(changesIn([batch('pagerduty-events-v2', sent('javascript:alert(1)'))])[0]?.link).toBeNull();
    expect(changesIn([batch('pagerduty-events-v2', { payload: { summary: 'of no service' } })])).toEqual([]);
    const marker = {
      application_name: 'web',
      revision: 'v9',
      deployed_by: 'ci',
      deployment_url: 'javascript:alert(1)',
    };
    expect(changesIn([batch('newrelic', marker)])).toMatchObject([
      { service: 'web', text: 'Deployed web v9 by ci', link: null },
    ]);
  });

  it('of a deployment to production that went well is a change as well, a failed one or one elsewhere is none', () => {
    expect(changesIn([deployment('success', 'production')])).toMatchObject([
      { service: 'web', link: 'https://ci.example.com/77' },
    ]);
    expect(changesIn([deployment('failure', 'production')])).toEqual([]);
    expect(changesIn([deployment('success', 'staging')])).toEqual([]);
  });
});
