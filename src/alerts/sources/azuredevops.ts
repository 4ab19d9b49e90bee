import { z } from 'zod';
import { deploymentAlerts } from '../ci/deployment.js';
import { runAlerts } from '../ci/run.js';
import { part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const links = part({ web: part({ href: text }) });
const named = part({ id: text, name: text });
const state = { name: text, state: text, result: text, finishTime: text, finishedDate: text, _links: links };
const payload = z.object({
  eventType: z.string().min(1),
  createdDate: text,
  message: part({ text }),
  detailedMessage: part({ text, markdown: text }),
  resource: z.object({
    name: text,
    buildNumber: text,
    status: text,
    result: text,
    reason: text,
    url: text,
    finishTime: text,
    sourceBranch: text,
    sourceGetVersion: text,
    definition: named,
    project: named,
    repository: named,
    pipeline: named,
    run: part({ ...state, pipeline: named, resources: record }),
    stage: part(state),
    job: part(state),
    environment: part({
      name: text,
      status: text,
      release: part({ name: text, _links: links }),
      releaseDefinition: named,
    }),
    _links: links,
  }),
  resourceContainers: part({ project: part({ id: text }) }),
});
type Resource = z.output<typeof payload>['resource'];

const linkIn = (markdown: string | null | undefined): string | null =>
  /\]\((https?:\/\/[^\s)]+)\)/.exec(markdown ?? '')?.[1] ?? null;

/** `LG:refs/heads/master:600c52d` as `refs/heads/master`. */
const fetched = (version: string | null): string | null => /(refs\/[^:]+)/.exec(version ?? '')?.[1] ?? null;

function refOf({ sourceBranch, sourceGetVersion, run }: Resource): string | null {
  const { repositories } = (run?.resources ?? {}) as { repositories?: { self?: { refName?: unknown } } };
  const own = repositories?.self?.refName;
  return sourceBranch ?? fetched(sourceGetVersion) ?? (typeof own === 'string' ? own : null);
}

/** Builds, runs of pipelines, their stages and jobs, and classic releases, as service hooks of Azure DevOps tell of them. */
export const azuredevops = defineSource({
  kind: 'azuredevops',
  sender: 'Azure DevOps',
  authentication: 'token (Basic, or a header of its own)',
  episode:
    'no real body of a failed build is published; the next that passes has its key, as shown on a real one with its state changed',
  payload,
  alerts({ eventType, resource, message, detailedMessage, resourceContainers, createdDate }, about) {
    const project = resource.project?.name ?? resourceContainers?.project?.id;
    const link = linkIn(detailedMessage?.markdown);
    const { environment, run, stage, job } = resource;
    if (environment)
      return deploymentAlerts(
        {
          key: [project, environment.releaseDefinition?.name],
          environment: environment.name,
          state: environment.status,
          title: environment.release?.name,
          service: environment.releaseDefinition?.name ?? resource.project?.name,
          at: moment(createdDate),
          links: { Release: environment.release?._links?.web?.href ?? link },
          labels: { project },
        },
        about,
      );
    const ran = job ?? stage ?? run ?? resource;
    const result = ran.result || ('state' in ran ? ran.state : resource.status);
    const pipeline = resource.definition?.name ?? resource.pipeline?.name ?? run?.pipeline?.name;
    if (!/^build\.complete$|-state-changed-event$/.test(eventType))
      return { name: eventType, why: 'It tells neither of a build, nor of a run, nor of a release.' };
    const within = job ? `job ${job.name}` : stage ? `stage ${stage.name}` : null;
    return runAlerts(
      {
        what: [pipeline ?? 'a pipeline', within].filter(Boolean).join(', '),
        key: [project, pipeline, within],
        ref: refOf(resource),
        notOfBranch: resource.reason === 'pullRequest' ? 'a pull request' : null,
        state: result === 'stopped' ? 'cancelled' : result,
        causes: [detailedMessage?.text],
        title: message?.text,
        service: pipeline ?? resource.repository?.name,
        at: moment(resource.finishTime) ?? moment(ran.finishTime) ?? moment(createdDate),
        links: { Build: resource._links?.web?.href ?? run?._links?.web?.href ?? link ?? resource.url },
        labels: { project, pipeline },
      },
      about,
    );
  },
});
