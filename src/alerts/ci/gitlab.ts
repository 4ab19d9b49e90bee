import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import type { AboutReading, PassedOver } from '../source.js';
import { moment } from '../times.js';
import { deploymentAlerts } from './deployment.js';
import type { GitlabBody } from './gitlab-shapes.js';
import { runAlerts } from './run.js';
import { platformCause } from './words.js';

type Read = Alert[] | PassedOver;
type Reading = (body: GitlabBody, about: AboutReading) => Read;

/** The path in an address of a project, e.g. `group/project`. */
function pathIn(address: string | null | undefined): string | null {
  if (!address || !URL.canParse(address)) return null;
  return new URL(address).pathname.replace(/^\/+|\/+$/g, '') || null;
}

const home = ({ project, repository }: GitlabBody): string | null | undefined =>
  project?.web_url ?? project?.homepage ?? repository?.homepage;
const pathOf = (body: GitlabBody): string | null =>
  body.project?.path_with_namespace ?? pathIn(home(body)) ?? body.project_name ?? body.project?.name ?? body.project_id;

/** A machine of GitLab.com is nobody's to look at. */
const ownRunner = (name: string | null | undefined): string | null =>
  name && !/\bgitlab\.com\b/.test(name) ? name : null;

/** Reasons that name the machines; the others are the build's own. `unknown_failure` is also said of what passed. */
const byPlatform = (reason: string | null): string | null =>
  platformCause([reason]) === null ? null : (reason?.replaceAll('_', ' ') ?? null);

const pipeline: Reading = (body, about) => {
  const { object_attributes: run, merge_request: change, project } = body;
  const source = run?.source ?? null;
  const failed = body.builds.filter(({ status, allow_failure }) => status === 'failed' && allow_failure !== true);
  const causes = failed.map(({ failure_reason }) => byPlatform(failure_reason));
  const runner = failed.find(({ runner }) => runner?.description)?.runner?.description;
  const proposed = Boolean(change) || source === 'merge_request_event' || source === 'external_pull_request_event';
  // These run beside the branch's own pipeline: one that passes says nothing of the other.
  const apart = source === 'schedule' || source === 'parent_pipeline' || source === 'pipeline' ? source : null;
  return runAlerts(
    {
      what: apart === 'schedule' ? 'the scheduled pipeline' : 'the pipeline',
      key: [pathOf(body), 'pipeline', apart],
      ref: run?.ref,
      defaultBranch: project?.default_branch,
      notOfBranch: proposed ? 'a merge request' : run?.tag ? 'a tag' : null,
      state: run?.status,
      platform: failed.length > 0 && causes.every((cause) => cause !== null) ? causes[0] : null,
      title:
        failed.length > 0 ? failed.map(({ name }) => name).join(', ') : (body.commit?.title ?? body.commit?.message),
      service: pathOf(body),
      host: failed.length === 1 ? ownRunner(runner) : null,
      at: moment(run?.finished_at),
      links: {
        Pipeline: run?.url ?? (home(body) && run?.id ? `${home(body)}/-/pipelines/${run.id}` : null),
        Commit: body.commit?.url,
        Project: home(body),
      },
      labels: { project: pathOf(body), source },
    },
    about,
  );
};

const build: Reading = (body, about) => {
  const name = body.build_name ?? 'a job';
  if (body.build_status === 'failed' && body.build_allow_failure === true)
    return { name: `${name}: failed`, why: 'It is allowed to fail.' };
  return runAlerts(
    {
      what: name,
      key: [pathOf(body), 'job', name],
      ref: body.ref,
      defaultBranch: body.project?.default_branch,
      notOfBranch: body.tag ? 'a tag' : null,
      state: body.build_status,
      platform: body.build_status === 'failed' ? byPlatform(body.build_failure_reason) : null,
      title: body.commit?.title ?? body.commit?.message,
      service: pathOf(body),
      host: body.build_status === 'failed' ? ownRunner(body.runner?.description) : null,
      at: moment(body.build_finished_at),
      links: {
        Job: home(body) && body.build_id ? `${home(body)}/-/jobs/${body.build_id}` : null,
        Project: home(body),
      },
      labels: {
        project: pathOf(body),
        stage: body.build_stage,
        ...(body.build_status === 'failed' && { reason: body.build_failure_reason }),
      },
    },
    about,
  );
};

const deployment: Reading = (body, about) => {
  const tier = body.environment_tier ?? body.environment?.deployment_tier;
  return deploymentAlerts(
    {
      key: [pathOf(body)],
      environment: body.environment?.name,
      production: tier === 'production',
      shortLived: tier === 'development' && /^review\b/.test(body.environment?.name ?? ''),
      // Somebody said no before it began.
      state: body.status === 'rejected' ? 'cancelled' : body.status,
      title: body.commit_title,
      service: pathOf(body),
      at: moment(body.status_changed_at),
      links: { Job: body.deployable_url, Environment: body.environment_external_url, Project: home(body) },
      labels: { project: pathOf(body), tier, ref: body.ref },
    },
    about,
  );
};

const ended = /^(?:closed?|resolved?|dismiss(?:ed)?|ignored)$/i;

/** An alert, an incident or a vulnerability: what GitLab itself holds open until somebody ends it. */
const finding =
  (what: string, key: string): Reading =>
  (body, about) => {
    const of = body.object_attributes;
    const state = of?.state ?? of?.status;
    return [
      makeAlert(about, {
        key: [pathOf(body), key, of?.iid ?? of?.id ?? of?.url ?? of?.title],
        firing: !ended.test(state ?? ''),
        startsAt: of?.action === 'reopen' ? moment(of.updated_at) : (moment(of?.started_at) ?? moment(of?.created_at)),
        endsAt: moment(of?.ended_at) ?? moment(of?.closed_at) ?? moment(of?.updated_at),
        name: of?.title ?? what,
        service: [of?.service, pathOf(body)],
        severity: of?.severity === 'unknown' ? null : of?.severity,
        labels: { project: pathOf(body), kind: what, tool: of?.monitoring_tool, state },
        links: { [what]: of?.url, Project: home(body) },
      }),
    ];
  };
const incident = finding('Incident', 'incident');

const readings: Record<string, Reading> = {
  pipeline,
  build,
  job: build,
  deployment,
  alert: finding('Alert', 'alert'),
  vulnerability: finding('Vulnerability', 'vulnerability'),
  incident,
};

/** What a body of GitLab comes to. */
export function gitlabAlerts(body: GitlabBody, about: AboutReading): Read {
  const kind = body.object_kind ?? body.event_name ?? 'an event';
  const type = body.object_attributes?.type ?? body.event_type;
  if (/^(?:issue|work_item)$/.test(kind) && /^incident$/i.test(type ?? '')) return incident(body, about);
  if (Object.hasOwn(readings, kind)) return (readings[kind] as Reading)(body, about);
  return {
    name: kind,
    why: 'It tells neither of a pipeline or a job, nor of a deployment, nor of an alert or an incident.',
  };
}
