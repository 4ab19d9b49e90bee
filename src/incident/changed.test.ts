import { describe, expect, it } from 'vitest';
import { nowAbout } from './changed.js';
import type { Command } from './commands.js';
import { declared, given, machine, minutes, person, start } from './testing.js';

const change = (text: string) => ({ text, at: start - minutes(5), link: null, path: ['registry'] });
const note = (...texts: string[]): Command => ({ type: 'noteChanges', changes: texts.map(change) });
const by = { by: machine };
const story = given(...declared());

describe('what was changed before an incident', () => {
  it('is noted once, the first three, and only while it is open', () => {
    const noted = story.when(note('v4', 'v3', 'v2', 'v1'), by);
    noted.gives({ changesNoted: { changes: ['v4', 'v3', 'v2'].map(change) } });
    noted.leaves({ changed: ['v4', 'v3', 'v2'].map(change) });
    noted
      .when(note('v5'), by)
      .gives()
      .leaves({ changed: ['v4', 'v3', 'v2'].map(change) });
    story.when(note(), by).gives();
    story
      .when({ type: 'resolve', summary: null }, { by: person('ada') })
      .when(note('v1'), by)
      .gives();
  });

  it('is asked when it begins, and when it first is about a service', () => {
    const { row } = story;
    if (!row) throw new Error('It was not opened.');
    const [none, some] = [
      { ...row, services: [] },
      { ...row, services: ['registry'] },
    ];
    expect([nowAbout(null, some), nowAbout(none, some), nowAbout(some, some), nowAbout(null, none)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
