import { z } from 'zod';
import type { Alert } from '../alert.js';
import { makeAlert } from '../make.js';
import { list, number, part, record, text } from '../shapes.js';
import { type AboutReading, defineSource } from '../source.js';
import { moment } from '../times.js';

const resource = z.object({ digest: text, tag: text, resource_url: text, scan_overview: record });
const registry = part({ registry_name: text, endpoint: text, namespace: text });
const artifacts = list(z.object({ name_tag: text, status: text }), 50);
const data = z.object({
  resources: list(resource, 100),
  repository: part({ name: text, namespace: text, repo_full_name: text }),
  replication: part({
    harbor_hostname: text,
    job_status: text,
    description: text,
    src_resource: registry,
    dest_resource: registry,
    successful_artifact: artifacts,
    failed_artifact: artifacts,
  }),
  retention: part({
    harbor_hostname: text,
    project_name: text,
    retention_policy_id: text,
    status: text,
    total: number,
    retained: number,
  }),
  custom_attributes: record,
});
const plain = z.object({ type: z.string().min(1), occur_at: number, event_data: data, operator: text });
const cloud = z.object({
  specversion: z.string(),
  type: z.string().startsWith('harbor.'),
  time: text,
  data,
  operator: text,
});
const payload = z.union([plain, cloud]);
type Data = z.infer<typeof data>;
type Said = Parameters<typeof makeAlert>[1];

const plainNames: Record<string, string> = {
  'harbor.artifact.pushed': 'PUSH_ARTIFACT',
  'harbor.artifact.pulled': 'PULL_ARTIFACT',
  'harbor.artifact.deleted': 'DELETE_ARTIFACT',
  'harbor.quota.exceeded': 'QUOTA_EXCEED',
  'harbor.quota.warned': 'QUOTA_WARNING',
  'harbor.replication.status.changed': 'REPLICATION',
  'harbor.scan.failed': 'SCANNING_FAILED',
  'harbor.scan.completed': 'SCANNING_COMPLETED',
  'harbor.scan.stopped': 'SCANNING_STOPPED',
  'harbor.tag_retention.finished': 'TAG_RETENTION',
};

/** Harbor's webhook policies, both payload formats. */
export const harbor = defineSource({
  kind: 'harbor',
  sender: 'Harbor',
  authentication: 'token (the policy\'s "Auth Header")',
  // It has one field for the whole header, and people put only the token there.
  tokenHeaders: ['authorization'],
  episode: 'failures and successes were found published, but not of the same artifact',
  payload,
  alerts(body, about) {
    const { data, at } =
      'event_data' in body
        ? { data: body.event_data, at: moment(body.occur_at) }
        : { data: body.data, at: moment(body.time) };
    const type = plainNames[body.type] ?? body.type.toUpperCase();
    const repository =
      data.repository?.repo_full_name ?? [data.repository?.namespace, data.repository?.name].filter(Boolean).join('/');
    const what = `${type.toLowerCase().replaceAll('_', ' ')}${repository ? ` of ${repository}` : ''}`;
    if (type === 'SCANNING_FAILED' || type === 'SCANNING_COMPLETED')
      return scans(type === 'SCANNING_FAILED', repository, data, at, about);
    if (type === 'QUOTA_EXCEED' || type === 'QUOTA_WARNING') return [quota(type === 'QUOTA_EXCEED', data, at, about)];
    if (type === 'REPLICATION')
      return (
        replications(data, at, about) ?? {
          name: what,
          why: 'The replication is still under way, or was stopped by somebody.',
        }
      );
    if (type === 'TAG_RETENTION')
      return (
        retention(data, at, about) ?? {
          name: what,
          why: 'The retention run is still under way, or was stopped by somebody.',
        }
      );
    if (type === 'SCANNING_STOPPED') return { name: what, why: 'Somebody stopped the scan.' };
    return { name: what, why: 'An artifact or a chart came, went or was fetched: nothing is wrong.' };
  },
});

function stamped(firing: boolean, at: number | null): Pick<Said, 'firing' | 'startsAt' | 'endsAt'> {
  return { firing, startsAt: firing ? at : null, endsAt: at };
}

/** One for each artifact; an index of several has several. */
function scans(
  failed: boolean,
  repository: string,
  { resources }: Data,
  at: number | null,
  about: AboutReading,
): Alert[] {
  const scanned =
    resources.length > 0 ? resources : [{ digest: null, tag: null, resource_url: null, scan_overview: {} }];
  return scanned.map(({ digest, tag, resource_url, scan_overview }) => {
    const report = Object.values(scan_overview)[0] as { severity?: unknown; scan_status?: unknown } | undefined;
    const found = typeof report?.severity === 'string' && report.severity !== '' ? report.severity : null;
    const artifact = resource_url ?? [repository, tag ?? digest].filter(Boolean).join('@');
    return makeAlert(about, {
      key: ['scan', repository, digest ?? tag],
      ...stamped(failed, at),
      name: failed ? 'Scan failed' : 'Scan completed',
      summary: failed
        ? `The scan of ${artifact} failed`
        : `The scan of ${artifact} completed${found ? `; worst finding: ${found}` : ''}`,
      service: repository,
      host: hostIn(resource_url),
      severity: failed ? 'warning' : found,
      labels: { repository, ...(digest && { digest }), ...(tag && { tag }), ...(found && { finding: found }) },
      groupHint: 'Scan failed',
    });
  });
}

function quota(
  exceeded: boolean,
  { repository, custom_attributes }: Data,
  at: number | null,
  about: AboutReading,
): Alert {
  const project = repository?.namespace ?? repository?.repo_full_name?.split('/')[0] ?? '';
  const details = Object.entries(custom_attributes).find(([name]) => /^details$/i.test(name))?.[1];
  return makeAlert(about, {
    key: ['quota', project],
    ...stamped(true, at),
    name: exceeded ? 'Quota exceeded' : 'Quota nearly exceeded',
    summary: [
      typeof details === 'string' ? `${project}: ${details}` : null,
      `${project}: the quota is ${exceeded ? 'exceeded' : 'nearly used up'}`,
    ],
    service: project,
    severity: exceeded ? 'critical' : 'warning',
    labels: { project, ...(repository?.repo_full_name && { repository: repository.repo_full_name }) },
    groupHint: 'Quota',
  });
}

const failedWord = /^(?:fail|failed|error|errored)$/i;
const doneWord = /^(?:success|succeed|succeeded|complete|completed|finished)$/i;

/** Each artifact succeeds or fails on its own, so the key has it; without artifacts it is the whole run. */
function replications({ replication }: Data, at: number | null, about: AboutReading): Alert[] | null {
  if (!replication) return null;
  const { job_status, src_resource: from, dest_resource: to } = replication;
  const failed = failedWord.test(job_status ?? '');
  const done = doneWord.test(job_status ?? '');
  const name = (each: { name_tag: string | null }) => (each.name_tag ?? '').replace(/ \[.*$/, '');
  const named = [
    ...replication.failed_artifact.map((each) => ({ artifact: name(each), firing: true })),
    ...replication.successful_artifact.map((each) => ({
      artifact: name(each),
      firing: failed && replication.failed_artifact.length === 0,
    })),
  ];
  if (named.length === 0 && !failed && !done) return null;
  const place = (one: typeof from) => [one?.endpoint ?? one?.registry_name, one?.namespace].filter(Boolean).join('/');
  return (named.length > 0 ? named : [{ artifact: '', firing: failed }]).map(({ artifact, firing }) =>
    makeAlert(about, {
      // The tag is left out: the next push of the same repository is the next attempt.
      key: ['replication', place(from), place(to), artifact.replace(/(?:@.*|:[^/:]*)$/, '')],
      ...stamped(firing, at),
      name: firing ? 'Replication failed' : 'Replication succeeded',
      summary: `Replication${artifact && ` of ${artifact}`} from ${place(from) || 'here'} to ${place(to) || 'here'}: ${firing && !failed ? 'failed' : (job_status ?? 'unknown')}`,
      service: to?.namespace ?? from?.namespace ?? 'harbor',
      host: replication.harbor_hostname,
      severity: firing ? 'error' : null,
      annotations: { description: replication.description },
      groupHint: 'Replication failed',
    }),
  );
}

function retention({ retention }: Data, at: number | null, about: AboutReading): Alert[] | null {
  const { status = null, project_name = null, retention_policy_id = null, harbor_hostname = null } = retention ?? {};
  const failed = failedWord.test(status ?? '');
  if (!failed && !doneWord.test(status ?? '')) return null;
  return [
    makeAlert(about, {
      key: ['retention', project_name, retention_policy_id],
      ...stamped(failed, at),
      name: failed ? 'Tag retention failed' : 'Tag retention finished',
      summary: `Tag retention of ${project_name ?? 'a project'}: ${status}`,
      service: project_name,
      host: harbor_hostname,
      severity: failed ? 'warning' : null,
      groupHint: 'Tag retention failed',
    }),
  ];
}

const hostIn = (resource: string | null): string | null =>
  resource?.includes('/') ? (resource.split('/')[0] ?? null) : null;
