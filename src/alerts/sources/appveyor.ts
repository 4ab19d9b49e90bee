import { z } from 'zod';
import { deploymentAlerts } from '../ci/deployment.js';
import { runAlerts } from '../ci/run.js';
import { flag, list, text } from '../shapes.js';
import { defineSource } from '../source.js';

const messages = list(z.object({ message: text, details: text }), 20);
const payload = z.object({
  eventName: z.string().min(1),
  eventData: z.object({
    passed: flag,
    failed: flag,
    status: text,
    projectName: text,
    repositoryName: text,
    branch: text,
    isPullRequest: flag,
    isTag: flag,
    commitMessage: text,
    buildUrl: text,
    commitUrl: text,
    deploymentUrl: text,
    environmentName: text,
    messages,
    jobs: list(z.object({ messages, failed: flag })),
  }),
});

/** Builds and deployments of AppVeyor. Its times name no zone, so the arrival counts. */
export const appveyor = defineSource({
  kind: 'appveyor',
  sender: 'AppVeyor',
  authentication: 'token (Authorization, set in the webhook)',
  episode: 'proven',
  payload,
  alerts({ eventName, eventData: build }, about) {
    const project = build.repositoryName ?? build.projectName;
    // A build that passed says `completed`.
    const state = build.failed ? 'failed' : build.passed ? 'passed' : build.status;
    const told = {
      service: build.projectName ?? build.repositoryName,
      state,
      title: build.commitMessage,
      at: null,
      labels: { repository: build.repositoryName },
    };
    if (/^deployment/.test(eventName))
      return deploymentAlerts(
        {
          ...told,
          key: [project, build.projectName],
          environment: build.environmentName,
          links: { Deployment: build.deploymentUrl ?? build.buildUrl, Commit: build.commitUrl },
        },
        about,
      );
    return runAlerts(
      {
        ...told,
        what: 'the build',
        key: [project, build.projectName, 'build'],
        ref: build.branch,
        notOfBranch: build.isPullRequest ? 'a pull request' : build.isTag ? 'a tag' : null,
        causes: [...build.messages, ...build.jobs.flatMap((job) => job.messages)].flatMap(({ message, details }) => [
          message,
          details,
        ]),
        links: { Build: build.buildUrl, Commit: build.commitUrl },
      },
      about,
    );
  },
});
