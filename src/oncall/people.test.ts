import { describe, expect, it } from 'vitest';
import { naming } from './people.js';

const people = [
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
  { id: 'bob', name: 'Bob Stone', email: 'bob@example.com' },
  { id: 'bob2', name: 'Bob Ross', email: null },
  { id: 'cleo', name: 'Cleo', email: 'Cleo@Example.com' },
];
const meant = naming(people, { 'Week of A.': 'ada', nightshift: 'cleo' });
const title = (words: string, ...attendees: string[]) =>
  meant({ title: words, attendees: attendees.map((email) => ({ email, name: '' })) });

describe('who an entry of a calendar means', () => {
  it.each([
    ['ada', ['ada']],
    ['@bob', ['bob']],
    ['ADA LOVELACE', ['ada']],
    ['Lovelace, Ada', ['ada']],
    ['ada@example.com', ['ada']],
    ['cleo@example.com (weekdays)', ['cleo']],
    ['Ada', ['ada']],
    ['On Call - Ada Lovelace - Primary', ['ada']],
    ['On call: Cleo', ['cleo']],
    ['Ada & Cleo', ['ada', 'cleo']],
    ['cleo, ada', ['cleo', 'ada']],
    ['Week of A.', ['ada']],
    ['NightShift', ['cleo']],
  ])('%s', (words, ids) => {
    expect(title(words)).toEqual({ people: ids, unknown: [] });
  });

  it('is nobody by a first name that two people have, and the name is kept', () => {
    const two = ['Bob Stone', 'Bob Ross'].map((name, i) => ({ id: `b${i}`, name, email: null }));
    expect(naming(two, {})({ title: 'Bob', attendees: [] })).toEqual({ people: [], unknown: ['Bob'] });
    expect(
      naming([...people, { id: 'x', name: 'Ada Zulu', email: null }], {})({ title: 'Ada Z', attendees: [] }),
    ).toEqual({
      people: [],
      unknown: ['Ada Z'],
    });
  });

  it('is the only attendee, whatever the title says', () => {
    expect(title('On Call - Somebody - Primary', 'bob@example.com').people).toEqual(['bob']);
  });

  it('is whom the title names, when several are invited', () => {
    expect(title('Cleo', 'ada@example.com', 'bob@example.com').people).toEqual(['cleo']);
    expect(title('Phone duty', 'ada@example.com', 'zed@example.com')).toEqual({
      people: ['ada'],
      unknown: ['zed@example.com'],
    });
  });

  it('never drops a name nobody knows', () => {
    expect(title('Zed Zimmer')).toEqual({ people: [], unknown: ['Zed Zimmer'] });
    expect(title('Ada, Zed')).toEqual({ people: ['ada'], unknown: ['Zed'] });
    expect(title('')).toEqual({ people: [], unknown: ['an entry without a name'] });
    expect(title('', 'zed@example.com')).toEqual({ people: [], unknown: ['zed@example.com'] });
  });
});
