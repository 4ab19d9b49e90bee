import { expect, it } from 'vitest';
import { builtInPolicy } from './defaults.js';
import { policyNaming } from './policy.js';

it('whoever may approve is known by their person id, like those who are invited and paged; others stay as named', () => {
  const named = policyNaming(
    {
      ...builtInPolicy([]),
      invite: ['ada'],
      services: { registry: { callLink: 'https://meet.example.com', approve: ['ada', 'eve'] }, git: {} },
    },
    new Map([['ada', 'p1']]),
  );
  expect(named.invite).toEqual(['p1']);
  expect(named.services).toEqual({
    registry: { callLink: 'https://meet.example.com', approve: ['p1', 'eve'] },
    git: {},
  });
  expect(policyNaming(builtInPolicy([]), new Map())).toEqual(builtInPolicy([]));
});
