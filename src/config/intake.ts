import { patternProblem } from '../alerts/rules/fits.js';
import type { AlertTest, FlapRule, GroupBy, Grouping, IntakeRules, StormRule, Then } from '../alerts/rules/rule.js';
import { sources } from '../alerts/sources.js';
import { literal } from '../messages/literal.js';
import { suggestion } from '../messages/near.js';
import { builtInIntake } from './defaults.js';
import type { ConfigFile } from './file.js';
import type { ConfigProblem } from './secrets.js';
import { type IntakeFile, weekdays } from './sections/intake.js';
import type { Located, Path } from './yaml.js';

type Test = IntakeFile['rules'][number]['when'];

/** What the file says of alerts that come in; what it leaves out stays built in. */
export function intakeOf(file: ConfigFile | null, zones: readonly string[]): IntakeRules {
  if (!file) return builtInIntake();
  const { rules, group, flap, storm } = file.intake;
  const built = builtInIntake();
  return {
    rules: rules.map(({ name, when, unless, then, because, group: own }, i) => ({
      name: name === undefined ? `intake rule ${i + 1}` : `intake rule "${name}"`,
      when: testOf(when, zones),
      unless: unless ? testOf(unless, zones) : null,
      outcome: thenOf(then),
      because,
      group: own ? groupingOf(own) : null,
    })),
    group: group ? groupingOf(group) : built.group,
    flap: flap === 'never' ? null : flapOf(flap ?? {}, built.flap as FlapRule),
    storm: storm === 'never' ? null : stormOf(storm ?? {}, built.storm as StormRule),
  };
}

function testOf({ between, days, zone, ...rest }: Test, zones: readonly string[]): AlertTest {
  const { source, service, severity, name, summary, host, labels, tier } = rest;
  const given = { source, service, severity: severity?.map(lower), name, summary, host, labels, tier };
  const test = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as AlertTest;
  if (between === undefined && days === undefined) return test;
  const on = days?.map((day) => weekdays.indexOf(day)) ?? null;
  return { ...test, at: { zone: zone ?? zones[0] ?? 'UTC', between: between ?? null, days: on } };
}

/** Sources give severities in lower case; a pattern is left as it is. */
const lower = (text: string): string => (text.startsWith('/') ? text : text.toLowerCase());

function thenOf(then: IntakeFile['rules'][number]['then']): Then {
  if (then === 'open') return { kind: 'open', atLeast: 'sev2' };
  if (typeof then === 'string') return { kind: then };
  if ('open' in then) return { kind: 'open', atLeast: then.open };
  if ('open-as' in then) return { kind: 'open-as', severity: then['open-as'] };
  return { kind: 'attach', service: then.attach };
}

const groupingOf = ({ by, window }: NonNullable<IntakeFile['group']>): Grouping => ({
  keys: (by ?? []) as GroupBy[],
  windowMs: window ?? null,
});

const flapOf = (given: Exclude<IntakeFile['flap'], 'never' | undefined>, built: FlapRule): FlapRule => ({
  times: given.times ?? built.times,
  withinMs: given.within ?? built.withinMs,
  quietForMs: given['quiet-for'] ?? built.quietForMs,
});

const stormOf = (given: Exclude<IntakeFile['storm'], 'never' | undefined>, built: StormRule): StormRule => ({
  alerts: given.alerts ?? built.alerts,
  groups: given.incidents ?? built.groups,
  withinMs: given.within ?? built.withinMs,
  overAfterMs: given['over-after'] ?? built.overAfterMs,
});

/** Patterns that are none, names that lead nowhere, rules that can never be reached. */
export function intakeProblems(file: ConfigFile, located: Located): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (level: 'error' | 'warning', path: Path, what: string, fix: string, key?: string): void => {
    problems.push({ where: located.at(path, key), what, fix, level });
  };
  const known = [...new Set([...sources.map(({ kind }) => kind), ...Object.keys(file.sources)])];
  const services = Object.keys(file.services);
  let everything: number | null = null;
  for (const [i, { when, unless, then }] of file.intake.rules.entries()) {
    const path = ['intake', 'rules', i];
    for (const [part, test] of [
      ['when', when],
      ['unless', unless],
    ] as const) {
      if (!test) continue;
      for (const [where, texts] of textsOf(test))
        for (const text of texts) {
          const problem = patternProblem(text);
          if (problem !== null)
            add(
              'error',
              [...path, part, ...where],
              `"${literal(text, 60)}" is not a pattern: ${problem}.`,
              'Patterns are RE2: no look-ahead, no back references.',
            );
        }
      for (const source of test.source ?? [])
        if (!source.startsWith('/') && !known.includes(source))
          add(
            'error',
            [...path, part, 'source'],
            `There is no source "${literal(source, 60)}".`,
            upper(suggestion(source, known)),
          );
    }
    if (unless && Object.values(unless).every((each) => each === undefined))
      add('error', [...path, 'unless'], 'It leaves every alert alone.', 'Say which alerts, or take it away.');
    if (typeof then === 'object' && 'attach' in then && services.length > 0 && !services.includes(then.attach))
      add(
        'error',
        [...path, 'then', 'attach'],
        `There is no service "${then.attach}".`,
        upper(suggestion(then.attach, services)),
      );
    if (everything !== null)
      add(
        'warning',
        path,
        `It is never reached: intake rule ${everything + 1} fits every alert.`,
        'Put the narrower rule first.',
      );
    else if (!unless && Object.values(when).every((each) => each === undefined)) everything = i;
  }
  return problems;
}

function textsOf({ source, service, severity, name, summary, host, labels = {} }: Test): [Path, string[]][] {
  const plain = Object.entries({ source, service, severity, name, summary, host });
  return [
    ...plain.flatMap(([key, texts]): [Path, string[]][] => (texts ? [[[key], texts]] : [])),
    ...Object.entries(labels).map(([label, texts]): [Path, string[]] => [['labels', label], texts]),
  ];
}

const upper = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('?') ? '' : '.'}`;
