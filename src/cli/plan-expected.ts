import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PlanShown } from '../alerts/plan-print.js';
import { issueProblems } from '../config/issues.js';
import { problemLines } from '../config/read.js';
import { instant } from '../config/sections/words.js';
import { readYaml } from '../config/yaml.js';

const expected = z.array(
  z.strictObject({
    body: z.string().min(1).describe('A file, from the folder of this one'),
    source: z.string().optional().describe('The name it comes in under; left out: the name of its folder'),
    at: instant.optional().describe('When it comes; left out: now'),
    expect: z.strictObject({
      admitted: z.enum(['yes', 'no', 'unknown']).optional(),
      becomes: z.enum(['incident', 'triage', 'existing', 'nothing']).optional(),
      severity: z.enum(['sev1', 'sev2', 'sev3']).optional(),
      outcomes: z.array(z.string()).optional().describe('One for each alert, in order'),
      title: z.string().optional().describe('A part of it'),
      why: z.string().optional().describe('A part of the reason of an alert or of the severity'),
      playbook: z.string().nullable().optional().describe('Its title; null: none'),
      paged: z.array(z.string()).optional().describe('Names that stand in the list of who is paged'),
    }),
  }),
);
export type Expectation = z.output<typeof expected>[number];

/** What a file of expectations says, or everything that is wrong with it. */
export function expectationsAt(path: string): Expectation[] | string {
  const located = readYaml(path, readFileSync(path, 'utf8'));
  if (Array.isArray(located)) return problemLines(located);
  const read = expected.safeParse(located.value);
  if (read.success) return read.data;
  return problemLines(issueProblems(read.error, located, z.toJSONSchema(expected, { io: 'input' })));
}

/** What is not as expected, one line each; of several incidents any may be meant. */
export function unmet({ expect }: Expectation, shown: PlanShown): string[] {
  const lines: string[] = [];
  const { alerts, incidents, request } = shown;
  const differs = (what: string, wanted: unknown, is: unknown): void => {
    lines.push(`${what}: expected ${said(wanted)}, it is ${said(is)}`);
  };
  const oneOf = (what: string, wanted: unknown, all: readonly unknown[]): void => {
    if (!all.includes(wanted)) differs(what, wanted, all.length > 0 ? all.map(said).join(', ') : 'nothing');
  };
  if (expect.admitted && expect.admitted !== request?.admitted) differs('admitted', expect.admitted, request?.admitted);
  if (expect.becomes === 'nothing') {
    if (incidents.length > 0) differs('becomes', 'nothing', incidents.map(({ becomes }) => becomes).join(', '));
  } else if (expect.becomes)
    oneOf(
      'becomes',
      expect.becomes,
      incidents.map(({ becomes }) => becomes),
    );
  if (expect.severity)
    oneOf(
      'severity',
      expect.severity,
      incidents.map(({ severity }) => severity),
    );
  const outcomes = alerts.map(({ outcome }) => outcome);
  if (expect.outcomes && String(expect.outcomes) !== String(outcomes))
    differs('outcomes', expect.outcomes.join(', '), outcomes.join(', '));
  const contains = (what: string, wanted: string, all: readonly (string | null)[]): void => {
    if (!all.some((each) => each?.toLowerCase().includes(wanted.toLowerCase())))
      differs(what, `something with "${wanted}"`, all.map(said).join(', ') || 'nothing');
  };
  if (expect.title !== undefined)
    contains(
      'title',
      expect.title,
      incidents.map(({ title }) => title),
    );
  if (expect.why !== undefined)
    contains('why', expect.why, [...alerts.map(({ why }) => why), ...incidents.map(({ reason }) => reason)]);
  if (expect.playbook !== undefined)
    oneOf(
      'playbook',
      expect.playbook,
      incidents.map(({ playbook }) => playbook?.title ?? null),
    );
  for (const name of expect.paged ?? [])
    contains(
      'paged',
      name,
      incidents.flatMap(({ paged }) => paged),
    );
  return lines;
}

const said = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? 'not known' : String(value);
