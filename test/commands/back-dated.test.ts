import { describe, expect, it } from 'vitest';
import { timePast } from '../../src/commands/back-dated.js';
import { start } from '../../src/incident/testing.js';
import { opened, wordsOf } from './room.js';

const minute = 60_000;
const at = (line: string, now = start) => {
  const past = timePast(line, now);
  return past && [new Date(past.at).toISOString().slice(0, 16), past.rest];
};

describe('a time that has passed, at the beginning of a line', () => {
  it.each([
    ['at 01:14 the disk filled', '2030-01-15T01:14', 'the disk filled'],
    ['at 23:50 note x', '2030-01-14T23:50', 'note x'],
    ['at yesterday 01:14 x', '2030-01-14T01:14', 'x'],
    ['at 01:14 UTC x', '2030-01-15T01:14', 'x'],
    ['at 02:14 Europe/Berlin x', '2030-01-15T01:14', 'x'],
    ['at 03:14 +02:00 x', '2030-01-15T01:14', 'x'],
    ['at 2030-01-15T01:14Z x', '2030-01-15T01:14', 'x'],
    ['at 2030-01-15 01:14 x', '2030-01-15T01:14', 'x'],
    ['20 min ago x', '2030-01-15T01:40', 'x'],
    ['as of 01:14 x', '2030-01-15T01:14', 'x'],
  ])('%s', (line, when, rest) => expect(at(line)).toEqual([when, rest]));

  it.each(['01:14 x', 'at the office', 'at 25:00 x', 'note at 01:14'])('%s is none', (line) => {
    expect(at(line)).toBeNull();
  });
});

describe('what happened earlier', () => {
  const room = () => {
    const here = opened('sev1');
    here.now = start + 50 * minute;
    return here;
  };

  it.each(['note at 02:14 the disk filled', 'at 02:14 note the disk filled', '36 min ago note the disk filled'])(
    '%s stands on the timeline at that time, with when it was written',
    async (line) => {
      const here = room();
      const { reply } = await here.type(line);
      expect(reply.text).toBe('Noted on the timeline of #42. As of 15 Jan 02:14 UTC.');
      expect(here.kept.get('i1')?.timeline.at(-1)).toMatchObject({
        type: 'noted',
        at: start + 14 * minute,
        recordedAt: start + 50 * minute,
        body: { text: 'the disk filled' },
      });
      expect(wordsOf((await here.type('timeline')).reply.card)).toContain('written down');
    },
  );

  it('counts when it was, while what is due counts from now', async () => {
    const here = room();
    await here.type('at 02:14 status identified the disk');
    expect(here.incident()).toMatchObject({ status: 'identified', identifiedAt: start + 14 * minute });
    await here.type('sev at 02:20 2 it is only half');
    expect(here.incident().updates.dueAt).toBeGreaterThan(start + 20 * minute);
    await here.type('at 02:10 ack');
    expect(here.incident().acknowledgedAt).not.toBeNull();
  });

  it('stands in its place among the others', async () => {
    const here = room();
    await here.type('note later');
    await here.type('note at 02:14 earlier');
    const words = wordsOf((await here.type('timeline')).reply.card);
    expect(words.indexOf('earlier')).toBeLessThan(words.indexOf('later'));
  });

  it('is not to come, not before there was anything, and what happens now cannot be earlier', async () => {
    const here = room();
    const refused = async (line: string) => (await here.type(line)).reply.refusal?.code;
    expect(await refused('at 2030-01-15T03:14Z note x')).toBe('future');
    expect(await refused('at 01:30 status identified x')).toBe('too-early');
    expect(await refused('at 2030-01-01T03:14Z note x')).toBe('too-early');
    const { reply } = await here.type('at 02:14 update We look');
    expect(reply.refusal?.code).toBe('not-datable');
    expect(reply.text).toContain('/incident at 02:14 note');
  });

  it('leaves words alone that speak of what is to come', async () => {
    const here = room();
    await here.type('note at 14:30 we try again');
    expect(here.kept.get('i1')?.timeline.at(-1)).toMatchObject({
      at: here.now,
      body: { text: 'at 14:30 we try again' },
    });
  });
});
