import { moment } from '../times.js';
import { nothing, project, proposal, type Reading, stateOf, usual } from './forge-reading.js';
import { runAlerts } from './run.js';

export const workflowRun: Reading = (body, about) => {
  const { workflow_run: run, workflow } = body;
  if (!run) return nothing(body);
  const file = run.path?.replace(/@.*/, '').replace(/^.*\//, '');
  const own = project(body);
  const foreign = own && run.head_repository?.full_name && run.head_repository.full_name !== own;
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

export const workflowJob: Reading = (body, about) => {
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

/** Forgejo's own: `action` is failure, success or recover. */
export const actionRun: Reading = (body, about) => {
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
