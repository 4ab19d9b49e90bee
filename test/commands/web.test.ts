import { expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { opened, Room } from './room.js';

it('gives a link that leads to the incident it was asked in, in the card alone', async () => {
  const room = opened();
  room.signInSecret = 's3cret';
  const { reply } = await room.type('web');
  expect(reply.text).toBe('A link that signs you in to #42 in a browser.');
  expect(plainText(reply.card!)).toContain('http://127.0.0.1:7370/sign-in/s3cret');
  expect(room.ledTo).toEqual(['/incidents/42']);
});

it('leads to the start page elsewhere, and from an entry of the triage queue', async () => {
  for (const room of [new Room(), opened('sev3')]) {
    room.signInSecret = 's3cret';
    await room.type('web');
    expect(room.ledTo).toEqual(['/']);
  }
});

it('just says the address where nobody signs in', async () => {
  const { reply } = await opened().type('web');
  expect(reply.text).toBe('#42 in a browser: http://127.0.0.1:7370/incidents/42');
});

it('is not taken for what a person meant who says that the web is down', async () => {
  const { reply, command } = await new Room().type('web is down for everybody');
  expect([reply.refusal?.code, command]).toEqual(['did-you-mean', null]);
  expect(JSON.stringify(reply.card)).toContain('/incident declare');
});
