import { z } from 'zod';
import { signedBody } from '../authentic.js';
import { runAlerts } from '../ci/run.js';
import { flag, part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const link = part({ href: text });
const payload = z
  .looseObject({
    test: flag,
    repository: part({
      name: text,
      full_name: text,
      links: part({ html: link }),
      mainbranch: part({ name: text }),
    }),
    commit_status: part({
      name: text,
      key: text,
      state: text,
      description: text,
      url: text,
      refname: text,
      updated_on: text,
      commit: part({ message: text }),
    }),
  })
  .refine((body) => ['repository', 'commit_status', 'actor', 'eventKey', 'test'].some((key) => body[key]), {
    message: 'none of repository, commit_status, actor and test is there',
  });

/** The build statuses of commits of Bitbucket Cloud: its own Pipelines and whatever else builds. */
export const bitbucket = defineSource({
  kind: 'bitbucket',
  sender: 'Bitbucket',
  authentication: 'HMAC-SHA256 of the body (X-Hub-Signature)',
  episode:
    'no real body of a failed build is published; the next that passes has its key, as shown on a real one with its state changed',
  authentic: signedBody('x-hub-signature', { prefix: 'sha256=' }),
  delivery: ({ headers }) => headers['x-request-uuid'] || headers['x-request-id'] || null,
  payload,
  alerts(body, about) {
    const { commit_status: build, repository } = body;
    if (!build) {
      const event = about.headers['x-event-key'] ?? (body.test ? 'test' : 'an event');
      return { name: event, why: 'It does not tell of a build.' };
    }
    const home = repository?.links?.html?.href;
    // Pipelines number their builds in the name and in the key.
    const pipelines = /^Pipeline #\d+/.test(build.name ?? '');
    const what = pipelines ? 'the pipeline' : (build.name ?? build.key ?? 'a build');
    return runAlerts(
      {
        what,
        key: [repository?.full_name, 'build', pipelines ? 'pipeline' : (build.key ?? build.name)],
        ref: build.refname,
        defaultBranch: repository?.mainbranch?.name,
        state: build.state,
        causes: [build.description],
        title: build.description || build.commit?.message,
        service: repository?.name,
        at: moment(build.updated_on),
        links: { Build: build.url, Repository: home },
        labels: { repository: repository?.full_name },
      },
      about,
    );
  },
});
