import { expect, it } from 'vitest';
import type { Incident } from '../incident/state.js';
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
