import type { Alert } from '../alert.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';
import { deploymentAlerts } from './deployment.js';
import { forgeEvent } from './forge.js';
import type { ForgeBody } from './forge-shapes.js';
import { runAlerts } from './run.js';
import { findingAlerts } from './security.js';

type Reading = (body: ForgeBody, about: AboutReading) => Alert[] | PassedOver;

/** Actions that come before a run is over; the state beside them may still be that of the run before. */
const early = new Set(['requested', 'in_progress', 'queued', 'waiting', 'created', 'rerequested', 'requested_action']);
const stateOf = (action: string | null, of: { conclusion?: string | null; status?: string | null }): string | null =>
  action !== null && early.has(action) && !(action === 'created' && of.status === 'completed')
    ? action
    : of.conclusion || of.status || action;

const project = ({ repository }: ForgeBody): string | null => repository?.full_name ?? repository?.name ?? null;
const usual = (body: ForgeBody) => ({
  service: body.repository?.name,
  defaultBranch: body.repository?.default_branch,
  labels: { repository: project(body) },
});
/** A fork's branch may have the name of ours. */
const proposal = (event: string | null | undefined): string | null =>
  event?.startsWith('pull_request') ? 'a pull request' : null;

const workflowRun: Reading = (body, about) => {
  const { workflow_run: run, workflow } = body;
  if (!run) return nothing(body);
  const file = run.path?.replace(/@.*/, '').replace(/^.*\//, '');
  const foreign = run.head_repository?.full_name && run.head_repository.full_name !== project(body);
  return runAlerts(
    {
      ...usual(body),
      what: workflow?.name || run.name || file || 'a workflow',
      key: [project(body), 'workflow', run.workflow_id || workflow?.id || file || run.name],
      ref: run.head_branch,
      notOfBranch: proposal(run.event) ?? (foreign ? 'a fork' : null),
      state: stateOf(body.action, run),
      title: run.head_commit?.message || run.display_title,
      at: moment(run.updated_at) ?? moment(run.completed_at),
      links: { Run: run.html_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

/** Steps of the runner itself; what the workflow says comes after them. */
const ownSteps = /^(?:set up (?:job|runner)|initialize containers|pull |build container|prepare )/i;

const workflowJob: Reading = (body, about) => {
  const { workflow_job: job } = body;
  if (!job) return nothing(body);
  const broken = job.steps.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out');
  const ran = job.steps.length > 0;
  const own = broken?.name && ownSteps.test(broken.name);
  const lost = ran ? (broken ? null : 'no step of it failed') : job.runner_name ? null : 'no runner took it';
  return runAlerts(
    {
      ...usual(body),
      what: job.workflow_name ? `${job.workflow_name} / ${job.name ?? 'a job'}` : (job.name ?? 'a job'),
      key: [project(body), 'job', job.workflow_name, job.name],
      ref: job.head_branch,
      state: stateOf(body.action, job),
      platform: job.conclusion !== 'failure' ? null : own ? `"${broken.name}" failed` : lost,
      title: own ? null : broken?.name,
      // A machine of GitHub's is nobody's to look at.
      host: /^GitHub(?:-| Actions)/.test(job.runner_name ?? '') ? null : job.runner_name,
      at: moment(job.completed_at),
      links: { Job: job.html_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

const checkRun: Reading = (body, about) => {
  const { check_run: check } = body;
  if (!check) return nothing(body);
  const app = check.app ?? check.check_suite?.app;
  return runAlerts(
    {
      ...usual(body),
      what: check.name ?? 'a check',
      key: [project(body), 'check', app?.slug ?? app?.name, check.name],
      ref: check.check_suite?.head_branch,
      notOfBranch: check.check_suite?.head_branch ? null : 'a fork or a single commit',
      state: stateOf(body.action, check),
      causes: [check.output?.title, check.output?.summary],
      title: check.output?.title,
      at: moment(check.completed_at),
      links: { Check: check.html_url, Details: check.details_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

const checkSuite: Reading = (body, about) => {
  const { check_suite: suite, repository } = body;
  if (!suite) return nothing(body);
  const home = repository?.html_url;
  return runAlerts(
    {
      ...usual(body),
      what: `the checks of ${suite.app?.name ?? suite.app?.slug ?? 'an app'}`,
      key: [project(body), 'check-suite', suite.app?.slug ?? suite.app?.name],
      ref: suite.head_branch,
      notOfBranch: suite.head_branch ? null : 'a fork or a single commit',
      state: stateOf(body.action, suite),
      title: suite.head_commit?.message,
      at: moment(suite.updated_at),
      links: { Commit: home && suite.after ? `${home}/commit/${suite.after}` : home, Repository: home },
    },
    about,
  );
};

const status: Reading = (body, about) => {
  const branches = body.branches.map(({ name }) => name);
  const own = branches.find((name) => name === body.repository?.default_branch) ?? branches[0];
  return runAlerts(
    {
      ...usual(body),
      what: body.context ?? 'a status',
      key: [project(body), 'status', body.context],
      ref: own,
      notOfBranch: own ? null : 'a single commit',
      state: body.state,
      causes: [body.description],
      title: body.description || body.commit?.commit?.message || body.commit?.message,
      at: moment(body.updated_at),
      links: { Details: body.target_url, Repository: body.repository?.html_url },
    },
    about,
  );
};

const deploymentStatus: Reading = (body, about) => {
  const { deployment, deployment_status: of } = body;
  if (!of) return nothing(body);
  const home = body.repository?.html_url;
  return deploymentAlerts(
    {
      key: [project(body)],
      environment: of.environment || deployment?.environment || deployment?.original_environment,
      production: deployment?.production_environment ?? null,
      shortLived: deployment?.transient_environment ?? null,
      state: of.state,
      title: of.description || deployment?.ref,
      service: body.repository?.name,
      at: moment(of.updated_at) ?? moment(of.created_at),
      links: {
        Deployment: of.log_url || of.target_url || (home && `${home}/deployments`),
        Repository: home,
      },
      labels: { repository: project(body), ref: deployment?.ref },
    },
    about,
  );
};

const pageBuild: Reading = (body, about) => {
  const { build } = body;
  if (!build) return nothing(body);
  return runAlerts(
    {
      ...usual(body),
      what: 'the build of the pages',
      key: [project(body), 'pages'],
      ref: null,
      state: build.status,
      causes: [build.error?.message],
      title: build.error?.message,
      at: moment(build.updated_at),
      links: { Pages: body.repository?.html_url },
    },
    about,
  );
};

/** Forgejo's own: `action` is failure, success or recover. */
const actionRun: Reading = (body, about) => {
  const { run } = body;
  if (!run) return nothing(body);
  const repository = run.repository ?? body.repository;
  const name = repository?.full_name ?? repository?.name;
  const workflow = run.workflow_id ?? run.path ?? run.name;
  return runAlerts(
    {
      what: workflow ?? 'a workflow',
      key: [name, 'workflow', workflow],
      ref: run.prettyref || run.head_branch,
      defaultBranch: repository?.default_branch,
      notOfBranch: run.is_fork_pull_request ? 'a pull request' : proposal(run.trigger_event || run.event),
      state: body.action ?? run.conclusion ?? run.status,
      title: run.title ?? run.head_commit?.message,
      service: repository?.name,
      at: moment(run.stopped) ?? moment(run.updated_at),
      links: { Run: run.html_url, Repository: repository?.html_url },
      labels: { repository: name },
    },
    about,
  );
};

const nothing = ({ action }: ForgeBody): PassedOver => ({
  name: action ? `an event (${action})` : 'an event',
  why: 'It tells neither of a run, nor of a deployment, nor of a security alert.',
});

const readings: Record<string, Reading> = {
  deployment_status: deploymentStatus,
  workflow_job: workflowJob,
  workflow_run: workflowRun,
  check_run: checkRun,
  check_suite: checkSuite,
  secret_scanning_alert: findingAlerts,
  code_scanning_alert: findingAlerts,
  dependabot_alert: findingAlerts,
  repository_vulnerability_alert: findingAlerts,
  status,
  page_build: pageBuild,
  action_run: actionRun,
  action_run_failure: actionRun,
  action_run_success: actionRun,
  action_run_recover: actionRun,
};

/** By what it holds: bodies are read from files too. Some hold more than their own, so the order counts. */
function kindOf(body: ForgeBody): string | null {
  const holds = ['deployment_status', 'workflow_job', 'check_run', 'workflow_run', 'check_suite'] as const;
  const held = holds.find((key) => body[key]);
  if (held) return held;
  const { alert } = body;
  if (alert && (alert.secret_type || alert.rule || alert.security_advisory || alert.affected_package_name))
    return 'code_scanning_alert';
  if (body.run) return 'action_run';
  if (body.build?.status) return 'page_build';
  return body.context && body.state ? 'status' : null;
}

/** What a body of GitHub, Gitea or Forgejo comes to. */
export function forgeAlerts(body: ForgeBody, about: AboutReading): Alert[] | PassedOver {
  const event = forgeEvent(about);
  if (event === 'ping' || (event === null && body.zen))
    return { name: 'ping', why: 'The sender asks whether anybody is here.' };
  const named = event !== null && Object.hasOwn(readings, event) ? event : null;
  // An event with a name of its own that is not read is not taken for another that it mentions.
  const kind = named ?? (event === null ? kindOf(body) : null);
  if (kind === null) return event ? { ...nothing(body), name: event } : nothing(body);
  return (readings[kind] as Reading)(body, about);
}
