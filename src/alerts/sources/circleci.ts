import { z } from 'zod';
import { signedBody } from '../authentic.js';
import { runAlerts } from '../ci/run.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const ran = { name: text, status: text, stopped_at: text };
const payload = z.object({
  type: z.string().min(1),
  happened_at: text,
  project: part({ name: text, slug: text }),
  workflow: part({ ...ran, url: text }),
  job: part({ ...ran, number: text }),
  pipeline: part({
    vcs: part({ branch: text, tag: text, commit: part({ subject: text }), target_repository_url: text }),
    trigger_parameters: part({
      git: part({ branch: text, tag: text, ref: text, commit_message: text, repo_url: text, default_branch: text }),
      gitlab: part({ branch: text, tag: text, commit_title: text, default_branch: text, web_url: text }),
      circleci: part({ event_type: text }),
    }),
  }),
});

/** Workflows and jobs of CircleCI. */
export const circleci = defineSource({
  kind: 'circleci',
  sender: 'CircleCI',
  authentication: 'HMAC-SHA256 of the body (circleci-signature, v1=)',
  episode:
    'no real body of a failed workflow is published; the next that passes has its key, as shown on a real one with its state changed',
  authentic: signedBody('circleci-signature', { prefix: 'v1=' }),
  payload,
  alerts({ type, happened_at, project, workflow, job, pipeline }, about) {
    const ran = type === 'job-completed' ? job : type === 'workflow-completed' ? workflow : null;
    if (!ran) return { name: type, why: 'It tells neither of a workflow nor of a job.' };
    const { git, gitlab } = pipeline?.trigger_parameters ?? {};
    const branch = pipeline?.vcs?.branch ?? git?.branch ?? gitlab?.branch;
    return runAlerts(
      {
        what:
          type === 'job-completed'
            ? `${workflow?.name ?? 'a workflow'} / ${job?.name ?? 'a job'}`
            : (ran.name ?? 'a workflow'),
        key: [project?.slug ?? project?.name, workflow?.name, type === 'job-completed' ? job?.name : null],
        ref: branch,
        defaultBranch: git?.default_branch ?? gitlab?.default_branch,
        notOfBranch: pipeline && !branch ? 'a tag' : null,
        state: ran.status,
        title: pipeline?.vcs?.commit?.subject ?? git?.commit_message ?? gitlab?.commit_title,
        service: project?.name,
        at: moment(ran.stopped_at) ?? moment(happened_at),
        links: {
          Workflow: workflow?.url,
          Repository: pipeline?.vcs?.target_repository_url ?? git?.repo_url ?? gitlab?.web_url,
        },
        labels: { project: project?.slug },
      },
      about,
    );
  },
});
