import { z } from 'zod';
import { runAlerts } from '../ci/run.js';
import { part, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const date = part({ unixtime: text, date: text });
const payload = z.object({
  trigger: text,
  status: text,
  execution: z.object({
    href: text,
    permalink: text,
    status: text,
    project: text,
    'date-started': date,
    'date-ended': date,
    job: part({ id: text, name: text, group: text, project: text, permalink: text, href: text }),
  }),
});

/** Triggers that come while a job runs, or before it is tried again. */
const early = /^(?:start|avgduration|retryablefailure)$/;

/** Executions of jobs of Rundeck. */
export const rundeck = defineSource({
  kind: 'rundeck',
  sender: 'Rundeck',
  authentication: 'token (a header of the webhook notification)',
  episode: 'proven',
  payload,
  alerts({ trigger, status, execution }, about) {
    const { job } = execution;
    const project = execution.project ?? job?.project;
    const name = job?.name ?? 'an ad-hoc command';
    return runAlerts(
      {
        what: job?.group ? `${job.group}/${name}` : name,
        key: [project, job?.id ?? name],
        ref: null,
        state: early.test(trigger ?? '') ? 'running' : (status ?? execution.status),
        service: project,
        at: moment(execution['date-ended']?.date) ?? moment(execution['date-started']?.date),
        links: { Execution: execution.permalink ?? execution.href, Job: job?.permalink ?? job?.href },
        labels: { job: job?.id },
      },
      about,
    );
  },
});
