import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../incident/evolve.js';
import { act, canary, stories } from '../incident/testing-random.js';
import { pasted } from './testing.js';
import { holdsAny, without, wordsOf } from './words.js';

describe('what must be nowhere when an entry is erased', () => {
  it('is the secrets in it, the longest first', () => {
    const { 'GitHub token': github, 'AWS access key': aws } = pasted();
    expect(wordsOf({ text: `first ${aws}, then ${github}` })).toEqual([github, aws]);
  });

  it('is all that was written, where no secret is known, and nothing of Muster’s own', () => {
    const body = {
      number: 3,
      text: 'the password is hunter2',
      impact: { text: 'nobody can sign in', at: 5 },
      status: 'investigating',
      answers: { host: 'registry-2.internal', at: '02:10' },
      policy: { zones: ['Europe/Berlin'] },
    };
    expect(wordsOf(body)).toEqual(['the password is hunter2', 'registry-2.internal', 'nobody can sign in']);
  });

  it('is found wherever it stands', () => {
    expect(holdsAny({ a: [{ b: 'say hunter2 twice' }] }, ['hunter2'])).toBe(true);
    expect(holdsAny({ hunter2: 'name only' }, ['hunter2'])).toBe(false);
  });

  it('leaves an incident that is the same but for those words, over any commands', () => {
    const words = [canary];
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        const { row, timeline } = act(askings, prompt);
        const erased = timeline.map(
          (entry) => ({ ...entry, body: without(entry.body, words, 'gone') }) as typeof entry,
        );
        expect(fold(erased)).toEqual(without(row, words, 'gone'));
      }),
      { numRuns: 200 },
    );
  });
});
