import { z } from 'zod';
import { flag, list, part, record, text } from '../shapes.js';
import { unwrapped } from './forge.js';

const repository = part({ name: text, full_name: text, html_url: text, default_branch: text });
const commit = part({ message: text });
const app = part({ slug: text, name: text });
const suite = part({
  head_branch: text,
  status: text,
  conclusion: text,
  updated_at: text,
  head_commit: commit,
  app,
  after: text,
});

/** Of workflow_run, and of Forgejo's action_run, which calls most things otherwise. */
const run = part({
  id: text,
  name: text,
  title: text,
  display_title: text,
  workflow_id: text,
  path: text,
  head_branch: text,
  prettyref: text,
  event: text,
  trigger_event: text,
  is_fork_pull_request: flag,
  status: text,
  conclusion: text,
  html_url: text,
  updated_at: text,
  completed_at: text,
  stopped: text,
  head_commit: commit,
  repository,
  head_repository: repository,
});
const job = part({
  name: text,
  workflow_name: text,
  head_branch: text,
  status: text,
  conclusion: text,
  html_url: text,
  completed_at: text,
  runner_name: text,
  steps: list(z.object({ name: text, conclusion: text, status: text })),
});
const check = part({
  name: text,
  status: text,
  conclusion: text,
  html_url: text,
  details_url: text,
  completed_at: text,
  output: part({ title: text, summary: text }),
  check_suite: suite,
  app,
});

/** Of secret_scanning_alert, code_scanning_alert, dependabot_alert and repository_vulnerability_alert. */
const finding = part({
  number: text,
  id: text,
  html_url: text,
  state: text,
  severity: text,
  created_at: text,
  updated_at: text,
  resolution: text,
  resolved_at: text,
  fixed_at: text,
  dismissed_at: text,
  secret_type: text,
  secret_type_display_name: text,
  rule: part({ id: text, severity: text, security_severity_level: text, description: text, name: text }),
  tool: part({ name: text }),
  dependency: part({ package: part({ name: text, ecosystem: text }), manifest_path: text }),
  security_advisory: part({ ghsa_id: text, cve_id: text, summary: text, severity: text }),
  affected_package_name: text,
  external_identifier: text,
  external_reference: text,
});

const known = ['action', 'zen', 'hook_id', 'repository', 'sender', 'organization', 'run', 'workflow_run', 'ref', 'sha'];

/** A body of GitHub, Gitea or Forgejo, as JSON or in a form. */
export const forgePayload = unwrapped(
  z
    .looseObject({
      action: text,
      zen: text,
      ref: text,
      state: text,
      context: text,
      description: text,
      target_url: text,
      updated_at: text,
      branches: list(z.object({ name: text }), 50),
      commit: part({ commit, message: text, html_url: text }),
      repository,
      workflow: part({ id: text, name: text, path: text }),
      workflow_run: run,
      workflow_job: job,
      check_run: check,
      check_suite: suite,
      deployment: part({
        environment: text,
        original_environment: text,
        production_environment: flag,
        transient_environment: flag,
        ref: text,
        description: text,
        payload: record,
      }),
      deployment_status: part({
        state: text,
        environment: text,
        description: text,
        target_url: text,
        log_url: text,
        updated_at: text,
        created_at: text,
      }),
      build: part({ status: text, updated_at: text, error: part({ message: text }) }),
      alert: finding,
      run,
    })
    .refine((body) => known.some((key) => body[key] !== null && body[key] !== undefined), {
      message: 'none of action, repository, sender, organization, zen or run is there',
    }),
);

export type ForgeBody = z.output<typeof forgePayload>;
