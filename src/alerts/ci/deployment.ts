import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import type { AboutReading, PassedOver } from '../source.js';
import { firstLine, kept } from '../words.js';
import { resultOf } from './words.js';

type Text = string | null | undefined;

export interface Deployment {
  /** The project; the environment is added. */
  key: readonly (string | number | null | undefined)[];
  environment: Text;
  /** The sender says so; else the name decides. */
  production?: boolean | null;
  /** Made for one change and thrown away. */
  shortLived?: boolean | null;
  state: Text;
  /** What was deployed, or what its sender says of it. */
  title?: Text;
  service: Text;
  at: number | null;
  links: Readonly<Record<string, Text>>;
  labels?: Record<string, unknown>;
}

const productionName = /^(?:prod|production|prd|live)(?:$|[^a-z])|(?:^|[^a-z])(?:prod|production|live)$/i;
const reviewName = /^(?:review|preview|pr|mr)(?:$|[/_ -])/i;

/** A failed deployment is an alert of its environment, `high` in production, else `warning`; the next that succeeds ends it, and in production is a change. */
export function deploymentAlerts(deployment: Deployment, about: AboutReading): Alert[] | PassedOver {
  const environment = firstLine(kept.word, deployment.environment) ?? 'an unnamed environment';
  const state = firstLine(kept.word, deployment.state) ?? 'no state';
  const over = (why: string): PassedOver => ({ name: `Deployment to ${environment}: ${state}`, why });

  const result = deployment.state ? resultOf(deployment.state) : 'neither';
  if (result === 'going') return over('It is not over.');
  if (result === 'neither') return over('It neither succeeded nor failed.');
  const production = deployment.production || productionName.test(environment);
  if (deployment.shortLived || (!production && reviewName.test(environment)))
    return over('The environment is of one change only.');

  const succeeded = result === 'passed';
  const title = firstLine(kept.name, deployment.title);
  const alert = makeAlert(about, {
    key: [...deployment.key, 'deployment', environment],
    firing: !succeeded,
    startsAt: succeeded ? null : deployment.at,
    endsAt: deployment.at,
    name: `deployment to ${environment} failed`,
    summary: `Deployment to ${environment} ${succeeded ? 'succeeded' : 'failed'}${title ? `: ${title}` : ''}`,
    service: deployment.service,
    severity: succeeded ? null : production ? 'high' : 'warning',
    labels: { ...deployment.labels, environment, result: state },
    links: deployment.links,
  });
  if (!succeeded || !production) return [alert];
  const ref = firstLine(kept.name, text(deployment.labels?.ref)) ?? title;
  const link = alert.links[0]?.href ?? null;
  return [{ ...alert, change: { text: `deployed${ref ? ` ${ref}` : ''} to ${environment}`, link } }];
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
