import { describe, expect, it } from 'vitest';
import { likeness } from '../../src/commands/alike.js';
import { declaration } from '../../src/commands/options.js';
import type { Command } from '../../src/incident/commands.js';
import { open } from '../../src/incident/testing.js';
import { button, labels, people, Room } from './room.js';

const like = (typed: string, title: string, services: string[] = []) => {
  const said = declaration(typed);
  if ('wrong' in said) throw new Error(said.wrong);
  return likeness(said, { title, services }) > 0;
};

describe('what is like an open incident', () => {
  it.each([
    ['Registry: pushes fail', 'Registry: pushes fail', []],
    ['docker push to the registry is failing', 'Registry: pushes fail', []],
    ['pushes fail', 'PushFails and 2 more on registry', ['registry']],
    ['registry is broken, cannot push', 'Registry: pushes fail', ['registry']],
    ['--service registry push errors', 'PushFails', ['registry']],
    ['Registry', 'registry', ['registry']],
  ])('“%s” may be “%s”', (typed, title, services) => expect(like(typed, title, services)).toBe(true));

  it.each([
    ['Builds are slow', 'Registry: pushes fail', []],
    ['Registry storage is full', 'Registry: pushes fail', ['registry']],
    ['The wiki is down', 'The mail server is down since noon', []],
    ['--service registry The certificate expires', 'PushFails', ['registry']],
    ['It burns', 'It is slow', []],
    ['Nothing builds', 'Nobody can push', []],
  ])('“%s” is not “%s”', (typed, title, services) => expect(like(typed, title, services)).toBe(false));
});

describe('a declaration like an open incident', () => {
  async function declared(line = 'declare Registry: pushes fail'): Promise<Room> {
    const room = new Room();
    await room.type(line);
    room.asker = people[2]!;
    return room;
  }

  it('opens nothing and offers to join; one press joins, with the words on the timeline', async () => {
    const room = await declared();
    const asked = await room.type('Docker push to registry fails');
    expect(asked.reply.refusal).toEqual({ code: 'looks-alike' });
    expect(asked.reply.text).toMatch(/^Nothing is opened yet: this looks like #42 “Registry: pushes fail”/);
    expect(labels(asked.reply.card)).toEqual(['Join #42', 'Declare anyway']);
    const { incident } = await room.press(button(asked.reply.card, 'Join #42'));
    expect(incident).toMatchObject({ number: 42, responders: ['p-ada', 'p-cleo'] });
    expect(room.kept.get(incident!.id)?.timeline.slice(-2)).toMatchObject([
      { type: 'responderJoined' },
      { type: 'noted', body: { text: 'Docker push to registry fails' } },
    ]);
  });

  it('goes ahead with one press all the same, options included', async () => {
    const room = await declared();
    const asked = await room.type('declare --sev 1 Registry pushes fail');
    const { incident } = await room.press(button(asked.reply.card, 'Declare anyway'));
    expect(incident).toMatchObject({ number: 43, severity: 'sev1', title: 'Registry pushes fail' });
    expect((await room.type('declare --new Registry pushes fail')).incident?.number).toBe(44);
  });

  it('offers an entry of the triage queue instead of a second incident', async () => {
    const room = new Room();
    room.perform('i1', triaged());
    const asked = await room.type('Registry pushes fail');
    expect(labels(asked.reply.card)).toEqual(['Declare “Registry: pushes fail”', 'Declare anyway']);
    expect((await room.press(button(asked.reply.card, 'Declare “Registry: pushes fail”'))).incident?.id).toBe('i1');
  });

  it('is asked about for as long as it is recent and open', async () => {
    const room = await declared();
    room.now += 49 * 3_600_000;
    expect((await room.type('Registry: pushes fail')).incident?.number).toBe(43);
    const again = await declared();
    await again.type('resolve', again.kept.keys().next().value);
    expect((await again.type('Registry: pushes fail')).incident?.number).toBe(43);
  });

  it('says nothing of a private incident to who is not in it, and takes no private words into a public one', async () => {
    const hidden = await declared('declare --private Registry: pushes fail');
    expect((await hidden.type('Registry: pushes fail')).incident?.number).toBe(43);
    const room = await declared();
    const asked = await room.type('declare --private Registry: pushes fail');
    expect(button(asked.reply.card, 'Join #42').command).toBe('/incident join');
  });
});

const triaged = () =>
  ({
    ...(open() as Extract<Command, { type: 'open' }>),
    judged: { severity: 'sev3', reason: 'the worst label is warning' },
  }) as const;
