import type { Alert } from '../alert.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';
import { deploymentAlerts } from './deployment.js';
import { forgeEvent } from './forge.js';
import { checkRun, checkSuite, pageBuild, status } from './forge-checks.js';
import { nothing, project, type Reading } from './forge-reading.js';
import { actionRun, workflowJob, workflowRun } from './forge-runs.js';
import type { ForgeBody } from './forge-shapes.js';
import { findingAlerts } from './security.js';

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
