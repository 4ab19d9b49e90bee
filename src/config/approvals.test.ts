import { expect, it } from 'vitest';
import { approvalsOf, permissionsOf } from './approvals.js';
import { readFileText } from './file.js';

const base = `platform-lead: olga
people: { ada: { name: Ada }, bob: { name: Bob }, olga: { name: Olga } }
groups: { leads: [bob], empty: [] }
`;
const read = (text: string) => readFileText('muster.yaml', `${base}${text}`);
const told = (text: string) =>
  read(text)
    .problems.filter(({ what }) => !what.includes('Nobody is in empty'))
    .map(({ level = 'error', what, fix }) => [level, what, fix].join(' '));

it('who is asked comes after one another, and a kind leaves out what is as usual', () => {
  const { file } = read(`approvals:
  default: { from: [commander, group leads, platform-lead], within: 10m }
  restore: { from: [leads, services, person ada], count: 2 }
`);
  const leads = { kind: 'people', as: 'leads', people: ['bob'] };
  expect(approvalsOf(file!)).toEqual({
    default: {
      from: [{ kind: 'role', role: 'commander' }, leads, { kind: 'people', as: 'the platform lead', people: ['olga'] }],
      count: 1,
      withinMs: 600_000,
    },
    restore: {
      from: [leads, { kind: 'services' }, { kind: 'people', as: 'Ada', people: ['ada'] }],
      count: 2,
      withinMs: 600_000,
    },
  });
  expect(approvalsOf(read('').file!)?.default?.from.at(-1)).toMatchObject({ people: ['olga'] });
  expect(approvalsOf(readFileText('muster.yaml', 'people: {}').file!)).toBeUndefined();
});

it('a rule names roles, groups and people', () => {
  const { file } = read(
    'permissions: { close: [commander, leads], note: [responders], list: [everyone], sev: [role scribe] }',
  );
  expect(permissionsOf(file!)).toEqual({
    close: [
      { kind: 'role', role: 'commander' },
      { kind: 'people', as: 'leads', people: ['bob'] },
    ],
    note: [{ kind: 'responders' }],
    list: [{ kind: 'everyone' }],
    sev: [{ kind: 'role', role: 'scribe' }],
  });
});

it('says what leads nowhere, and what would keep everybody out', () => {
  expect(told('permissions: { clos: [leads] }')).toEqual([
    expect.stringMatching(/error There is no verb "clos"\. .*close/),
  ]);
  expect(told('permissions: { severity: [leads] }')).toEqual([
    expect.stringMatching(/error .*"severity"\. Write sev\./),
  ]);
  expect(told('permissions: { close: [leds] }')).toEqual([expect.stringMatching(/error There is no "leds".*leads/)]);
  expect(told('permissions: { close: [services] }')).toEqual([
    expect.stringMatching(/error "services" cannot stand here/),
  ]);
  expect(told('approvals: { default: { from: [everyone] } }')).toEqual([
    expect.stringMatching(/error "everyone" cannot/),
  ]);
  expect(told('permissions: { close: [empty] }')).toEqual([
    'warning As it stands nobody may close. Name somebody, or take the rule away.',
  ]);
  expect(told('permissions: { take: [commander] }')).toEqual([
    expect.stringMatching(/warning As it stands nobody may take/),
  ]);
  expect(told('permissions: { take: [commander, leads], close: [commander] }')).toEqual([]);
});
