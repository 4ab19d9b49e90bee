import { describe, expect, it } from 'vitest';
import { readFileText } from './file.js';
import { cadenceOf, presetsOf, promisesOf } from './promises.js';

const minutes = (count: number): number => count * 60_000;
function read(text: string) {
  const { file, problems } = readFileText('muster.yaml', text);
  if (!file) throw new Error(JSON.stringify(problems));
  return file;
}
const said = (text: string) => readFileText('muster.yaml', text).problems.map(({ what, fix }) => `${what} ${fix}`);

const mail = 'mail: { host: localhost, security: none, from: muster@example.com }\n';

describe('how often updates are promised', () => {
  it('is one pace, or one by status', () => {
    const { severities } = read(
      'severities:\n  sev1: { update-every: { investigating: 20m, monitoring: 1h } }\n  sev2: { update-every: { identified: never } }\n  sev3: { update-every: 4h }',
    );
    const usual = { updateEveryMs: minutes(60) };
    expect(cadenceOf(severities.sev1['update-every'], usual)).toEqual({
      updateEveryMs: minutes(20),
      updateEveryIn: { monitoring: minutes(60) },
    });
    expect(cadenceOf(severities.sev2['update-every'], usual)).toEqual({
      updateEveryMs: minutes(60),
      updateEveryIn: { identified: null },
    });
    expect(cadenceOf(severities.sev3['update-every'], usual)).toEqual({ updateEveryMs: minutes(240) });
    expect(cadenceOf(undefined, usual)).toEqual(usual);
  });

  it('names what is wrong with it', () => {
    expect(said('severities: { sev1: { update-every: { investigatng: 5m } } }')).toEqual([
      expect.stringContaining('There is no key "investigatng".'),
    ]);
    expect(said('automatic-updates: 3')).toEqual([expect.stringContaining('"3" is too large. Write 2 at most.')]);
  });
});

describe('audiences', () => {
  it('have a kind, a pace of their own and what they hear; what is usual is left out', () => {
    const file = read(
      `${mail}climb-every: 5m\naudiences:\n  users: { mail: [u@example.com] }\n  board: { mail: [b@example.com], kind: executives, every: 2h, hears: [declared, updates, end] }\n  world: { mail: [w@example.com], kind: public, every: { investigating: 30m } }`,
    );
    expect(promisesOf(file)).toEqual({
      climbEveryMs: minutes(5),
      subscriptions: true,
      audiences: [
        { name: 'users' },
        {
          name: 'board',
          kind: 'executives',
          every: { investigating: minutes(120) },
          hears: ['declared', 'updates', 'end'],
        },
        { name: 'world', kind: 'public', every: { investigating: minutes(30) } },
      ],
    });
    expect(promisesOf(read(''))).toEqual({});
  });

  it('that are public hear what is published, and that is no choice', () => {
    expect(said(`${mail}audiences: { world: { mail: [w@example.com], kind: public, hears: [end] } }`)).toEqual([
      expect.stringContaining('is public, and hears what is published. Take hears out'),
    ]);
  });
});

describe('subscriptions', () => {
  it('are for people and groups, and need a mail server', () => {
    const people = 'people:\n  ada: { name: Ada }\n  bob: { name: Bob, groups: [web] }\ngroups: { web: [] }\n';
    const file = read(
      `${mail}${people}subscriptions:\n  - { for: [ada, web], services: [registry] }\n  - { for: [bob] }`,
    );
    expect(presetsOf(file)).toEqual([
      { people: ['ada', 'bob'], services: ['registry'] },
      { people: ['bob'], services: null },
    ]);
    expect(said(`${people}subscriptions: [{ for: [carl] }]`)).toEqual([
      expect.stringContaining('No mail server is set up.'),
      expect.stringContaining('There is no person or group "carl"'),
    ]);
  });
});
