import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/platform.js';
import { machine } from '../../src/people/viewer.js';
import { databases, type Story, story } from './story.js';

const lines = fc.constantFrom(
  'ack',
  'take commander',
  'take scribe',
  'sev 2 fewer are hit',
  'sev 1 everybody is hit',
  'impact Nobody can build',
  'note seen',
  'update We are on it',
  'next',
  'done seen',
  'back',
  'approve',
  'playbook switch storage-exhaustion',
  'playbook add ci-outage',
  'take step',
  'status identified the disk',
  'action Buy a disk',
  'resolve It works',
  'reopen It is back',
  'close',
  'reslove',
);
/** Resolving says it as an update too; taking a role for oneself acknowledges; a step that comes in hand may ask for an approval. */
const eventsAtMost = (line: string): number => (/^(resolve|take|next|done|back|playbook)\b/.test(line) ? 2 : 1);
/** Sent once, again at the same time, and again later: as platforms do that heard no answer. */
const asked = fc.record({ line: lines, atOnce: fc.integer({ min: 1, max: 3 }), later: fc.boolean() });

describe.each(databases)('any commands, each asked several times under its id, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());

  it('have one effect and one answer', async () => {
    told = await story({ database });
    let declared = 0;
    const ask = async (id: string, text: string, incident?: number): Promise<Reply> => {
      const response = await fetch(`${told.bot.url}/api/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id, text, user: 'Ada', ...(incident && { incident }) }),
      });
      expect(response.status).toBe(200);
      return (await response.json()) as Reply;
    };
    const length = async (number: number): Promise<number> =>
      (await told.bot.store.timeline(machine, (await told.incident(number)).id)).filter(
        ({ actor }) => actor.kind === 'person',
      ).length;

    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 8 }), async (all) => {
        const number = ++declared;
        await ask(`declare-${number}`, '/incident declare --sev 1 --service registry Nothing builds');
        for (const [index, { line, atOnce, later }] of all.entries()) {
          const id = `${number}-${index}`;
          const before = await length(number);
          const answers = await Promise.all(Array.from({ length: atOnce }, () => ask(id, `/incident ${line}`, number)));
          const after = await length(number);
          expect(after - before).toBeLessThanOrEqual(eventsAtMost(line));
          for (const answer of answers) expect(answer.text).toBe(answers[0]?.text);
          const changed = answers.every(({ refusal }) => !refusal);
          if (later && changed) {
            expect((await ask(id, `/incident ${line}`, number)).text).toBe(answers[0]?.text);
            expect(await length(number)).toBe(after);
          }
        }
      }),
      { numRuns: database === 'SQLite' ? 25 : 8 },
    );
  });
});
