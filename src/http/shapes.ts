import { z } from 'zod';
import { requestStates } from '../incident/approvals.js';
import { roles, severities, statuses } from '../incident/state.js';

/** The shapes of the API: what is answered is typed by them, and `/openapi.json` is made of them. */
const at = z.number().int().describe('ms since the epoch');
const maybeAt = at.nullable();
const severity = z.enum(severities);
const status = z.enum(statuses);
const person = z.object({ personId: z.string(), name: z.string() });
const machine = z.object({ machine: z.string() });
const reasoned = <T extends z.ZodType>(shape: T) => shape.nullable();

export const problem = z.object({ error: z.string(), hint: z.string() });

const step = z.object({
  number: z.number().int().describe('As people see it, from 1'),
  title: z.string(),
  phase: z.string(),
  role: z.string().nullable(),
  state: z.enum(['open', 'done', 'skipped', 'failed', 'passed']),
  startedAt: maybeAt,
  endedAt: maybeAt,
  by: person.nullable(),
  said: z.string().nullable().describe('Evidence, reason, or what happened, as typed'),
  assignee: person.nullable(),
  approve: z.string().nullable().describe('The role that has to agree first'),
  withinMs: z.number().int().nullable().describe('Its time-box'),
  substeps: z.object({ total: z.number().int(), ticked: z.array(z.number().int()).describe('Their numbers, from 1') }),
});

const playbook = z.object({
  id: z.string(),
  title: z.string(),
  reason: z.string(),
  step: z.number().int().nullable().describe('The step in hand, from 1'),
  inHand: z.array(z.number().int()).describe('Every step in hand, from 1: several in a parallel phase'),
  startedAt: maybeAt,
  finishedAt: maybeAt,
  dueAt: maybeAt.describe('When the step in hand is asked about'),
  approval: z
    .object({
      state: z.enum(['asked', 'given', 'declined']),
      askedBy: person.nullable(),
      askedAt: at,
      by: person.nullable(),
      at: maybeAt,
      said: z.string().nullable(),
      alone: z.literal(true).optional().describe('It was not given: whoever decided went ahead alone'),
    })
    .nullable()
    .describe('Of the step in hand, when it needs one'),
  steps: z.array(step),
});

const approval = z.object({
  id: z.number().int(),
  what: z.string(),
  step: z.number().int().nullable().describe('Of the playbook in hand, from 1; null: a person asked for it'),
  state: z.enum(requestStates),
  askedBy: person.nullable(),
  askedAt: at,
  of: z.string().describe('Who is asked, one after another, in words'),
  count: z.number().int().describe('How many have to agree'),
  given: z.array(person),
  dueAt: maybeAt,
  by: person.nullable().describe('Who ended it'),
  said: z.string().nullable(),
});

export const incident = z.object({
  number: z.number().int().nullable().describe('null while in the triage queue'),
  id: z.string(),
  title: z.string(),
  severity,
  severityReason: z.string(),
  severitySetBy: z.enum(['machine', 'person']),
  severityProposal: reasoned(z.object({ severity, reason: z.string() })),
  status,
  statusProposal: reasoned(z.object({ status, reason: z.string() })),
  services: z.array(z.string()),
  visibility: z.enum(['public', 'private']),
  drill: z.boolean(),
  openedAt: at,
  declaredAt: maybeAt,
  declaredBy: z.union([person, machine]).nullable(),
  impactStartedAt: maybeAt,
  firstAlertAt: maybeAt,
  acknowledgedAt: maybeAt,
  acknowledgedBy: person.nullable(),
  acknowledgeDueAt: maybeAt,
  identifiedAt: maybeAt,
  mitigatedAt: maybeAt,
  resolvedAt: maybeAt,
  closedAt: maybeAt,
  snoozedUntil: maybeAt,
  outcome: z.object({ reason: z.string(), automatic: z.boolean() }).nullable(),
  roles: z.partialRecord(z.enum(roles), person),
  responders: z.array(person),
  impact: z.object({ text: z.string(), at, by: person }).nullable(),
  workaround: z.object({ text: z.string(), at, by: person }).nullable(),
  expected: z
    .object({ at: maybeAt, why: z.string().nullable(), saidAt: at, by: person })
    .nullable()
    .describe('When it should work again'),
  alerts: z.object({ firing: z.number().int(), total: z.number().int(), names: z.array(z.string()) }),
  playbook: playbook.nullable().describe('The one in hand'),
  playbooksAside: z.array(playbook).describe('Set aside as they stood, or kept for later'),
  updates: z.object({
    count: z.number().int(),
    dueAt: maybeAt,
    lastAt: maybeAt,
    lastText: z.string().nullable(),
    overdueSince: maybeAt.describe("Since when a person's update is owed"),
    longSince: maybeAt.describe('Since when it is a long incident, with rarer updates'),
  }),
  approvals: z.array(approval).describe('What waits, or waited, for the agreement of others'),
  followUps: z.array(
    z.object({
      id: z.number().int(),
      text: z.string(),
      owner: person.nullable(),
      dueOn: z.string().nullable().describe('ISO date'),
    }),
  ),
  channels: z.record(z.string(), z.object({ channel: z.string(), name: z.string() })).describe('By platform'),
  postmortem: z.object({ version: z.number().int(), at }).nullable(),
  links: z
    .array(
      z.object({
        how: z.enum(['related', 'merged-into', 'merged-from', 'split-into', 'split-from']),
        id: z.string(),
        number: z.number().int().nullable(),
        title: z.string(),
        reason: z.string().nullable(),
        at,
      }),
    )
    .describe('Incidents it belongs together with'),
  queued: z
    .object({ owner: person.nullable(), dueAt: at })
    .nullable()
    .describe('Of an entry of the triage queue: who answers for it, and by when'),
});
export type IncidentShape = z.infer<typeof incident>;

export const incidents = z.object({ incidents: z.array(incident), total: z.number().int() });

export const event = z.object({
  seq: z.number().int(),
  type: z.string(),
  at: at.describe('When it happened, ms since the epoch'),
  recordedAt: at.describe('When it was written, ms since the epoch'),
  actor: z.union([person, machine]),
  text: z.string().describe('One line in plain words'),
  body: z.unknown().describe('The event itself; only what is left of it when erased'),
  redacted: z.boolean(),
});
export type TimelineShape = z.infer<typeof event>;
export const timeline = z.object({ timeline: z.array(event), total: z.number().int() });

const alert = z.object({
  id: z.string(),
  source: z.string(),
  fingerprint: z.string(),
  state: z.enum(['firing', 'resolved']),
  startedAt: at,
  endedAt: maybeAt,
  lastSeenAt: at,
  name: z.string(),
  summary: z.string(),
  service: z.string().nullable(),
  host: z.string().nullable(),
  severity: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  links: z.array(z.object({ label: z.string(), href: z.string() })),
});
export type AlertShape = z.infer<typeof alert>;
export const alerts = z.object({ alerts: z.array(alert), total: z.number().int() });

export const people = z.object({ people: z.array(person) });

/** Neither controls nor half characters: a database cannot look for them. */
const name = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'text without control characters');

export const commandBody = z.object({
  id: name.optional().describe('Yours. The same id again gives the same answer and no second effect'),
  text: z.string().trim().min(1).max(10_000).describe('As typed in chat'),
  incident: z.number().int().positive().optional().describe("The incident's number"),
  channel: name.optional().describe('A channel by name (inc-1-…) or id, in place of `incident`'),
  user: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Who acts. Believed on the open loopback default and with the API token'),
});

export const reply = z.object({
  text: z.string(),
  card: z
    .object({ tone: z.string(), summary: z.string(), blocks: z.array(z.looseObject({ kind: z.string() })) })
    .optional()
    .describe('What chat shows; every button carries its command'),
  refusal: z.object({ code: z.string() }).optional().describe('Present when nothing was done; `text` says why'),
});

export const health = z.object({
  status: z.literal('ok'),
  instance: z.string().optional(),
  parts: z.record(z.string(), z.string()).optional(),
  chat: z.record(z.string(), z.string()).optional(),
  since: z.string().optional(),
  held: z.int().nullable().optional(),
});

const number = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(otherwise);
const page = { limit: number(1, 500, 50), offset: number(0, 999_999_999, 0) };
/** One word for all that is not over. */
export const openStatuses = ['investigating', 'identified', 'monitoring'] as const;
const statusWords = [...statuses, 'open'] as const;
export const statusWordsText = statusWords.join(', ');
export const incidentsQuery = z.object({
  ...page,
  status: z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((list) => list.split(',')))
    .pipe(z.array(z.enum(statusWords)))
    .optional(),
});
export const pageQuery = z.object(page);
export const postmortemQuery = z.object({ version: number(1, 999_999, 1).optional() });
