import { beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { dayMs } from '../../src/oncall/rotation.js';
import type { Schedule } from '../../src/oncall/schedule.js';
import { people, Room } from './room.js';

/** Wednesday 18 November 2026, 12:00 UTC; Ada reads times in Berlin, where it is 13:00. */
const now = Date.UTC(2026, 10, 18, 12);
const rotation = (name: string, ids: string[]): Schedule => ({
  name,
  kind: 'rotation',
  zone: 'Europe/Berlin',
  holidays: [],
  layers: [{ people: ids, turnFor: 7 * dayMs, startsAt: Date.UTC(2026, 10, 16, 9), endsAt: null, only: [] }],
});

let room: Room;
beforeEach(() => {
  room = new Room();
  room.now = now;
  room.onCall = {
    ...room.onCall,
    schedules: [rotation('primary', ['p-bob', 'p-ada']), rotation('secondary', ['p-cleo'])],
    people: people.map(({ personId, name }) => ({
      id: personId,
      name,
      email: null,
      zone: personId === 'p-ada' ? 'Europe/Berlin' : null,
    })),
  };
});
const said = async (line: string): Promise<string> => (await room.type(line)).reply.text;
const card = async (line: string): Promise<string> => {
  const { reply } = await room.type(line);
  return plainText(reply.card ?? { tone: 'neutral', summary: reply.text, blocks: [] });
};
const code = async (line: string): Promise<string | undefined> => (await room.type(line)).reply.refusal?.code;

describe('/incident oncall', () => {
  it.each(['oncall', 'oncall now', 'on call', 'Oncall please', 'rota'])(
    '%s: who is on call, until when in the reader’s zone, and who is next',
    async (line) => {
      const text = await card(line);
      expect(text).toContain(
        'primary: Bob Stone until 23 Nov 09:00 +01:00 Europe/Berlin (in 4 d 20 h), then Ada Lovelace',
      );
      expect(text).toContain('secondary: Cleo, with no change in sight');
    },
  );

  it('tells of one schedule alone, and of the next handoffs', async () => {
    expect(await card('oncall primary')).not.toContain('secondary');
    expect(await card('oncall next primary')).toContain('primary: Ada Lovelace from 23 Nov 09:00 +01:00 Europe/Berlin');
    expect(await card('oncall primary next')).toBe(await card('oncall next primary'));
  });

  it('tells the asker when they are on call', async () => {
    expect(await said('oncall me')).toBe('You are on call next for primary, from 23 Nov 09:00 +01:00 Europe/Berlin.');
    room.asker = { personId: 'p-bob2', name: 'Bob Ross' };
    expect(await said('oncall me')).toBe('You are not on call in the next 30 days.');
  });

  it.each([
    ['oncall take primary for 2h', '18 Nov 13:00 +01:00', '18 Nov 15:00 +01:00'],
    ['oncall take primary until 18:00', '18 Nov 13:00 +01:00', '18 Nov 18:00 +01:00'],
    ['oncall take primary until 08:00', '18 Nov 13:00 +01:00', '19 Nov 08:00 +01:00'],
    ['oncall take primary until 18:00 UTC', '18 Nov 13:00 +01:00', '18 Nov 19:00 +01:00'],
    ['oncall take primary from 18:00 for 90 min', '18 Nov 18:00 +01:00', '18 Nov 19:30 +01:00'],
    ['oncall take primary from fri 17:00 until mon 09:00', '20 Nov 17:00 +01:00', '23 Nov 09:00 +01:00'],
    ['oncall take primary from tomorrow until friday', '19 Nov 00:00 +01:00', '21 Nov 00:00 +01:00'],
    ['oncall take primary from 2026-12-24 until 2026-12-26', '24 Dec 00:00 +01:00', '27 Dec 00:00 +01:00'],
    ['oncall take primary from 2026-12-24T18:00 until 22:00', '24 Dec 18:00 +01:00', '24 Dec 22:00 +01:00'],
    ['oncall primary until 15:30', '18 Nov 13:00 +01:00', '18 Nov 15:30 +01:00'],
  ])('%s', async (line, from, until) => {
    const { reply, act } = await room.type(line);
    expect(reply.refusal).toBeUndefined();
    expect(reply.text).toContain(`You are on call for primary from ${from} Europe/Berlin until ${until} Europe/Berlin`);
    expect(act).toMatchObject({ kind: 'arrange', overrides: [{ set: { personId: 'p-ada', schedule: 'primary' } }] });
  });

  it('gives it to somebody else, who is told in their zone, and so is whoever was planned', async () => {
    const { act, reply } = await room.type('oncall @cleo primary from 18:00 until 22:00');
    expect(reply.text).toBe(
      'Cleo is on call for primary from 18 Nov 18:00 +01:00 Europe/Berlin until 18 Nov 22:00 +01:00 Europe/Berlin, instead of Bob Stone.',
    );
    expect(act.kind === 'arrange' && act.tell?.map(({ personId, card: { summary } }) => [personId, summary])).toEqual([
      [
        'p-cleo',
        'You are on call for primary from 18 Nov 17:00 UTC until 18 Nov 21:00 UTC: Ada Lovelace has arranged it.',
      ],
      [
        'p-bob',
        'Cleo is on call instead of you for primary from 18 Nov 17:00 UTC until 18 Nov 21:00 UTC: Ada Lovelace has arranged it.',
      ],
    ]);
    expect(await card('oncall')).toContain('Cleo instead of whoever is planned, from 18 Nov 18:00 +01:00');
    expect(await card('oncall primary @cleo for 1h')).toContain('Cleo is on call for primary');
    expect(await card('oncall cleo primary for 1h')).toContain('Cleo is on call for primary');
  });

  it('drops an override by its schedule, by its button, or one’s own', async () => {
    await room.type('oncall take primary for 2h');
    expect(await said('oncall drop primary')).toMatch(/^Dropped: primary: Ada Lovelace instead of whoever is planned/);
    expect(await code('oncall drop primary')).toBe('no-override');
    await room.type('oncall take primary for 2h');
    await room.type('oncall take secondary for 2h');
    const which = await room.type('oncall drop');
    expect(which.reply.refusal?.code).toBe('which-override');
    const button = which.reply.card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))[1];
    expect((await room.press(button as NonNullable<typeof button>)).reply.text).toMatch(/^Dropped: secondary/);
    expect(await said('oncall cancel')).toMatch(/^Dropped: primary/);
  });

  it('asks until when, with buttons, when nothing says so', async () => {
    const { reply } = await room.type('oncall take primary');
    expect(reply.refusal?.code).toBe('until-when');
    const buttons = reply.card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [];
    expect(buttons.map(({ label }) => label)).toEqual([
      'For 1h',
      'For 2h',
      'For 8h',
      'Until 09:00 +01:00 Europe/Berlin',
    ]);
    expect((await room.press(buttons[3] as (typeof buttons)[number])).reply.text).toContain(
      'until 23 Nov 09:00 +01:00',
    );
  });

  it.each([
    ['oncall take', 'which-schedule'],
    ['oncall take for 2h', 'which-schedule'],
    ['oncall primry', 'usage'],
    ['oncall take primry for 2h', 'usage'],
    ['oncall take primary for ever', 'usage'],
    ['oncall take primary until whenever', 'usage'],
    ['oncall take primary 2h', 'usage'],
    ['oncall take primary from 2026-11-20 until 2026-11-19', 'usage'],
    ['oncall take primary until 2026-11-17', 'usage'],
    ['oncall take primary until 2028-01-01', 'usage'],
    ['oncall take primary until 25:00', 'usage'],
    ['oncall @nobody primary for 2h', 'unknown-person'],
    ['oncall @bob primary for 2h', 'ambiguous-person'],
    ['oncall drop tertiary', 'no-override'],
  ])('%s is refused with what to do instead', async (line, refusal) => {
    const { reply, act } = await room.type(line);
    expect(act.kind).toBe('say');
    expect(reply.refusal?.code).toBe(refusal);
    expect(reply.text.length).toBeGreaterThan(10);
  });

  it('says where schedules are set up when there is none', async () => {
    room.onCall = { ...room.onCall, schedules: [] };
    expect(await said('oncall')).toContain('under on-call');
  });

  it('says why nobody is on call', async () => {
    room.now = Date.UTC(2026, 10, 1);
    expect(await card('oncall primary')).toContain(
      'primary: nobody (nobody is planned on primary then) until 16 Nov 09:00',
    );
  });
});
