import type { z } from 'zod';
import type { Alert } from './alert.js';
import { hash } from './hash.js';
import { makeAlert } from './make.js';
import { kept, line } from './words.js';

/** Where senders put what is usually asked for, in order of preference. */
const names = {
  title: ['title', 'alertname', 'alert_name', 'name', 'rule_name', 'rule', 'subject', 'headline', 'check', 'alert'],
  text: ['summary', 'message', 'description', 'msg', 'text', 'details', 'reason', 'output', 'error', 'body'],
  severity: ['severity', 'level', 'priority', 'criticality', 'urgency', 'grade'],
  status: ['status', 'state', 'alert_status', 'event_action', 'action', 'event', 'type'],
  service: ['service', 'service_name', 'servicename', 'application', 'app', 'component', 'project'],
  host: ['host', 'hostname', 'host_name', 'instance', 'node', 'server', 'device', 'resource'],
  link: [
    'url',
    'link',
    'html_url',
    'web_url',
    'alert_url',
    'incident_url',
    'details_url',
    'permalink',
    'href',
    'dashboard_url',
  ],
} as const;

/** Parts in which senders wrap what matters. */
const wrappers = [
  'alerts',
  'alert',
  'events',
  'event',
  'data',
  'payload',
  'incident',
  'issue',
  'problem',
  'check',
  'monitor',
  'labels',
  'annotations',
  'attributes',
  'details',
];

const over = /^(?:resolved?|ok|okay|up|recover(?:ed|y)|clear(?:ed)?|closed?|normal|green|good|success|fixed)$/i;

const hint = 'Send the body that docs/sources/generic.md describes to /alerts/generic instead.';

/**
 * The one alert that a well-formed body of another shape comes to: what could be read, why it is not what the source
 * sends, and what to send instead. It fires whatever it says, and says nothing of severity: a person decides.
 */
export function unknownAlert(body: unknown, error: z.ZodError, source: string): Alert {
  const text = JSON.stringify(body) ?? 'nothing';
  const parts = partsOf(body);
  const said = (of: keyof typeof names): string | null => wordIn(parts, names[of]);
  const [title, words, severity, status, service, host] = [
    said('title'),
    said('text'),
    said('severity'),
    said('status'),
    said('service'),
    said('host'),
  ];
  const shown = [title, words]
    .filter((one, i, all) => one && all.indexOf(one) === i)
    .map((one) => line(one as string, 120));
  const tells = [severity && `severity ${line(severity, 40)}`, status && `status ${line(status, 40)}`].filter(Boolean);
  const what = [shown.join(': '), tells.length > 0 && `It says ${tells.join(', ')}.`].filter(Boolean).join(' — ');
  return makeAlert(
    { source },
    {
      // What it is about, where it says so: the next report of the same is no second entry in the queue.
      key: title ? ['unknown shape', service, host, title] : [hash(text)],
      firing: true,
      name: title ?? `Unknown alert shape from ${line(source, kept.word)}`,
      summary: `${what && `${what} `}This body does not have the shape that ${source} sends: ${line(misfits(error), 180)}. ${hint}`,
      service,
      host,
      labels: {
        ...(severity && { severity }),
        ...(status && { status }),
        ...(status && over.test(status) && { over: 'it says so; see whether it is' }),
      },
      annotations: { body: line(text, kept.label) },
      links: { Source: linkIn(parts) },
      groupHint: 'unknown shape',
    },
  );
}

type Part = Record<string, unknown>;

/** The body and what it wraps, outermost first, names in lower case; of a list the first. */
function partsOf(body: unknown): Part[] {
  const parts: Part[] = [];
  let level = [body];
  for (let depth = 0; depth < 3; depth++) {
    const found = level.flatMap((each) => {
      const one = Array.isArray(each) ? each[0] : each;
      return typeof one === 'object' && one !== null ? [lowered(one)] : [];
    });
    parts.push(...found);
    level = found.flatMap((one) => wrappers.map((name) => one[name]));
  }
  return parts.slice(0, 40);
}

function lowered(one: object): Part {
  const part: Part = {};
  let count = 0;
  for (const [name, value] of Object.entries(one)) {
    if (++count > 100) break;
    // `alertName`, `alert-name` and `alert_name` are one.
    const plain = name
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toLowerCase();
    if (plain !== '__proto__') part[plain] ??= value;
  }
  return part;
}

function wordIn(parts: readonly Part[], wanted: readonly string[]): string | null {
  for (const part of parts) {
    for (const name of wanted) {
      const value = part[name];
      const said =
        typeof value === 'number' ? String(value) : typeof value === 'string' ? line(value, kept.summary) : '';
      if (said !== '') return said;
    }
  }
  return null;
}

function linkIn(parts: readonly Part[]): string | null {
  for (const part of parts) {
    for (const name of names.link) {
      const value = part[name];
      if (typeof value === 'string' && /^https?:\/\//i.test(value)) return value;
    }
  }
  return null;
}

/** The first few; of a choice of shapes those of the one that came nearest, or of each. */
function misfits(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? nearest(issue.errors) : [issue]));
  const said = issues.slice(0, 3).map(({ path, message }) => `${path.map(String).join('.') || 'the body'}: ${message}`);
  return said.join('; ') + (issues.length > 3 ? `; and ${issues.length - 3} more` : '');
}

function nearest(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  // Not by spreading: one hostile list makes an issue per member.
  const depths = branches.map((branch) => branch.reduce((deepest, { path }) => Math.max(deepest, path.length), 0));
  const deepest = Math.max(...depths);
  return branches.filter((_, i) => depths[i] === deepest).flat();
}
