import { describe, expect, it } from 'vitest';
import type { Policy } from '../incident/state.js';
import { applied } from './apply.js';
import { builtInPolicy } from './defaults.js';
import { readFileText } from './file.js';
import { policyNaming } from './policy.js';

const people = `people:
  ada: { name: Ada, groups: [platform] }
  bob: { name: Bob, groups: [platform] }
  cleo: { name: Cleo }
groups:
  platform: []
services:
  registry: { owner: platform, second-owner: cleo, tier: 1, aliases: [harbor] }
  wiki: { tier: 3 }
on-call:
  schedules:
    primary: { zone: UTC, layers: [{ people: [ada, bob], from: 2026-11-23 }] }
    storage: { zone: UTC, layers: [{ people: [cleo], from: 2026-11-23 }] }
`;
const read = (more: string, before = people) => readFileText('muster.yaml', `${before}${more}`);
function policyOf(more: string, before = people): Policy {
  const { file, problems } = read(more, before);
  if (!file) throw new Error(problems.map(({ what }) => what).join('; '));
  return applied(file, []).policy;
}
const said = (more: string): string[] =>
  read(more).problems.map(
    ({ where, what, fix, level = 'error' }) => `${level} ${where.replace('muster.yaml:', '')} ${what} ${fix}`,
  );
/** `owners+platform lead(ada,bob) / on-call primary` */
const levels = (policy: Policy, index = 0): string =>
  (policy.escalations?.[index]?.levels ?? [])
    .map(({ targets }) =>
      targets
        .map((each) =>
          each.kind === 'people'
            ? `${each.as}(${each.people.join(',')})`
            : each.kind === 'schedule'
              ? `on-call ${each.schedule}`
              : each.kind,
        )
        .join('+'),
    )
    .join(' / ');

describe('escalations of the file', () => {
  const written = `platform-lead: cleo
escalations:
  - severities: [sev1]
    services: [registry]
    levels:
      - { page: [owners, on-call primary], acknowledge-within: 3m }
      - { page: [platform-lead, bob, platform] }
    repeat: 4
    otherwise: [cleo]
  - name: all the rest
    levels: [{ page: [on-call storage] }]
`;

  it('are kept in order, with aliases of services and groups written out', () => {
    const policy = policyOf(written);
    expect(policy.escalations).toMatchObject([
      { name: 'sev1, registry', severities: ['sev1'], services: ['registry', 'harbor'], repeat: 4 },
      { name: 'all the rest', repeat: 2, otherwise: [] },
    ]);
    expect(levels(policy)).toBe(
      'owners+on-call primary / platform lead(cleo)+named to be called(bob)+in platform(ada,bob)',
    );
    expect(policy.escalations?.[0]?.levels[0]?.acknowledgeWithinMs).toBe(180_000);
    expect(policy.services?.harbor?.owners).toEqual(['ada', 'bob', 'cleo']);
    expect(said(written)).toEqual([]);
  });

  it('name people by their person ids once those are known', () => {
    const ids = new Map([['cleo', 'p3']]);
    const policy = policyNaming(policyOf(written), ids);
    expect(levels(policy)).toMatch(/platform lead\(p3\)/);
    expect(policy.escalations?.[0]?.otherwise).toEqual([{ kind: 'people', as: 'named to be called', people: ['p3'] }]);
    expect(policy.services?.registry?.owners).toEqual(['ada', 'bob', 'p3']);
  });

  it.each<[string, string[]]>([
    [
      'escalations: [{ levels: [{ page: [on-call primry] }] }]',
      ['error 14:35 There is no schedule "primry". Did you mean "primary"?'],
    ],
    [
      'escalations: [{ levels: [{ page: [primary] }] }]',
      ['error 14:35 There is no person or group "primary". Write on-call primary for the schedule.'],
    ],
    [
      'escalations: [{ levels: [{ page: [platfrm] }], otherwise: [platform-lead] }]',
      [
        'error 14:35 There is no person or group "platfrm". Did you mean "platform"?',
        'error 14:60 There is no platform lead. Give `platform-lead` the name of a person or a group.',
      ],
    ],
    [
      'escalations: [{ services: [registri], levels: [{ page: [ada] }] }]',
      ['error 14:28 There is no service "registri". Did you mean "registry"?'],
    ],
    [
      'escalations: [{ levels: [{ page: [on-call] }] }]',
      [
        'error 14:35 escalations[0].levels[0].page[0]: "on-call" is not somebody who can be called. Write owners, platform-lead, on-call and the name of a schedule, or the name of a person or a group.',
      ],
    ],
    ['escalations: [{ levels: [] }]', ['error 14:25 escalations[0].levels: It is too small. Write 1 at least.']],
    [
      'escalations: [{ levels: [{ page: [ada] }] }, { severities: [sev1], levels: [{ page: [bob] }] }]\nseverities: { sev1: { page: [ada] } }',
      [
        'warning 14:46 It is never used: the ones above fit everything it fits. Move it up, or take it out.',
        'warning 15:29 It is not used: an escalation says who is called for sev1. Take one of them out.',
      ],
    ],
  ])('that are wrong say where and what to do: %s', (text, problems) => {
    expect(said(text)).toEqual(problems);
  });

  it('of owners are doubtful where no service has one', () => {
    const { problems } = read('escalations: [{ levels: [{ page: [owners] }] }]', 'people: { ada: { name: Ada } }\n');
    expect(problems).toMatchObject([{ level: 'warning', where: 'muster.yaml:2:35', what: 'No service has an owner.' }]);
  });
});

describe('without escalations', () => {
  const of = (policy: Policy): string[] =>
    (policy.escalations ?? []).map(({ severities }, i) => `${severities}: ${levels(policy, i)}`);

  it('sev1 calls the platform lead and the owners, sev2 whoever is on call by the first schedule, sev3 nobody', () => {
    expect(of(policyOf('platform-lead: cleo'))).toEqual([
      'sev1: platform lead(cleo)+owners / on-call primary',
      'sev2: on-call primary / platform lead(cleo)+owners',
    ]);
  });

  it('whoever is there is called, and nobody where nobody is named', () => {
    const lead = 'people: { ada: { name: Ada } }\n';
    expect(of(policyOf('platform-lead: ada', lead))).toEqual(['sev1: platform lead(ada)', 'sev2: platform lead(ada)']);
    expect(policyOf('', lead).escalations).toBeUndefined();
    expect(builtInPolicy([]).escalations).toBeUndefined();
  });

  it('a severity that names whom it pages keeps to that', () => {
    expect(of(policyOf('severities: { sev1: { page: [bob] } }'))).toEqual(['sev2: on-call primary / owners']);
  });

  it('nobody is called by default when the file says that there are none', () => {
    expect(policyOf('platform-lead: cleo\nescalations: []').escalations).toBeUndefined();
  });
});

describe('how long nobody may do anything', () => {
  it('is as the severity says, and for ever where it says never', () => {
    const { severities } = policyOf('severities: { sev1: { idle-after: 20m }, sev2: { idle-after: never } }');
    expect([severities.sev1.idleAfterMs, severities.sev2.idleAfterMs, severities.sev3.idleAfterMs]).toEqual([
      1_200_000,
      null,
      null,
    ]);
  });
});
