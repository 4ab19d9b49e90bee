import { expect, it } from 'vitest';
import type { Incident } from '../incident/state.js';
import { accessNaming } from './permissions.js';
import { machine, may, person } from './viewer.js';

const hidden = { visibility: 'private', responders: ['ada'] } as unknown as Incident;

it('lets those in a private incident act, and tells others no more than that it is not there', () => {
  expect(may(person('ada'), 'changeSeverity', hidden)).toBeNull();
  expect(may(machine, 'changeSeverity', hidden)).toBeNull();
  expect(may(person('bob'), 'changeSeverity', hidden)).toMatchObject({
    code: 'unknown-incident',
    message: 'There is no incident under that number that you can act on.',
  });
});

it('lets those do what a rule names them for, and tells others who that is', () => {
  const open = { visibility: 'public', responders: ['rita'], roles: { commander: 'ada' } } as unknown as Incident;
  const { permissions } = accessNaming(
    { leads: ['gus'] },
    {
      close: [
        { kind: 'role', role: 'scribe' },
        { kind: 'people', as: 'leads', people: ['gus'] },
      ],
      note: [{ kind: 'responders' }],
      list: [{ kind: 'everyone' }],
      'break-glass': [{ kind: 'people', as: 'leads', people: ['gus'] }],
    },
    ['olga'],
    new Map([['gus', 'p7']]),
  );
  const of = (id: string, act: string, incident: Incident | null = open) => may(person(id), act, incident, permissions);
  // The commander has every role nobody has.
  for (const [id, act] of [
    ['ada', 'close'],
    ['p7', 'close'],
    ['rita', 'note'],
    ['eve', 'list'],
    ['eve', 'sev'],
    ['olga', 'break-glass'],
  ] as const)
    expect(of(id, act), `${id} ${act}`).toBeNull();
  expect(of('rita', 'close')).toMatchObject({
    code: 'not-permitted',
    message: expect.stringMatching(/^Here \/incident close is for the scribe or leads\. Ask one of them/),
  });
  for (const [id, act] of [
    ['eve', 'note'],
    ['olga', 'close'],
    ['gus', 'close'],
    ['eve', 'break-glass'],
  ] as const)
    expect(of(id, act)?.code, `${id} ${act}`).toBe('not-permitted');
  expect(of('ada', 'close', null)?.code).toBe('not-permitted');
  expect(may(machine, 'close', open, permissions)).toBeNull();
});
