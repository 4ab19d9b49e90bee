import { z } from 'zod';
import { flag, list, part, text } from '../shapes.js';

const project = part({
  id: text,
  name: text,
  path_with_namespace: text,
  web_url: text,
  homepage: text,
  default_branch: text,
});
const runner = part({ description: text });
const environment = z
  .union([
    z.string().transform((name) => ({ name, deployment_tier: null })),
    part({ name: text, deployment_tier: text }),
  ])
  .catch(null);

/** A body of GitLab's webhooks, of whichever kind; `object_kind` says of which. */
export const gitlabPayload = z
  .looseObject({
    object_kind: text,
    event_name: text,
    event_type: text,
    ref: text,
    tag: flag,
    status: text,
    environment,
    environment_tier: text,
    environment_external_url: text,
    deployable_url: text,
    commit_title: text,
    status_changed_at: text,
    build_id: text,
    build_name: text,
    build_stage: text,
    build_status: text,
    build_allow_failure: flag,
    build_failure_reason: text,
    build_finished_at: text,
    project_id: text,
    project_name: text,
    runner,
    project,
    repository: part({ name: text, homepage: text }),
    commit: part({ message: text, title: text, url: text }),
    merge_request: part({ source_branch: text, url: text }),
    object_attributes: part({
      id: text,
      iid: text,
      ref: text,
      tag: flag,
      source: text,
      status: text,
      state: text,
      action: text,
      type: text,
      severity: text,
      title: text,
      description: text,
      finished_at: text,
      created_at: text,
      closed_at: text,
      updated_at: text,
      started_at: text,
      ended_at: text,
      url: text,
      name: text,
      report_type: text,
      monitoring_tool: text,
      service: text,
      location: part({ file: text }),
    }),
    builds: list(
      z.object({
        name: text,
        stage: text,
        status: text,
        allow_failure: flag,
        failure_reason: text,
        runner,
      }),
    ),
  })
  .refine((body) => Boolean(body.object_kind ?? body.event_name), {
    message: 'neither object_kind nor event_name is there',
  });

export type GitlabBody = z.output<typeof gitlabPayload>;
