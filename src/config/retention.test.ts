import { expect, it } from 'vitest';
import { builtInRetention } from './defaults.js';
import { readFileText } from './file.js';

const problems = (text: string) =>
  readFileText('muster.yaml', text).problems.map(({ where, what, fix }) => `${where} ${what} ${fix}`);

it('what is too short to be safe is refused, with what to write', () => {
  expect(problems('retention:\n  answers: 1h\n  episodes: soon\n')).toEqual([
    expect.stringMatching(
      /^muster\.yaml:2:\d+ .*answers.* is too short: a command or a delivery that comes a second time .*Write 4d or more, or never/,
    ),
    expect.stringMatching(/^muster\.yaml:3:\d+ .*episodes.* is not a duration/),
  ]);
});

it('what the file leaves out is as built in, and never is for ever', () => {
  const { file } = readFileText('muster.yaml', 'retention: { answers: 5d, receipts: never }\n');
  expect(file?.retention).toEqual({ answers: 5 * 86_400_000, receipts: null });
  expect(readFileText('muster.yaml', 'zones: []\n').file?.retention).toEqual({});
  expect(Object.values(builtInRetention).every((ms) => ms !== null && ms >= 7 * 86_400_000)).toBe(true);
});

it('the ledger itself has no such key', () => {
  expect(problems('retention: { timeline: 90d }\n')).toEqual([expect.stringContaining('timeline')]);
});
