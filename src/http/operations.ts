import type { z } from 'zod';
import { dropInOperations } from './drop-in/operations.js';
import { onCallShape } from './on-call-shape.js';
import { planAsked } from './plan.js';
import * as shapes from './shapes.js';
import { replayAsked } from './sources.js';

/** One thing the API can be asked, as `/openapi.json` describes it. Examples fit their shapes; a test sees to it. */
export interface Operation {
  method: 'get' | 'post';
  path: string;
  summary: string;
  query?: Record<string, string>;
  body?: { shape: z.ZodType; example: unknown };
  /** The answer of success. */
  answer: { status?: number; type?: string; shape?: z.ZodType; example?: unknown };
  /** What else is answered, always as `{ error, hint }`. */
  problems: number[];
  /** Nobody is asked who they are; `feed`: whoever is known, or has the feed's token. */
  open?: true | 'feed';
}

const ada = { personId: 'p1', name: 'Ada' };
const at = Date.UTC(2026, 10, 21, 2, 11);
const incident = {
  number: 42,
  id: '5e1c3e0a',
  title: 'Registry: pushes fail',
  severity: 'sev1',
  severityReason: 'registry is tier 1 and an alert is labelled critical',
  severitySetBy: 'machine',
  severityProposal: null,
  status: 'investigating',
  statusProposal: null,
  services: ['registry'],
  visibility: 'public',
  drill: false,
  openedAt: at,
  declaredAt: at,
  declaredBy: { machine: 'alertmanager' },
  impactStartedAt: at - 60_000,
  firstAlertAt: at,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgeDueAt: at + 300_000,
  identifiedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
  snoozedUntil: null,
  outcome: null,
  roles: { commander: ada },
  responders: [ada],
  impact: { text: 'Nobody can push.', at, by: ada },
  workaround: { text: 'Pull from the mirror.', at, by: ada },
  expected: { at: at + 3_600_000, why: 'the disk is being grown', saidAt: at, by: ada },
  alerts: { firing: 3, total: 3, names: ['RegistryDown'] },
  playbook: null,
  playbooksAside: [],
  updates: { count: 0, dueAt: at + 1_800_000, lastAt: null, lastText: null, overdueSince: null, longSince: null },
  approvals: [],
  followUps: [{ id: 1, text: 'Alert before the disk is full', owner: null, dueOn: '2030-01-15' }],
  channels: { web: { channel: 'c1', name: 'inc-42-registry-pushes-fail' } },
  postmortem: null,
  links: [],
  queued: null,
};
const event = {
  seq: 3,
  type: 'acknowledged',
  at,
  recordedAt: at,
  actor: ada,
  text: 'Ada acknowledged',
  body: {},
  redacted: false,
};
const alert = {
  id: 'e1',
  source: 'alertmanager',
  fingerprint: 'a1b2c3',
  state: 'firing',
  startedAt: at,
  endedAt: null,
  lastSeenAt: at,
  name: 'RegistryDown',
  summary: 'The registry answers 503',
  service: 'registry',
  host: 'reg-1',
  severity: 'critical',
  labels: { alertname: 'RegistryDown', service: 'registry' },
  annotations: {},
  links: [],
};

const paging = { limit: '1 to 500, by default 50', offset: 'From 0' };
const incidentProblems = [401, 404];

export const operations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/incidents',
    summary: 'Incidents, the newest first. Entries of the triage queue only when asked for by status.',
    query: { status: `Words with commas: ${shapes.statusWordsText}`, ...paging },
    answer: { shape: shapes.incidents, example: { incidents: [incident], total: 1 } },
    problems: [400, 401],
  },
  {
    method: 'get',
    path: '/api/incidents/{number}',
    summary: 'One incident',
    answer: { shape: shapes.incident, example: incident },
    problems: incidentProblems,
  },
  {
    method: 'get',
    path: '/api/incidents/{number}/timeline',
    summary: 'Everything that happened, in order',
    answer: { shape: shapes.timeline, example: { timeline: [event], total: 1 } },
    problems: incidentProblems,
  },
  {
    method: 'get',
    path: '/api/incidents/{number}/timeline/{seq}',
    summary: 'One event of it; the postmortem links here',
    answer: { shape: shapes.event, example: event },
    problems: incidentProblems,
  },
  {
    method: 'get',
    path: '/api/incidents/{number}/alerts',
    summary: 'Its alerts',
    query: paging,
    answer: { shape: shapes.alerts, example: { alerts: [alert], total: 1 } },
    problems: [400, ...incidentProblems],
  },
  {
    method: 'get',
    path: '/api/incidents/{number}/postmortem',
    summary: 'The postmortem draft as Markdown; 404 until there is one',
    query: { version: 'By default the latest' },
    answer: { type: 'text/markdown', example: '# Postmortem: Registry: pushes fail\n' },
    problems: [400, ...incidentProblems],
  },
  {
    method: 'get',
    path: '/api/incidents/{number}/playbook.patch',
    summary: 'What was suggested for its playbooks, for git apply; 404 while nothing was',
    answer: { type: 'text/x-diff', example: 'diff --git a/registry-outage.md b/registry-outage.md\n' },
    problems: incidentProblems,
  },
  {
    method: 'post',
    path: '/api/commands',
    summary: 'Does what the line would do in chat. A refusal is an answer (200) with `refusal`.',
    body: {
      shape: shapes.commandBody,
      example: { id: 'cli-1', text: '/incident ack', incident: 42, user: 'ada' },
    },
    answer: { shape: shapes.reply, example: { text: 'You acknowledged incident 42.' } },
    problems: [400, 401, 403, 404, 413, 415, 503],
  },
  {
    method: 'get',
    path: '/api/people',
    summary: 'Everybody Muster knows',
    answer: { shape: shapes.people, example: { people: [ada] } },
    problems: [401],
  },
  {
    method: 'get',
    path: '/api/oncall',
    summary: 'Who is on call by each schedule, and who is next',
    query: { at: 'When, in ms since the epoch; by default now' },
    answer: {
      shape: onCallShape,
      example: {
        at,
        schedules: [
          {
            schedule: 'primary',
            people: [ada],
            why: null,
            unknown: [],
            override: null,
            next: { at: at + 3_600_000, people: [{ personId: 'p2', name: 'Bob' }] },
            copyOf: null,
            error: null,
            overrides: [],
          },
        ],
      },
    },
    problems: [400, 401],
  },
  {
    method: 'post',
    path: '/api/plan',
    summary: 'What a recorded request would come to now, with all that is open and silenced; nothing is stored',
    body: { shape: planAsked, example: { source: 'generic', body: { title: 'push fails', service: 'registry' } } },
    answer: {},
    problems: [400, 401, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/api/receipts/{id}',
    summary: 'What became of the alerts of one request',
    answer: {},
    problems: [401, 404],
  },
  {
    method: 'get',
    path: '/api/sources',
    summary: 'The sources the configuration names, and every other that was heard of',
    answer: {},
    problems: [401],
  },
  {
    method: 'get',
    path: '/api/sources/{source}/requests',
    summary: 'What came from it last, secrets hidden, and what became of it; the newest first',
    query: { limit: '1 to 500, by default 50', since: 'From then on, ms since the epoch' },
    answer: {},
    problems: [400, 401, 404],
  },
  {
    method: 'post',
    path: '/api/alerts/replay',
    summary: 'Reads requests that are kept again, by the rules of now',
    body: { shape: replayAsked, example: { receipts: ['r1'], plan: true } },
    answer: {},
    problems: [400, 401],
  },
  {
    method: 'get',
    path: '/api/sources/{source}',
    summary: 'A source of alerts: last seen, refused, what became of its alerts',
    answer: {},
    problems: [401, 404],
  },
  {
    method: 'post',
    path: '/alerts/{name}',
    summary: 'Takes alerts in the form of the source; 202 only once they are stored',
    answer: { status: 202, example: { accepted: 1, receipt: 'r1' } },
    problems: [400, 401, 404, 405, 413, 415, 429, 503],
  },
  {
    method: 'get',
    path: '/alerts/{name}',
    summary: 'The same, in the query, from senders that can do no more than ask for an address; 405 for all others',
    answer: { status: 202, example: { accepted: 1, receipt: 'r1' } },
    problems: [400, 401, 404, 405, 429, 503],
  },
  {
    method: 'post',
    path: '/alerts/{name}/{key}/{routing}',
    summary: 'The same from senders that put the token and a routing key into the path (VictorOps)',
    answer: { status: 202, example: { accepted: 1, receipt: 'r1' } },
    problems: [400, 401, 404, 413, 415, 503],
  },
  ...dropInOperations,
  {
    method: 'get',
    path: '/status',
    summary: 'What is known to be broken, in plain words; a page for whoever is known',
    answer: { type: 'text/html' },
    problems: [401],
  },
  {
    method: 'get',
    path: '/incidents/{number}/status',
    summary: 'How one incident stands, in plain words; a page. Private incidents and drills have none',
    answer: { type: 'text/html' },
    problems: [401, 404],
  },
  {
    method: 'get',
    path: '/feed.atom',
    summary: 'What was told of public incidents, the newest 50, as Atom 1.0; with an ETag',
    query: { service: 'Only of this service', token: 'MUSTER_FEED_TOKEN, where a reader cannot send it as a password' },
    answer: { type: 'application/atom+xml' },
    problems: [400, 401],
    open: 'feed',
  },
  {
    method: 'get',
    path: '/alerts/generic/schema.json',
    summary: 'The JSON Schema of what POST /alerts/generic takes',
    answer: { type: 'application/schema+json' },
    problems: [],
    open: true,
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'The process answers',
    answer: { shape: shapes.health, example: { status: 'ok' } },
    problems: [],
    open: true,
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'It can store, has room and runs its jobs; 503 says why not',
    answer: {
      shape: shapes.health,
      example: { status: 'ok', parts: { database: 'ok', jobs: 'ok', disk: 'ok' }, held: 0 },
    },
    problems: [503],
    open: true,
  },
  {
    method: 'get',
    path: '/readyz/chat/{platform}',
    summary: 'What people do on this chat platform arrives; 503 says why it does not',
    answer: { shape: shapes.health, example: { status: 'ok', since: '2026-11-21T02:11:00.000Z' } },
    problems: [404, 503],
    open: true,
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    answer: { type: 'text/plain' },
    problems: [401],
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: {},
    problems: [],
    open: true,
  },
];
