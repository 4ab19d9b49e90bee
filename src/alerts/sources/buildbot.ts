import { z } from 'zod';
import { runAlerts } from '../ci/run.js';
import { flag, list, part, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z
  .object({
    event: text,
    complete: flag,
    results: text,
    state_string: text,
    buildername: text,
    project: text,
    branch: text,
    url: text,
    timestamp: text,
    complete_at: text,
    builder: part({ name: text }),
    buildset: part({ sourcestamps: list(z.object({ branch: text, project: text }), 10) }),
    properties: record,
  })
  .refine((body) => body.results !== null || body.event !== null || body.complete !== null, {
    message: 'none of results, event and complete is there',
  });

/** In the order of Buildbot's numbers. */
const results = ['success', 'warnings', 'failure', 'skipped', 'exception', 'retry', 'cancelled'];

/** Builds of Buildbot: what its HttpStatusPush sends, or a shorter body made by a formatter. */
export const buildbot = defineSource({
  kind: 'buildbot',
  sender: 'Buildbot',
  authentication: 'token (auth of HttpStatusPush)',
  episode: 'proven',
  payload,
  alerts(build, about) {
    const property = (name: string): string | null => {
      const value = build.properties[name];
      const own: unknown = Array.isArray(value) ? value[0] : value;
      return typeof own === 'string' && own !== '' ? own : null;
    };
    const stamp = build.buildset?.sourcestamps[0];
    const builder = build.buildername ?? build.builder?.name ?? property('buildername') ?? 'a builder';
    const going = build.complete === false || (build.event !== null && build.event !== 'finished');
    const host = build.url && URL.canParse(build.url) ? new URL(build.url).host : null;
    return runAlerts(
      {
        what: builder,
        key: [host, builder],
        ref: build.branch ?? stamp?.branch ?? property('branch'),
        state: going ? 'running' : (results[Number(build.results)] ?? build.results),
        causes: [build.state_string],
        title: build.state_string,
        service: build.project || stamp?.project || property('project') || builder,
        at: moment(build.complete_at) ?? moment(build.timestamp),
        links: { Build: build.url },
        labels: { builder },
      },
      about,
    );
  },
});
