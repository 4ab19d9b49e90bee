import { z } from 'zod';
import { runAlerts } from '../ci/run.js';
import { list, part, text } from '../shapes.js';
import { defineSource } from '../source.js';

const payload = z.object({
  type: z.string().min(1),
  data: z.looseObject({
    pipeline: part({
      name: text,
      group: text,
      counter: text,
      'build-cause': list(z.object({ material: part({ 'git-configuration': part({ branch: text, url: text }) }) }), 20),
      stage: part({
        name: text,
        counter: text,
        state: text,
        result: text,
        jobs: list(z.object({ name: text, result: text }), 200),
      }),
    }),
  }),
});

/** Stages of pipelines of GoCD. Its times name no zone, so the arrival counts. */
export const gocd = defineSource({
  kind: 'gocd',
  sender: 'GoCD (webhook notifier plugin)',
  authentication: 'token in the address',
  episode:
    'the real bodies of a failure and of a success are of different pipelines; a stage that passes has the key of the one that failed, as shown on a real one with its state changed',
  payload,
  alerts({ type, data }, about) {
    const { pipeline } = data;
    const stage = pipeline?.stage;
    if (!stage) return { name: type, why: 'It does not tell of a stage.' };
    const name = pipeline?.name ?? 'a pipeline';
    const git = pipeline?.['build-cause'].find(({ material }) => material?.['git-configuration'])?.material?.[
      'git-configuration'
    ];
    const known = stage.result && !/^unknown$/i.test(stage.result) ? stage.result : stage.state;
    const failed = stage.jobs.filter(({ result }) => /^failed$/i.test(result ?? '')).map((job) => job.name);
    return runAlerts(
      {
        what: `${name} / ${stage.name ?? 'a stage'}`,
        key: [pipeline?.group, name, stage.name],
        // A pipeline is made for one branch, on purpose: whichever it is, somebody relies on it.
        ref: null,
        state: known,
        title: failed.length > 0 ? failed.join(', ') : null,
        service: name,
        at: null,
        links: { Repository: git?.url },
        labels: { group: pipeline?.group, run: pipeline?.counter, of: git?.branch },
      },
      about,
    );
  },
});
