import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestsOf } from './approvals.js';
import { fold } from './evolve.js';
import { act, stories } from './testing-random.js';

it('a request is approved only by enough different people, none of whom asked for it, or openly gone ahead without', () => {
  fc.assert(
    fc.property(stories, fc.boolean(), (askings, prompt) => {
      const { row, timeline } = act(askings, prompt);
      for (const { type, body, actor, seq } of timeline) {
        if (type !== 'approvalGiven') continue;
        const asked = requestsOf(fold(timeline.slice(0, seq - 1))!).find(({ id }) => id === body.id)!;
        const by = actor.kind === 'person' ? actor.personId : null;
        expect(by).not.toBeNull();
        expect([asked.askedBy, ...asked.given]).not.toContain(by);
      }
      for (const request of row ? requestsOf(row) : []) {
        const { id, state, given, count, askedBy } = request;
        expect(given).not.toContain(askedBy);
        expect(new Set(given).size).toBe(given.length);
        if (state === 'given') expect(given.length).toBeGreaterThanOrEqual(count);
        const broken = timeline.some((event) => event.type === 'glassBroken' && event.body.id === id);
        if (state === 'broken') expect(broken).toBe(true);
        if (request.dueAt !== null) expect(state).toBe('asked');
      }
      // Whoever goes ahead alone is asked about it afterwards, here or where it was merged into.
      for (const { type, body, seq } of timeline) {
        if (type !== 'glassBroken') continue;
        expect(body.followUp.text).toMatch(/^Was it right/);
        const merged = timeline.some((event) => event.type === 'mergedInto' && event.seq > seq);
        expect(fold(merged ? timeline.slice(0, seq) : timeline)?.followUps).toContainEqual(body.followUp);
      }
    }),
    { numRuns: 100 },
  );
});
