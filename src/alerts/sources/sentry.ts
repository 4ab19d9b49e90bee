import { z } from 'zod';
import type { Alert } from '../alert.js';
import { signedBody } from '../authentic.js';
import { makeAlert } from '../make.js';
import { list, part, text } from '../shapes.js';
import { type AboutReading, defineSource, type PassedOver } from '../source.js';
import { epoch, moment } from '../times.js';
import { bounded, kept } from '../words.js';

const tags = list(z.tuple([z.string(), z.unknown()]).rest(z.unknown()), 64);
const event = {
  issue_id: text,
  issue_url: text,
  url: text,
  web_url: text,
  title: text,
  message: text,
  culprit: text,
  level: text,
  environment: text,
  release: text,
  project: text,
  datetime: text,
  received: text,
  tags,
};
const issue = {
  id: text,
  shortId: text,
  title: text,
  culprit: text,
  level: text,
  priority: text,
  permalink: text,
  web_url: text,
  url: text,
  lastSeen: text,
  project: part({ slug: text, name: text }),
};
const metric = {
  id: text,
  title: text,
  web_url: text,
  projects: list(text, 16),
  alert_rule: part({ id: text, name: text, environment: text }),
};
const payload = z.union([
  z.undefined(),
  z.object({
    action: text,
    data: z.object({
      event: part(event),
      error: part(event),
      issue: part(issue),
      metric_alert: part(metric),
      description_text: text,
      description_title: text,
      web_url: text,
      triggered_rule: text,
    }),
  }),
  // An installation says nothing but who it is; the plugin of old writes its event flat.
  z.object({ action: z.string(), installation: z.unknown() }),
  z.object({
    project: z.string(),
    id: text,
    project_slug: text,
    level: text,
    culprit: text,
    message: text,
    url: text,
    event: part(event),
  }),
]);
type Event = z.infer<z.ZodObject<typeof event>>;
type Issue = z.infer<z.ZodObject<typeof issue>>;
type Metric = z.infer<z.ZodObject<typeof metric>>;

/** Sentry: integrations (signed), their issues and metric alerts, and the WebHooks plugin of old. */
export const sentry = defineSource({
  kind: 'sentry',
  sender: 'Sentry',
  authentication:
    'HMAC-SHA256 of the body (Sentry-Hook-Signature); the WebHooks plugin signs nothing: token in the address',
  episode: 'proven',
  takes: { empty: true },
  authentic: signedBody('sentry-hook-signature'),
  delivery: ({ headers }) => headers['request-id'] ?? null,
  payload,
  alerts(body, about) {
    if (body === undefined) return passed(null, about);
    if ('project' in body) {
      const { event: said, ...flat } = body;
      const given = { ...(said ?? {}), level: flat.level ?? said?.level, culprit: flat.culprit ?? said?.culprit };
      const known = { id: flat.id, service: flat.project_slug ?? flat.project, link: flat.url, summary: flat.message };
      return [fromEvent({ ...given, title: said?.title ?? flat.message } as Event, about, known)];
    }
    const { action } = body;
    if (!('data' in body)) return passed(action, about);
    const { data } = body;
    if (data.metric_alert) return fromMetric(action, data.metric_alert, data, about);
    if (data.issue) return fromIssue(action, data.issue, about);
    const said = data.event ?? data.error;
    return said ? [fromEvent(said, about, { rule: data.triggered_rule })] : passed(action, about);
  },
});

function passed(action: string | null, { headers }: AboutReading): PassedOver {
  const resource = headers['sentry-hook-resource'] ?? 'webhook';
  return { name: `Sentry ${resource} ${action ?? ''}`.trim(), why: `${resource} is no alert` };
}

/** Alerts of one issue end when the issue does, so its id alone is their key. */
function fromEvent(
  said: Event,
  about: AboutReading,
  {
    id,
    service,
    link,
    rule,
    summary,
  }: {
    id?: string | null;
    service?: string | null;
    link?: string | null;
    rule?: string | null;
    summary?: string | null;
  },
): Alert {
  const tagged = bounded(Object.fromEntries(said.tags ?? []), kept.labels, kept.label);
  const [, issueId] = /\/issues\/(\d+)/.exec(said.issue_url ?? said.web_url ?? '') ?? [];
  const [, slug] = /\/projects\/[^/]+\/([^/]+)\//.exec(said.url ?? '') ?? [];
  return makeAlert(about, {
    key: ['issue', id ?? said.issue_id ?? issueId ?? said.title],
    firing: true,
    // By Sentry's clock where it says so: an application's may be off, and then the alert would seem to be an old one.
    startsAt: epoch(said.received) ?? moment(said.datetime),
    name: [said.title, said.message],
    summary: [summary, said.title, said.message],
    service: service ?? slug,
    host: tagged.server_name,
    severity: [said.level, tagged.level],
    labels: { ...tagged, project: said.project, environment: said.environment ?? tagged.environment, rule },
    annotations: { culprit: said.culprit, release: said.release },
    links: { Issue: pageOf(link ?? said.web_url ?? said.issue_url) },
  });
}

/** The page of people, from the address of the API. */
const pageOf = (url: string | null | undefined): string | null =>
  url?.replace(/\/api\/0\/(?=(?:organizations\/[^/]+\/)?issues\/)/, '/') ?? null;

const issueStates: Readonly<Record<string, boolean>> = {
  created: true,
  unresolved: true,
  regressed: true,
  reopened: true,
  resolved: false,
  ignored: false,
  archived: false,
  deleted: false,
};

function fromIssue(action: string | null, said: Issue, about: AboutReading): Alert[] | PassedOver {
  const firing = issueStates[action ?? ''];
  if (firing === undefined)
    return { name: `Sentry issue ${action}`, why: `an issue that is ${action} neither begins nor ends` };
  return [
    makeAlert(about, {
      key: ['issue', said.id ?? said.shortId],
      firing,
      startsAt: action === 'created' ? moment(said.lastSeen) : null,
      name: said.title,
      service: [said.project?.slug, said.project?.name],
      severity: said.level,
      labels: { issue: said.shortId, priority: said.priority, action },
      annotations: { culprit: said.culprit },
      links: { Issue: said.permalink ?? said.web_url ?? pageOf(said.url) },
    }),
  ];
}

function fromMetric(
  action: string | null,
  said: Metric,
  {
    description_text,
    description_title,
    web_url,
  }: { description_text: string | null; description_title: string | null; web_url: string | null },
  about: AboutReading,
): Alert[] {
  const firing = action !== 'resolved' && action !== 'closed';
  const name = said.alert_rule?.name ?? said.title;
  const what = description_title ?? said.title ?? name;
  return [
    makeAlert(about, {
      key: ['metric', said.id ?? said.alert_rule?.id ?? name],
      firing,
      name: [name, description_title],
      summary: [what, description_text].filter(Boolean).join(': '),
      service: said.projects[0],
      severity: action === 'critical' || action === 'warning' ? action : null,
      labels: { rule: said.alert_rule?.name, environment: said.alert_rule?.environment },
      annotations: { description: description_text },
      links: { Alert: web_url ?? said.web_url },
    }),
  ];
}
