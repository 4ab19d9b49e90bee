import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readFileText } from './file.js';
import { intakeOf } from './intake.js';

const said = (text: string): string[] =>
  readFileText('muster.yaml', text).problems.map(
    ({ where, what, fix, level }) => `${level === 'warning' ? 'warning ' : ''}${where.slice(12)} ${what} ${fix}`,
  );
const rule = (text: string) => `intake:\n  rules:\n    - { ${text} }`;

it.each<[string, string[]]>([
  [rule('then: ignore'), ['3:5 intake.rules[0].because: It is missing. Give a text.']],
  [
    rule('then: drop, because: x'),
    [
      '3:15 intake.rules[0].then: "drop" is not what can become of an alert. Write usual, open, queue or ignore, or { open: sev2 }, { open-as: sev2 } or { attach: <service> }.',
    ],
  ],
  [
    rule('when: { name: "/(/" }, because: x'),
    [
      expect.stringMatching(
        /^3:23 "\/\(\/" is not a pattern: .+ Patterns are RE2: no look-ahead, no back references\.$/,
      ),
    ],
  ],
  [
    rule('when: { labels: { job: "/a(?=b)/" } }, because: x'),
    [expect.stringMatching(/^3:32 "\/a\(\?=b\)\/" is not a pattern: /)],
  ],
  [rule('when: { source: grafan }, because: x'), ['3:25 There is no source "grafan". Did you mean "grafana"?']],
  [
    `services: { wiki: {} }\n${rule('then: { attach: wikki }, because: x')}`,
    ['4:25 There is no service "wikki". Did you mean "wiki"?'],
  ],
  [rule('unless: {}, because: x'), ['3:17 It leaves every alert alone. Say which alerts, or take it away.']],
  [
    rule('when: { between: "22:00" }, because: x'),
    [
      '3:26 intake.rules[0].when.between: "22:00" is not a time of day from and to. Write it like "22:00-06:00"; over midnight is fine.',
    ],
  ],
  [
    `${rule('then: ignore, because: x')}\n    - { when: { name: x }, because: y }`,
    ['warning 4:7 It is never reached: intake rule 1 fits every alert. Put the narrower rule first.'],
  ],
  [
    'intake: { group: { by: [team] } }',
    [
      '1:25 intake.group.by[0]: "team" is not what alerts can be grouped by. Write service, source, host, name or label:<name>.',
    ],
  ],
  [
    'intake: { storm: { alerts: few } }',
    [
      '1:18 intake.storm: It is not a rule for storms. Write never, or { alerts: 50, incidents: 10, within: 1m, over-after: 10m }.',
    ],
  ],
])('%s', (text, problems) => {
  expect(said(text)).toEqual(problems);
});

it('what is left out stays built in, and never turns it off', () => {
  const of = (text: string) => {
    const { file } = readFileText('muster.yaml', text);
    return intakeOf(file, []);
  };
  const { flap, storm } = of('intake: { flap: { times: 5 }, storm: never }');
  expect([flap, storm]).toEqual([{ times: 5, withinMs: 1_800_000, quietForMs: 900_000 }, null]);
  expect(of('intake: {}')).toEqual(of(''));
});

it('takes every example of the page on intake', () => {
  const examples = [...readFileSync('docs/intake.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => text,
  );
  expect(examples).toHaveLength(5);
  for (const text of examples) expect(said(text as string)).toEqual([]);
});
