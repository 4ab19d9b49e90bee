import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compromiseOf } from '../../src/alerts/evidence.js';
import { type Door, edited, fixture, only, open, reading, signed, token } from './ci-world.js';
import { minute, noon, World } from './world.js';

describe('who may send', () => {
  let door: Door;
  beforeEach(async () => {
    door = await open();
  });
  afterEach(() => door.app.close());

  const body = fixture('github/workflow_job.completed.failure.json');
  const bearer = { authorization: `Bearer ${token}` };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test.each([
    ['github', 'x-hub-signature-256', 'sha256='],
    ['gitea', 'x-gitea-signature', ''],
    ['forgejo', 'x-forgejo-signature', ''],
    ['github', 'x-gitea-signature', ''],
    ['gitea', 'x-hub-signature-256', 'sha256='],
  ])('%s: a right %s is let in, a wrong one is not, and none needs the token', async (kind, header, prefix) => {
    expect(await door.post(kind, body, { [header]: prefix + signed(body) })).toBe(202);
    expect(await door.post(kind, body, { [header]: prefix + signed(body, 'another') })).toBe(401);
    expect(await door.post(kind, body, { [header]: prefix + signed(body, 'another'), ...bearer })).toBe(401);
    expect(await door.post(kind, `${body} `, { [header]: prefix + signed(body) })).toBe(401);
    expect(await door.post(kind, body, { [header]: prefix })).toBe(401);
    expect(await door.post(kind, body, { [header]: prefix, ...bearer })).toBe(202);
    expect(await door.post(kind, body)).toBe(401);
    expect(door.taken).toHaveLength(2);
  });

  test('the signature in GitHub’s documentation is right', async () => {
    const { authentic } = await import('../../src/alerts/sources/github.js').then(({ github }) => github);
    const received = {
      method: 'POST',
      headers: {
        'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      },
      query: {},
      raw: Buffer.from('Hello, World!'),
      body: 'Hello, World!',
    };
    const about = { secrets: ["It's a Secret to Everybody"], now: noon, fetchText: async () => '' };
    expect(await authentic?.(received, about)).toBe('right');
  });

  test('in a form GitHub signs the bytes, Gitea the JSON in it; both are read', async () => {
    const sent = new URLSearchParams({ payload: body }).toString();
    expect(await door.post('github', sent, { ...form, 'x-hub-signature-256': `sha256=${signed(sent)}` })).toBe(202);
    expect(await door.post('gitea', sent, { ...form, 'x-gitea-signature': signed(body) })).toBe(202);
    expect(await door.post('gitea', sent, { ...form, 'x-gitea-signature': signed(`${body}!`) })).toBe(401);
    expect(door.taken.map(({ alerts }) => alerts[0]?.status)).toEqual(['firing', 'firing']);
  });

  test('the delivery is named by the sender’s own header', async () => {
    await door.post('github', body, { ...bearer, 'x-github-delivery': 'd-1' });
    await door.post('forgejo', body, { ...bearer, 'x-github-delivery': 'd-2', 'x-forgejo-delivery': 'd-3' });
    await door.post('github', body, bearer);
    expect(door.taken.map(({ deliveryId }) => deliveryId)).toEqual(['d-1', 'd-3', null]);
  });

  describe('gitlab', () => {
    const deployment = fixture('gitlab/deployment.json');
    const key = Buffer.from('a key of thirty-two bytes, or so');
    const at = String(noon / 1_000);
    const standard = (secret: string | Buffer, time = at, id = 'msg-1', signedBody = deployment) => ({
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signed(`${id}.${time}.${signedBody}`, secret, 'base64')}`,
    });

    test('is let in by its token', async () => {
      expect(await door.post('gitlab', deployment, { 'x-gitlab-token': token })).toBe(202);
      expect(await door.post('gitlab', deployment, { 'x-gitlab-token': 'another' })).toBe(401);
      expect(await door.post('gitlab', deployment, bearer)).toBe(202);
    });

    test('is let in by a signature of now', async () => {
      expect(await door.post('gitlab', deployment, standard(token))).toBe(202);
      expect(await door.post('gitlab', deployment, standard('another'))).toBe(401);
      expect(await door.post('gitlab', deployment, standard(token, String(noon / 1_000 - 301)))).toBe(401);
      expect(await door.post('gitlab', deployment, standard(token, String(noon / 1_000 + 301)))).toBe(401);
      expect(await door.post('gitlab', deployment, standard(token, at, 'msg-1', `${deployment} `))).toBe(401);
      expect(door.taken.map(({ deliveryId }) => deliveryId)).toEqual(['msg-1']);
    });

    test('shows its token where nobody was told the signing key', async () => {
      expect(await door.post('gitlab', deployment, { ...standard(key), 'x-gitlab-token': token })).toBe(202);
      expect(await door.post('gitlab', deployment, { ...standard(key), 'x-gitlab-token': 'another' })).toBe(401);
    });

    test('a key written as whsec_ is read as base64, and then no token makes a wrong signature good', async () => {
      const { authentic } = await import('../../src/alerts/sources/gitlab.js').then(({ gitlab }) => gitlab);
      const secrets = [`whsec_${key.toString('base64')}`];
      const received = (headers: Record<string, string>) => ({
        method: 'POST',
        headers,
        query: {},
        raw: Buffer.from(deployment),
        body: null,
      });
      const about = { secrets, now: noon, fetchText: async () => '' };
      expect(await authentic?.(received(standard(key)), about)).toBe('right');
      expect(await authentic?.(received({ ...standard(key), 'webhook-timestamp': '1' }), about)).toBe('wrong');
      expect(await authentic?.(received(standard(key, '1')), about)).toBe('stale');
      expect(await authentic?.(received({ ...standard('another'), 'x-gitlab-token': token }), about)).toBe('wrong');
    });
  });
});

describe('what a run of a workflow comes to', () => {
  const run = (changes: Record<string, unknown>) => edited('github/workflow_run.completed.json', changes);
  const why = (body: unknown) => reading('github', body).passedOver?.why;

  test('a red default branch waits in the queue, and the next success is its end', () => {
    const red = only('github', run({ 'workflow_run.conclusion': 'failure' }));
    const green = only('github', run({}));
    expect(red).toMatchObject({ status: 'firing', severity: 'low', service: 'octo-repo', labels: { cause: 'build' } });
    expect(green).toMatchObject({ status: 'resolved', fingerprint: red.fingerprint });
    expect(red.summary).toBe('test failed on master: build(test): check workflow run event payload');
  });

  test.each(['timed_out', 'startup_failure', 'stale'])('%s is the platform’s doing', (conclusion) => {
    const alert = only('github', run({ 'workflow_run.conclusion': conclusion }));
    expect(alert).toMatchObject({ status: 'firing', severity: 'warning', labels: { cause: 'platform' } });
  });

  test.each(['cancelled', 'skipped', 'neutral', 'action_required', null])('%s is nothing', (conclusion) => {
    expect(reading('github', run({ 'workflow_run.conclusion': conclusion })).alerts).toEqual([]);
  });

  test('an end by a word that nobody knows is told', () => {
    const alert = only('github', run({ 'workflow_run.conclusion': 'exploded' }));
    expect(alert).toMatchObject({ status: 'firing', severity: 'low' });
    expect(alert.summary).toContain('ended "exploded" on master');
  });

  test('a red feature branch, a pull request and a fork are nothing', () => {
    const failure = { 'workflow_run.conclusion': 'failure' };
    expect(why(run({ ...failure, 'workflow_run.head_branch': 'feature/x' }))).toBe('The default branch is master.');
    expect(why(run({ ...failure, 'workflow_run.event': 'pull_request' }))).toContain('a pull request');
    expect(why(run({ ...failure, 'workflow_run.head_repository.full_name': 'eve/octo-repo' }))).toContain('a fork');
  });

  test('a default branch of another name is watched, and so is main', () => {
    const of = (branch: string) =>
      run({
        'workflow_run.conclusion': 'failure',
        'workflow_run.head_branch': branch,
        'repository.default_branch': 'dev',
      });
    expect(only('github', of('dev')).status).toBe('firing');
    expect(only('github', of('main')).status).toBe('firing');
    expect(why(of('devs'))).toBe('The default branch is dev.');
  });

  test('a job of which no step failed, or that no runner took, was failed by the platform', () => {
    const failure = 'github/workflow_job.completed.failure.json';
    const steps = [{ name: 'Run make', status: 'completed', conclusion: 'cancelled' }];
    expect(only('github', edited(failure, { 'workflow_job.steps': steps })).labels.cause).toBe('platform');
    const alone = { 'workflow_job.steps': [], 'workflow_job.runner_name': null };
    expect(only('github', edited(failure, alone)).summary).toContain('(the platform: no runner took it)');
    expect(only('github', edited(failure, {})).labels.cause).toBe('build');
  });

  test('a deployment opens by its environment, in production as the graver', () => {
    const of = (state: string, environment: string) =>
      edited('github/deployment_status.json', {
        'deployment_status.state': state,
        'deployment_status.environment': environment,
      });
    const failed = only('github', of('failure', 'production'));
    expect(failed).toMatchObject({ status: 'firing', severity: 'high', service: 'Hello-World' });
    expect(only('github', of('error', 'staging')).severity).toBe('warning');
    expect(only('github', of('success', 'production'))).toMatchObject({
      status: 'resolved',
      fingerprint: failed.fingerprint,
    });
    expect(only('github', of('success', 'staging')).fingerprint).not.toBe(failed.fingerprint);
    expect(reading('github', of('inactive', 'production')).alerts).toEqual([]);
  });

  test('a leaked secret is a suspected compromise until it is resolved, and the secret is not repeated', () => {
    const file = 'github/secret_scanning_alert.reopened.json';
    const leaked = only('github', edited(file, { 'alert.secret': 'aio_Hjkl' }));
    expect(leaked.status).toBe('firing');
    expect(compromiseOf(leaked.labels, leaked.name)).toBe(true);
    expect(JSON.stringify(leaked)).not.toContain('aio_Hjkl');
    const over = only('github', edited(file, { action: 'resolved', 'alert.resolution': 'revoked' }));
    expect(over).toMatchObject({ status: 'resolved', fingerprint: leaked.fingerprint });
  });

  test('what comes back began anew', () => {
    const file = 'github/dependabot_alert.created.json';
    const again = edited(file, { action: 'reopened', 'alert.updated_at': '2026-01-01T00:00:00Z' });
    expect(only('github', again).startsAt).toBe(Date.UTC(2026, 0, 1));
    expect(only('github', edited(file, {})).startsAt).toBe(Date.UTC(2023, 5, 24, 13, 57, 12));
  });

  test('the header says what the event is, whatever else the body holds', () => {
    const body = JSON.parse(fixture('github/workflow_job.completed.failure.json'));
    expect(reading('github', body, { 'x-github-event': 'push' }).passedOver?.name).toBe('push');
    expect(only('github', body, { 'x-gitea-event': 'workflow_job', 'x-github-event': 'push' }).status).toBe('firing');
  });

  test('a body of Gitea or Forgejo is read at GitHub’s door, and the other way round', () => {
    const forgejo = JSON.parse(fixture('forgejo/built.action_run.failure.json'));
    const github = JSON.parse(fixture('github/workflow_job.completed.failure.json'));
    expect(only('github', forgejo).fingerprint).toBe(only('forgejo', forgejo).fingerprint);
    expect(only('gitea', github).fingerprint).toBe(only('github', github).fingerprint);
  });

  test('what is no body of theirs goes to the queue', () => {
    expect(only('github', { hello: 'world' })).toMatchObject({ severity: null, groupHint: 'unknown shape' });
  });
});

describe('what GitLab tells', () => {
  const job = (changes: Record<string, unknown>) => edited('gitlab/job.json', changes);

  test('a job of the default branch that failed ends with the next that passes', () => {
    const failed = only('gitlab', job({ build_status: 'failed', build_failure_reason: 'script_failure' }));
    expect(failed).toMatchObject({ status: 'firing', severity: 'low', service: 'jsmithy2/release-tools-fake' });
    expect(only('gitlab', job({}))).toMatchObject({ status: 'resolved', fingerprint: failed.fingerprint });
  });

  test.each([
    'runner_system_failure',
    'stuck_or_timeout_failure',
    'scheduler_failure',
    'job_execution_timeout',
    'image_pull_failure',
    'no_matching_runner',
    'ci_quota_exceeded',
  ])('%s is the platform’s doing', (reason) => {
    const alert = only('gitlab', job({ build_status: 'failed', build_failure_reason: reason }));
    expect(alert).toMatchObject({ severity: 'warning', labels: { cause: 'platform', reason } });
  });

  test('what may fail, a tag and a feature branch are nothing', () => {
    const failed = { build_status: 'failed' };
    for (const more of [{ build_allow_failure: true }, { tag: true, ref: 'v1' }, { ref: 'feature' }])
      expect(reading('gitlab', job({ ...failed, ...more })).alerts).toEqual([]);
  });

  test('a failed pipeline names the jobs that failed, and is the platform’s only if all of them are', () => {
    const file = 'gitlab/zulip.pipeline_hook__pipeline_started.json';
    const failing = (...reasons: string[]) =>
      edited(file, {
        'object_attributes.status': 'failed',
        builds: reasons.map((failure_reason, i) => ({ name: `job${i}`, status: 'failed', failure_reason })),
      });
    expect(only('gitlab', failing('runner_system_failure')).labels.cause).toBe('platform');
    const mixed = only('gitlab', failing('runner_system_failure', 'script_failure'));
    expect(mixed.labels.cause).toBe('build');
    expect(mixed.summary).toBe('the pipeline failed on master: job0, job1');
    expect(mixed.links[0]?.href).toBe('https://gitlab.com/TomaszKolek/my-awesome-project/-/pipelines/4414206');
    const passed = only('gitlab', edited(file, { 'object_attributes.status': 'success' }));
    expect(passed).toMatchObject({ status: 'resolved', fingerprint: mixed.fingerprint });
    const nightly = edited(file, { 'object_attributes.status': 'success', 'object_attributes.source': 'schedule' });
    expect(only('gitlab', nightly).fingerprint).not.toBe(mixed.fingerprint);
    const proposed = edited(file, {
      'object_attributes.status': 'failed',
      'object_attributes.source': 'merge_request_event',
    });
    expect(reading('gitlab', proposed).alerts).toEqual([]);
  });

  test('a failed deployment ends with the next that succeeds', () => {
    const file = 'gitlab/zulip-main.deployment_hook__failed.json';
    const failed = only('gitlab', edited(file, {}));
    const after = only('gitlab', edited(file, { status: 'success' }));
    expect(after).toMatchObject({ status: 'resolved', fingerprint: failed.fingerprint });
    const review = edited(file, { environment: 'review/x', environment_tier: 'development' });
    expect(reading('gitlab', review).alerts).toEqual([]);
  });

  test('an issue is one only when it is an incident', () => {
    const incident = (changes: Record<string, unknown>) =>
      edited('gitlab/issue.json', { 'object_attributes.type': 'Incident', ...changes });
    const opened = only('gitlab', incident({}));
    expect(opened).toMatchObject({ status: 'firing', severity: 'high', service: 'gitlabhq/gitlab-test' });
    expect(only('gitlab', incident({ 'object_attributes.state': 'closed' }))).toMatchObject({
      status: 'resolved',
      fingerprint: opened.fingerprint,
    });
  });
});

describe('what Jenkins tells', () => {
  const build = (changes: Record<string, unknown>) => edited('jenkins/idobata.finalized.json', changes);

  test('a failed build ends with the next that succeeds', () => {
    const failed = only('jenkins', build({ 'build.status': 'FAILURE' }));
    expect(failed).toMatchObject({ status: 'firing', severity: 'low', service: 'support' });
    expect(failed.links[0]?.href).toBe('http://localhost:8080/job/support/148/');
    expect(only('jenkins', build({}))).toMatchObject({ status: 'resolved', fingerprint: failed.fingerprint });
    expect(only('jenkins', build({ 'build.status': 'UNSTABLE' })).status).toBe('firing');
  });

  test.each([
    'hudson.remoting.ChannelClosedException: channel is already closed',
    'java.io.IOException: No space left on device',
    'Agent linux-3 was disconnected or went offline',
    'received unexpected HTTP status: 503 Service Unavailable',
  ])('a log that ends in "%s" blames the platform', (log) => {
    const alert = only('jenkins', build({ 'build.status': 'FAILURE', 'build.log': `${'x\n'.repeat(9_000)}${log}\n` }));
    expect(alert).toMatchObject({ severity: 'warning', labels: { cause: 'platform' } });
  });

  test('aborting is nothing, unless Jenkins did it because it took too long', () => {
    expect(reading('jenkins', build({ 'build.status': 'ABORTED' })).alerts).toEqual([]);
    const log = 'Cancelling nested steps due to timeout';
    expect(only('jenkins', build({ 'build.status': 'ABORTED', 'build.log': log })).labels.cause).toBe('platform');
    expect(reading('jenkins', build({ 'build.status': 'NOT_BUILT' })).alerts).toEqual([]);
  });

  test('a feature branch is nothing, a job that names none counts, and main keeps the key of both', () => {
    const on = (branch: string | null) => build({ 'build.status': 'FAILURE', 'build.scm': { branch } });
    expect(reading('jenkins', on('origin/feature/x')).passedOver?.why).toBe('It is not main, master or trunk.');
    expect(only('jenkins', on('origin/main')).fingerprint).toBe(only('jenkins', on(null)).fingerprint);
  });
});

test('red, red again, green and red: one entry, its end, and the same entry back', () => {
  const job = (conclusion: string, completedAt: string) =>
    only(
      'github',
      edited('github/workflow_job.completed.failure.json', {
        'workflow_job.conclusion': conclusion,
        'workflow_job.completed_at': completedAt,
      }),
    );
  const world = new World();
  const outcomes = [
    job('failure', '2026-11-21T11:40:00Z'),
    job('failure', '2026-11-21T11:45:00Z'),
    job('success', '2026-11-21T11:45:00Z'),
    // It was on its way for long: the run that ended before the green one.
    job('failure', '2026-11-21T11:42:00Z'),
    job('failure', '2026-11-21T11:50:00Z'),
  ].map((alert, i) => world.take([alert], noon + i * minute).receipts[0]?.outcomes[0]?.outcome);
  expect(outcomes).toEqual(['triaged', 'repeat', 'resolved', 'ignored-stale', 'attached']);
  expect(world.incidents.size).toBe(1);
});
