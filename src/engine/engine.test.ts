import { describe, expect, it } from 'vitest';
import { ConflictError } from '../store/port.js';
import { createEngine } from './engine.js';
import { type Item, isArrival, type Outcome } from './tick.js';

const note = (text: string) => ({
  incidentId: 'i',
  asked: { command: { type: 'addNote' as const, text }, actor: { kind: 'machine' as const, name: 'test' }, at: 0 },
  commandId: null,
  answer: null,
});
const done = { refusal: null, reply: null, events: [], incident: {} } as unknown as Outcome;

/** An engine whose store does as it is told, and how often it was asked. */
function engineOn(store: (texts: string[]) => void) {
  const asked: string[][] = [];
  const engine = createEngine({
    async write(items: readonly Item[]) {
      const texts = items.map((each) => {
        if (isArrival(each) || each.item.asked.command.type !== 'addNote') throw new Error('unexpected');
        return each.item.asked.command.text;
      });
      asked.push(texts);
      store(texts);
      return () => {
        for (const each of items) if (!isArrival(each)) each.resolve(done);
      };
    },
    now: () => 0,
    pass: () => {},
    onCommit: () => {},
    onSetback: () => {},
  });
  return { engine, asked };
}

const handleAll = (engine: ReturnType<typeof createEngine>, texts: string[]) =>
  Promise.allSettled(texts.map((text) => engine.handle(note(text))));

describe('what arrives together and cannot be written together', () => {
  it('is written one by one, so that only the culprit fails', async () => {
    const { engine } = engineOn((texts) => {
      if (texts.includes('bad')) throw new Error('a bug');
    });
    const results = await handleAll(engine, ['a', 'bad', 'b', 'bad', 'c']);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('is given back at once while the store is away, and not after one try for each', async () => {
    const { engine, asked } = engineOn(() => {
      throw new Error('no connection');
    });
    const results = await handleAll(
      engine,
      Array.from({ length: 50 }, (_, index) => `n${index}`),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked.length).toBeLessThan(6);
  });

  it('is tried again where others wrote first, however many lose the race', async () => {
    const { engine } = engineOn((texts) => {
      if (texts.some((text) => text !== 'last')) throw new ConflictError(['incident/i']);
    });
    const results = await handleAll(engine, ['a', 'b', 'c', 'd', 'last']);
    expect(results.at(-1)?.status).toBe('fulfilled');
  });
});
