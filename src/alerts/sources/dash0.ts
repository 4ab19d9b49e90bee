import { z } from 'zod';
import { makeAlert } from '../make.js';
import { list, record, text } from '../shapes.js';
import { defineSource } from '../source.js';
import { moment } from '../times.js';

const payload = z.object({
  type: z.string(),
  data: z
    .object({
      issue: z
        .object({
          id: text,
          issueIdentifier: text,
          dataset: text,
          start: text,
          end: text,
          status: text,
          summary: text,
          description: text,
          url: text,
          labels: list(z.object({ key: z.string(), value: record }), 64),
          checkrules: list(z.object({ name: text, url: text }), 16),
        })
        .nullish(),
    })
    .nullish(),
});

/** Failed checks of Dash0. */
export const dash0 = defineSource({
  kind: 'dash0',
  sender: 'Dash0',
  authentication: 'token in the address',
  episode: 'no body of a beginning is at hand; it differs in type and status',
  payload,
  alerts({ type, data }, about) {
    const issue = data?.issue;
    if (!issue) return { name: `Dash0 ${type}`, why: 'no issue is told of' };
    const labels = Object.fromEntries(
      issue.labels.map(({ key, value }) => [
        key,
        Object.values(value).find((each) => typeof each !== 'object') ?? null,
      ]),
    );
    const [rule] = issue.checkrules;
    const firing = !/(?:resolved|closed)$/i.test(type) && !/^(?:resolved|closed)$/i.test(issue.status ?? '');
    const name = (key: string): string | null => (typeof labels[key] === 'string' ? labels[key] : null);
    return [
      makeAlert(about, {
        key: [issue.id ?? issue.issueIdentifier],
        firing,
        startsAt: moment(issue.start),
        endsAt: moment(issue.end),
        name: [rule?.name, issue.summary],
        summary: [issue.summary, issue.description, rule?.name],
        service: [name('service.name'), name('dash0.resource.name')],
        host: name('host.name'),
        severity:
          firing && /^(?:critical|degraded|failed|warning)$/i.test(issue.status ?? '')
            ? issue.status === 'failed'
              ? 'critical'
              : issue.status
            : null,
        labels: { ...labels, dataset: issue.dataset, status: issue.status },
        annotations: { description: issue.description },
        links: { Issue: issue.url, Rule: rule?.url },
      }),
    ];
  },
});
