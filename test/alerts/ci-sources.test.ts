import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Door, edited, fixture, only, open, reading, signed, token } from './ci-world.js';

describe('who may send', () => {
  let door: Door;
  beforeEach(async () => {
    door = await open();
  });
  afterEach(() => door.app.close());
  const bearer = { authorization: `Bearer ${token}` };

  const jwt = (body: string, claims: Record<string, unknown> = {}, secret = token, alg = 'HS256') => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sha256 = createHash('sha256').update(body).digest('hex');
    const said = `${part({ alg, typ: 'JWT' })}.${part({ iss: 'netlify', sha256, ...claims })}`;
    return `${said}.${Buffer.from(signed(said, secret, 'base64'), 'base64').toString('base64url')}`;
  };

  test.each([
    ['bitbucket', 'repo-commit-status-updated.json', 'x-hub-signature', 'sha256=', 'hex'],
    ['circleci', 'zulip.github_workflow_completed.json', 'circleci-signature', 'v1=', 'hex'],
    ['flux', 'generic.error.json', 'x-signature', 'sha256=', 'hex'],
    ['heroku', 'built.dyno.crashed.json', 'heroku-webhook-hmac-sha256', '', 'base64'],
  ] as const)('%s: its signature opens, another does not', async (kind, file, header, prefix, as) => {
    const body = fixture(`${kind}/${file}`);
    expect(await door.post(kind, body, { [header]: prefix + signed(body, token, as) })).toBe(202);
    expect(await door.post(kind, body, { [header]: prefix + signed(body, 'another', as), ...bearer })).toBe(401);
    expect(await door.post(kind, `${body}\n`, { [header]: prefix + signed(body, token, as) })).toBe(401);
    expect(await door.post(kind, body)).toBe(401);
    expect(await door.post(kind, body, bearer)).toBe(202);
    expect(door.taken).toHaveLength(2);
  });

  test('netlify: a JWT of this body opens, and no other', async () => {
    const body = fixture('netlify/zulip.deploy_failed.json');
    const send = (value: string) => door.post('netlify', body, { 'x-webhook-signature': value });
    expect(await send(jwt(body))).toBe(202);
    expect(await send(jwt(body, {}, 'another'))).toBe(401);
    expect(await send(jwt(`${body} `))).toBe(401);
    expect(await send(jwt(body, { iss: 'eve' }))).toBe(401);
    expect(await send(jwt(body, {}, token, 'none'))).toBe(401);
    expect(await send(`${jwt(body)}.x`)).toBe(401);
    expect(await send('nonsense')).toBe(401);
    expect(await door.post('netlify', body, bearer)).toBe(202);
  });

  test.each([
    ['travis', 'zulip.build.json'],
    ['appveyor', 'zulip.appveyor_build_failure.json'],
    ['azuredevops', 'build.complete.json'],
    ['docker-hub', 'idobata.json'],
    ['argocd', 'built.degraded.json'],
  ])('%s has nothing but the token', async (kind, file) => {
    const body = fixture(`${kind}/${file}`);
    expect(await door.post(kind, body)).toBe(401);
    expect(await door.post(kind, body, {}, `?token=${token}`)).toBe(202);
    expect(await door.post(kind, body, { authorization: `Basic ${btoa(`muster:${token}`)}` })).toBe(202);
    expect(await door.post(kind, body, {}, '?token=another')).toBe(401);
  });

  test('travis sends a form', async () => {
    const sent = new URLSearchParams({ payload: fixture('travis/zulip.build.json') }).toString();
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await door.post('travis', sent, form, `?token=${token}`)).toBe(202);
    expect(door.taken[0]?.alerts[0]?.fingerprint).toBe('hl7-fhir/fhir-svn/build/master');
  });

  test('heroku and bitbucket name their deliveries', async () => {
    const heroku = fixture('heroku/built.dyno.up.json');
    await door.post('heroku', heroku, { ...bearer, 'heroku-webhook-id': 'h-1' });
    const bitbucket = fixture('bitbucket/repo-commit-status-updated.json');
    await door.post('bitbucket', bitbucket, { ...bearer, 'x-request-uuid': 'b-1' });
    expect(door.taken.map(({ deliveryId }) => deliveryId)).toEqual(['h-1', 'b-1']);
  });
});

/** A real body of a success, and the state of a failure put into it. */
const failing: [kind: string, file: string, failure: Record<string, unknown>][] = [
  ['bitbucket', 'repo-commit-status-updated.json', { 'commit_status.state': 'FAILED' }],
  ['azuredevops', 'build.complete.json', { 'resource.status': 'failed' }],
  ['azuredevops', 'build.complete.json', { 'resource.status': 'completed', 'resource.result': 'partiallySucceeded' }],
  ['circleci', 'zulip.github_workflow_completed.json', { 'workflow.status': 'error' }],
  ['circleci', 'zulip.github_job_completed.json', { 'job.status': 'failed' }],
  ['travis', 'zulip.build.json', { state: 'errored' }],
  ['travis', 'zulip.build.json', { state: undefined, status_message: 'Still Failing' }],
  ['gocd', 'zulip.pipeline_passed.json', { 'data.pipeline.stage.result': 'Failed' }],
  ['rundeck', 'zulip.success.json', { trigger: 'failure', status: 'timedout' }],
  ['buildbot', 'zulip.finished_success.json', { results: 4 }],
  ['netlify', 'zulip.deploy_created.json', { state: 'error' }],
];

describe('a failure and the next success', () => {
  test.each(failing)('of %s, %s, are one alert (%j)', (kind, file, failure) => {
    const failed = only(kind, edited(`${kind}/${file}`, failure));
    const passed = only(kind, edited(`${kind}/${file}`, {}));
    expect(failed.status).toBe('firing');
    expect(passed).toMatchObject({ status: 'resolved', fingerprint: failed.fingerprint, service: failed.service });
    expect(failed.links.length).toBeGreaterThan(0);
  });

  test('of Flux are one alert, and what lies between is nothing', () => {
    const event = (changes: Record<string, unknown>) => edited('flux/generic.error.json', changes);
    const failed = only('flux', event({}));
    const passed = only('flux', event({ severity: 'info', reason: 'ReconciliationSucceeded' }));
    expect(passed).toMatchObject({ status: 'resolved', fingerprint: failed.fingerprint });
    for (const reason of ['Progressing', 'RollbackSucceeded', 'Suspended', 'UninstallSucceeded'])
      expect(reading('flux', event({ severity: 'info', reason })).alerts).toEqual([]);
  });

  const nothing: [string, string, Record<string, unknown>][] = [
    ['bitbucket', 'repo-commit-status-updated.json', { 'commit_status.state': 'STOPPED' }],
    ['bitbucket', 'repo-commit-status-updated.json', { 'commit_status.state': 'FAILED', 'commit_status.refname': 'x' }],
    ['azuredevops', 'build.complete.json', { 'resource.status': 'failed', 'resource.reason': 'pullRequest' }],
    [
      'azuredevops',
      'build.complete.json',
      { 'resource.status': 'failed', 'resource.sourceBranch': 'refs/pull/1/merge' },
    ],
    ['azuredevops', 'build.complete.json', { 'resource.status': 'stopped' }],
    ['circleci', 'zulip.github_workflow_completed.json', { 'workflow.status': 'canceled' }],
    ['circleci', 'zulip.github_workflow_completed.json', { 'workflow.status': 'failed', 'pipeline.vcs.branch': 'x' }],
    ['travis', 'zulip.build.json', { state: 'failed', type: 'pull_request' }],
    ['travis', 'zulip.build.json', { state: 'failed', tag: 'v1' }],
    ['appveyor', 'zulip.appveyor_build_failure.json', { 'eventData.isPullRequest': true }],
    ['gocd', 'zulip.pipeline_passed.json', { 'data.pipeline.stage.result': 'Cancelled' }],
    ['buildbot', 'zulip.finished_failure.json', { event: 'new' }],
    ['rundeck', 'zulip.failure.json', { trigger: 'retryablefailure', status: 'failed-with-retry' }],
    ['netlify', 'zulip.deploy_failed.json', { context: 'deploy-preview' }],
    ['netlify', 'zulip.deploy_failed.json', { error_message: 'Canceled build' }],
    ['heroku', 'built.release.failed.json', { 'data.app.name': 'shop-pr-12' }],
  ];
  test.each(nothing)('%s, %s: nothing comes of %j', (kind, file, changes) => {
    expect(reading(kind, edited(`${kind}/${file}`, changes)).alerts).toEqual([]);
  });

  test('what the platform did is said', () => {
    const messages = [{ message: 'Build execution time has reached the maximum: timed out' }];
    const appveyor = edited('appveyor/zulip.appveyor_build_failure.json', { 'eventData.messages': messages });
    expect(only('appveyor', appveyor).labels.cause).toBe('platform');
    expect(only('buildbot', edited('buildbot/zulip.finished_failure.json', { results: 4 })).severity).toBe('warning');
    const lost = edited('bitbucket/repo-commit-status-updated.json', {
      'commit_status.state': 'FAILED',
      'commit_status.description': 'runner went offline',
    });
    expect(only('bitbucket', lost).labels.cause).toBe('platform');
  });

  test('a run, a stage and a classic release of Azure DevOps', () => {
    const web = (href: string) => ({ web: { href } });
    const run = {
      eventType: 'ms.vss-pipelines.run-state-changed-event',
      resource: {
        run: {
          state: 'completed',
          result: 'failed',
          finishedDate: '2026-03-02T11:25:00Z',
          _links: web('https://dev.azure.com/o/p/_build/results?buildId=7'),
          resources: { repositories: { self: { refName: 'refs/heads/main' } } },
        },
        pipeline: { name: 'shop' },
      },
    };
    const failed = only('azuredevops', run);
    expect(failed).toMatchObject({ status: 'firing', service: 'shop', fingerprint: 'shop/main' });
    expect(failed.links[0]?.href).toBe('https://dev.azure.com/o/p/_build/results?buildId=7');
    const release = (status: string) => ({
      eventType: 'ms.vss-release.deployment-completed-event',
      resource: {
        environment: {
          name: 'Production',
          status,
          releaseDefinition: { name: 'shop' },
          release: { name: 'Release-1' },
        },
        project: { name: 'p' },
      },
    });
    const rejected = only('azuredevops', release('rejected'));
    expect(rejected).toMatchObject({ status: 'firing', severity: 'high', service: 'shop' });
    expect(only('azuredevops', release('succeeded')).fingerprint).toBe(rejected.fingerprint);
  });

  test('Buildbot’s own body is read as well as a short one', () => {
    const body = {
      buildid: 4,
      complete: true,
      results: 2,
      state_string: 'failed test (failure)',
      complete_at: 1_772_450_700,
      url: 'https://ci.example.org/#builders/1/builds/4',
      builder: { name: 'unit' },
      properties: { branch: ['main', 'Build'], project: ['shop', 'Build'] },
      buildset: { sourcestamps: [{ branch: 'main', project: 'shop' }] },
    };
    expect(only('buildbot', body)).toMatchObject({
      status: 'firing',
      fingerprint: 'ci.example.org/unit/main',
      service: 'shop',
      startsAt: Date.UTC(2026, 2, 2, 11, 25),
    });
    expect(reading('buildbot', { ...body, complete: false, results: null }).alerts).toEqual([]);
  });

  test('the template for Argo CD in the documents makes a body that is read', () => {
    const page = readFileSync(new URL('../../docs/sources/argocd.md', import.meta.url), 'utf8');
    const template = /body: \|\n([\s\S]*?)\n {2}trigger/.exec(page)?.[1] ?? '';
    const { app } = JSON.parse(fixture('argocd/built.application.json'));
    const valueAt = (path: string): unknown =>
      path.split('.').reduce((within: unknown, key) => (within as Record<string, unknown> | undefined)?.[key], { app });
    const rendered = template
      .replace(/{{toJson \.([\w.]+)}}/g, (_, path: string) => JSON.stringify(valueAt(path) ?? null))
      .replace(/{{(?:if [^}]*|end)}}/g, '')
      .replace('{{.context.argocdUrl}}', 'https://argocd.example.org')
      .replace(/{{\.([\w.]+)}}/g, (_, path: string) => String(valueAt(path)));
    const { alerts } = reading('argocd', JSON.parse(rendered));
    expect(alerts.map(({ status, fingerprint }) => [status, fingerprint])).toEqual([
      ['firing', 'argocd/shop/health'],
      ['resolved', 'argocd/shop/sync'],
      ['firing', 'argocd/shop/comparison'],
    ]);
    expect(alerts[0]?.links[0]?.href).toBe('https://argocd.example.org/applications/argocd/shop');
  });
});
