import { beforeEach, describe, expect, it } from 'vitest';
import { start } from '../../src/incident/testing.js';
import { plainText } from '../../src/messages/plain.js';
import { button, episode, labels, opened, type Room } from './room.js';

const minute = 60_000;
const hour = 60 * minute;

let room: Room;
beforeEach(() => {
  room = opened('sev1', true);
});
const preview = async (line: string): Promise<string> => plainText((await room.type(line)).reply.card!);
const confirm = async (line: string) => {
  const { reply } = await room.type(line);
  await room.press(button(reply.card, line.startsWith('maintenance') ? 'Set it' : 'Silence'));
  return room.quiet.silences.at(-1);
};

describe('silence', () => {
  it.each([
    ['silence service=ci for 2h because kernel update', { services: ['ci'] }, 2 * hour],
    ['silence oci 90m because kernel update', { services: ['registry'] }, 90 * minute],
    [
      'mute name="Disk full" host=db-1,db-2 for 2h because x',
      { names: ['Disk full'], hosts: ['db-1', 'db-2'] },
      2 * hour,
    ],
    [
      'silence ci with env=prod label.service=x for 1 day reason: x',
      { services: ['ci'], labels: { env: 'prod', service: 'x' } },
      24 * hour,
    ],
    ['silence source=grafana* until 05:30 because x', { sources: ['grafana*'] }, 3.5 * hour],
    ['silence grafana-eu for 7d due to the move', { sources: ['grafana-eu'] }, 7 * 24 * hour],
    ['silence everything for 30m because x', { everything: true }, 30 * minute],
  ])('%s', async (line, what, lasts) => {
    const set = await confirm(line);
    expect(set).toMatchObject({ number: 1, kind: 'silence', what: [what], setBy: 'p-ada', setAt: start });
    expect(set?.untilAt).toBe(start + lasts);
    expect(set?.because).toMatch(/^(?:kernel update|x|the move)$/);
  });

  it('is counted from when it is confirmed, unless a time was said', async () => {
    const span = await room.type('silence ci for 2h because x');
    const exact = await room.type('silence ci until 04:30 because x');
    room.now += 10 * minute;
    await room.press(button(span.reply.card, 'Silence'));
    await room.press(button(exact.reply.card, 'Silence'));
    expect(room.quiet.silences.map(({ untilAt }) => untilAt)).toEqual([
      start + 10 * minute + 2 * hour,
      start + 2.5 * hour,
    ]);
  });

  it('shows what it would take, and says it when that is much', async () => {
    room.episodes = [episode('A'), { ...episode('B'), state: 'resolved' }, { ...episode('C'), service: 'ci' }];
    const registry = await preview('silence service=registry for 2h because x');
    expect(registry).toContain('registry is tier 1: nobody is paged for it while this lasts.');
    expect(registry).toContain('1 fires now: A of registry.');
    expect(registry).toContain('2 alerts of the last 7 days are like this: A of registry, B of registry');
    expect(await preview('silence name=* for 2h because x')).toContain('registry is tier 1');
    expect(await preview('silence service=ci for 2h because x')).not.toContain('tier 1:');
    expect(await preview('silence everything for 2h because x')).toContain('This is every alert there is');
    expect(await preview('silence name=Nope for 2h because x')).toContain('No alert of the last 7 days is like this');
    expect(room.quiet.silences).toEqual([]);
  });

  it('names no alert of an incident that whoever asks may not see', async () => {
    room.episodes = [{ ...episode('Secret'), incidentId: 'hidden' }, episode('Known')];
    const shown = await preview('silence service=registry for 2h because x');
    expect(shown).toContain('2 fire now: Known of registry and 1 more.');
    expect(shown).not.toContain('Secret');
  });

  it('of an incident is for alerts like those it has', async () => {
    room.here = 'i1';
    room.episodes = [episode('A'), { ...episode('A'), id: 'again' }, episode('B')];
    const { reply } = await room.type('silence this for 30m because it flaps');
    await room.press(button(reply.card, 'Silence'));
    const [set] = room.quiet.silences;
    expect(set?.incidentId).toBe('i1');
    expect(set?.what).toEqual([
      { sources: ['generic'], names: ['A'], services: ['registry'] },
      { sources: ['generic'], names: ['B'], services: ['registry'] },
    ]);
  });

  it.each([
    ['silence', 'Which alerts'],
    ['silence for 2h because x', 'Which alerts'],
    ['silence ci because x', 'Until when'],
    ['silence ci for 2h', 'Why'],
    ['silence ci for 8d because x', 'At most 7 days'],
    ['silence ci until 2029-01-01 because x', 'before it begins'],
    ['silence regstry for 2h because x', 'Did you mean registry'],
    ['silence this for 2h because x', 'no incident’s channel'],
    ['silence everything service=ci for 2h because x', 'goes alone'],
    ['silence ci for 2h because AKIA1234567890ABCDEF', 'held a secret'],
    ['silence extend 7 1h', 'Nothing is silenced'],
    ['unsilence', 'Nothing is silenced'],
  ])('%s is answered with what is missing', async (line, wanted) => {
    const { reply, act } = await room.type(line);
    expect(reply.refusal).toBeDefined();
    expect(reply.text).toContain(wanted);
    expect(act.kind).toBe('say');
  });

  it('can be cancelled, ended and extended, by number or as the only one', async () => {
    const asked = await room.type('silence ci for 2h because x');
    expect((await room.press(button(asked.reply.card, 'Cancel'))).reply.text).toContain('nothing was changed');
    await confirm('silence ci for 2h because x');
    await confirm('silence registry for 1h because y');
    expect((await room.type('unsilence')).reply.refusal?.code).toBe('which-silence');
    await room.type('silence extend 2 30m');
    expect(room.quiet.silences.map(({ untilAt }) => untilAt)).toEqual([start + 2 * hour, start + 1.5 * hour]);
    expect((await room.type('silence extend 2 7d')).reply.text).toContain('at most 7 days');
    expect(labels((await room.type('silences')).reply.card)).toEqual(['End silence 1', 'End silence 2']);
    expect((await room.type('unsilence #1')).reply.text).toContain('was ended by Ada Lovelace');
    await room.type('silence extend until 05:00');
    expect(room.quiet.silences.map(({ untilAt }) => untilAt)).toEqual([start + 3 * hour]);
    await room.type('silence end');
    expect(room.quiet.silences).toEqual([]);
    await confirm('silence ci for 2h because x');
    expect(room.quiet.silences[0]?.number).toBe(3);
  });
});

describe('maintenance', () => {
  it.each([
    ['maintenance registry sat 02:00 for 3h because disks', '2030-01-19T02:00Z', '2030-01-19T05:00Z'],
    [
      'maintenance registry tomorrow 22:00 until 2030-01-17 01:00 because disks',
      '2030-01-16T22:00Z',
      '2030-01-17T01:00Z',
    ],
    ['maintenance registry from 04:00 for 30m because disks', '2030-01-15T04:00Z', '2030-01-15T04:30Z'],
  ])('%s', async (line, from, until) => {
    const set = await confirm(line);
    expect(set).toMatchObject({ kind: 'maintenance', what: [{ services: ['registry'] }] });
    expect([set?.fromAt, set?.untilAt]).toEqual([Date.parse(from), Date.parse(until)]);
  });

  it('is too far away to be kept in mind after 90 days', async () => {
    expect((await room.type('maintenance ci 2030-06-01 02:00 for 1h because x')).reply.text).toContain('the next 90');
  });
});
