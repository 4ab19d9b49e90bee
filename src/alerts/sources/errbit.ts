import { z } from 'zod';
import { makeAlert } from '../make.js';
import { flag, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  problem: z.object({
    _id: text,
    id: text,
    url: text,
    app_name: text,
    environment: text,
    error_class: text,
    message: text,
    where: text,
    notices_count: text,
    last_notice_at: text,
    resolved: flag,
    resolved_at: text,
  }),
});

/** Errbit's webhook. */
export const errbit = defineSource({
  kind: 'errbit',
  sender: 'Errbit',
  authentication: 'token in the address',
  episode: 'Errbit notifies of errors only; a body with resolved: true would be the end',
  payload,
  alerts({ problem }, about) {
    const said = [problem.error_class, problem.message].filter(Boolean).join(': ');
    return [
      makeAlert(about, {
        key: [problem._id ?? problem.id ?? problem.url ?? said],
        firing: problem.resolved !== true,
        ...(problem.resolved !== true && { startsAt: moment(problem.last_notice_at) }),
        endsAt: moment(problem.resolved_at),
        name: [problem.error_class, problem.message],
        summary: said,
        service: problem.app_name,
        labels: { environment: problem.environment, where: problem.where, notices: problem.notices_count },
        links: { Problem: problem.url },
      }),
    ];
  },
});
