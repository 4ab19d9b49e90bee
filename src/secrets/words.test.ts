import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../incident/evolve.js';
import type { Incident } from '../incident/state.js';
import { act, canary, stories } from '../incident/testing-random.js';
import { pasted } from './testing.js';
import { holdsAny, telling, without, wordsOf } from './words.js';

describe('what must be nowhere when an entry is erased', () => {
  it('is the secrets in it, the longest first', () => {
    const { 'GitHub token': github, 'AWS access key': aws } = pasted();
    expect(wordsOf({ text: `first ${aws}, then ${github}` })).toEqual({ known: true, words: [github, aws] });
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
    expect(wordsOf(body)).toEqual({
      known: false,
      words: ['the password is hunter2', 'registry-2.internal', 'nobody can sign in'],
    });
  });

  it('is looked for among records only where it cannot be a part of them', () => {
    const own = [
      'incident',
      'draftPostmortem',
      'status-update',
      '01a1fe4e-c62c-76da-8b7b-03cfbdcb86e8',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ];
    expect(telling({ known: false, words: own })).toEqual([]);
    expect(telling({ known: false, words: ['hunter22', 'correct horse'] })).toHaveLength(2);
    expect(telling({ known: true, words: ['xoxb-abcdefghijkl'] })).toHaveLength(1);
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
        // Of a kept message the row has a digest, which is another one for other words.
        const read = (incident: Incident | null) =>
          incident && { ...incident, kept: (incident.kept ?? []).map(({ digest: _, ...each }) => each) };
        expect(read(fold(erased))).toEqual(read(without(row, words, 'gone')));
      }),
      { numRuns: 100 },
    );
  });
});
