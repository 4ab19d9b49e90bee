import { z } from 'zod';
import { unwrapped } from '../ci/forge.js';
import { runAlerts } from '../ci/run.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = unwrapped(
  z.object({
    repository: z.object({ name: text, owner_name: text, url: text }),
    state: text,
    status_message: text,
    result_message: text,
    type: text,
    pull_request: text,
    branch: text,
    tag: text,
    message: text,
    build_url: text,
    compare_url: text,
    finished_at: text,
    config: part({}),
  }),
);

/** Builds of Travis CI. */
export const travis = defineSource({
  kind: 'travis',
  sender: 'Travis CI',
  // Its signature shows that Travis sent a body, but not whose build it is of: anybody can have it sent here.
  authentication: 'token in the address (its signature does not show whose build it is)',
  episode:
    'no real body of a failed build is published; the next that passes has its key, as shown on a real one with its state changed',
  takes: { bodies: ['form'] },
  payload,
  alerts(build, about) {
    const { repository, tag } = build;
    const project = [repository.owner_name, repository.name].filter(Boolean).join('/');
    const proposed = build.type === 'pull_request' || build.pull_request === 'true';
    return runAlerts(
      {
        what: 'the build',
        key: [project, 'build'],
        ref: build.branch,
        notOfBranch: proposed ? 'a pull request' : tag ? 'a tag' : null,
        state: build.state ?? build.status_message ?? build.result_message,
        title: build.message,
        service: repository.name,
        at: moment(build.finished_at),
        links: { Build: build.build_url, Changes: build.compare_url, Repository: repository.url },
        labels: { repository: project },
      },
      about,
    );
  },
});
