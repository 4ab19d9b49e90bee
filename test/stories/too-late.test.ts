import { afterEach, describe, expect, it } from 'vitest';
import { TooLate } from '../../src/chat/platform.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

/** Holds the next call of one of the store's methods back until it is let go. */
function heldBack(told: Story, method: 'commit' | 'load' | 'incident') {
  const { store } = told.bot;
  // As it is beneath what measures it.
  const real = Object.getOwnPropertyDescriptor(store, method)?.value as (...given: unknown[]) => Promise<unknown>;
  let letGo = () => {};
  let reached = () => {};
  const waits = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  Object.assign(store, {
    [method]: async (...given: unknown[]) => {
      Object.assign(store, { [method]: real });
      reached();
      await waits;
      return real.apply(store, given);
    },
  });
  return { isReached, letGo };
}

describe('a command that must be begun by a certain time', () => {
  let told: Story;
  afterEach(() => told.end());

  const typed = (id: string, text: string, withinMs: number) =>
    told.bot.inbound.command({
      id,
      text,
      personId: 'ada',
      platform: 'web',
      channel: null,
      notAfter: told.now() + withinMs,
    });
  const titles = async () =>
    (await told.bot.store.incidents(machine, { limit: 9, offset: 0 })).incidents.map(({ title }) => title);

  it('is not done when it waits for its turn until then; the one before it, which was begun, is carried through', async () => {
    told = await story();
    const held = heldBack(told, 'commit');
    const begun = typed('1', '/incident declare The first', 2_000);
    await held.isReached;
    const waits = typed('2', '/incident declare The second', 2_000);
    const refused = expect(waits).rejects.toThrow(TooLate);
    while (told.bot.engine.queueDepth() === 0) await new Promise(setImmediate);
    told.sleep({ seconds: 3 });
    held.letGo();
    expect((await begun).text).toContain('The first');
    await refused;
    expect(await titles()).toEqual(['The first']);

    expect((await typed('1', '/incident declare The first', -1)).text).toContain('The first');
    expect((await typed('2', '/incident declare The second', 2_000)).text).toContain('The second');
    expect(await titles()).toEqual(['The second', 'The first']);
  });

  it('is not done when what it needs is read too slowly, before its turn or in it', async () => {
    told = await story();
    await typed('1', '/incident declare The first', 2_000);
    const [{ id } = { id: '' }] = (await told.bot.store.incidents(machine, { limit: 1, offset: 0 })).incidents;
    for (const method of ['incident', 'load'] as const) {
      const held = heldBack(told, method);
      const note = told.bot.inbound.command({
        id: method,
        text: '/incident note Seen',
        personId: 'ada',
        platform: 'web',
        channel: null,
        incidentId: id,
        notAfter: told.now() + 2_000,
      });
      const refused = expect(note).rejects.toThrow(TooLate);
      await held.isReached;
      told.sleep({ seconds: 3 });
      held.letGo();
      await refused;
    }
    expect((await told.bot.store.timeline(machine, id)).filter(({ type }) => type === 'noted')).toEqual([]);
  });
});
