import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/commands/forms.js';
import type { Verb } from '../../src/commands/verb.js';
import { spokenWords, verbs } from '../../src/commands/verbs.js';
import type { Card } from '../../src/messages/card.js';
import { buttonsOf, opened, Room } from './room.js';

const others = (verb: Verb): string[] => [...verb.aliases, ...Object.keys(verb.presets ?? {})];
const names = verbs.map((verb) => [verb.name, verb] as const);

/** One slip each: a letter left out, doubled, taken for its neighbour, or two of them exchanged. */
function slips(word: string): string[] {
  const at = Math.floor(word.length / 2);
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
  return [
    before + after,
    before + letter + letter + after,
    `${word.slice(0, -2)}${word.charAt(word.length - 1)}${word.charAt(word.length - 2)}`,
    `${before}${letter === 'q' ? 'w' : 'q'}${after}`,
  ];
}

describe('every verb', () => {
  it.each(names)('%s has other words for it', (_, verb) => {
    expect(others(verb).length).toBeGreaterThanOrEqual(2);
  });

  it.each(names)(
    '%s runs from one line, and what it needs is asked for in a form or below the answer',
    async (name, verb) => {
      expect(verb.examples.length).toBeGreaterThan(0);
      const needs = /^\S+ </.test(verb.usage);
      if (!needs) return;
      const room = opened('sev1');
      const form = await formOf(name, room.about(room.here), { services: [], from: null });
      const { reply } = await room.type(name);
      const asks = buttonsOf(reply.card as Card).some(({ input }) => input !== undefined);
      const offers = (reply.card ? buttonsOf(reply.card) : []).length > 0;
      expect(form !== null || asks || offers || /\/incident /.test(reply.text), reply.text).toBe(true);
    },
  );

  it.each(names.filter(([name]) => name.length > 3))('%s mistyped is offered as a button', async (name) => {
    for (const slip of slips(name)) {
      if (spokenWords.includes(slip) || slip.length < 3) continue;
      const { reply, command } = await opened('sev1').type(slip);
      expect([slip, command]).toEqual([slip, null]);
      const all = buttonsOf(reply.card as Card).map(({ command: line }) => line);
      // What is as near may stand before it, but never more than two.
      expect(
        all.some((line) => wordsFor(name).includes(line.replace('/incident ', '').split(' ')[0] ?? '')) ||
          all.length >= 3,
        `${slip}: ${all.join(', ')}`,
      ).toBe(true);
    }
  });
});

const wordsFor = (name: string): string[] => [name, ...others(verbs.find((verb) => verb.name === name) as Verb)];

/** Whatever was done wrong, the answer names a command, a button, or what to say instead. */
const saysWhatInstead = (reply: { text: string; card?: Card }): boolean =>
  /\/incident|Usage:|muster[ .]/.test(reply.text) ||
  (reply.card !== undefined && buttonsOf(reply.card).length > 0) ||
  /\b(?:Say|Give|Name|Type|Choose|Pick|Wait|Use)\b/.test(reply.text);

describe('every refusal says what to do instead', () => {
  const rooms: [string, () => Promise<Room>][] = [
    ['an open incident', async () => opened('sev1')],
    ['the triage queue', async () => opened('sev3')],
    ['no incident', async () => new Room()],
    [
      'a resolved one',
      async () => {
        const room = opened('sev1');
        await room.type('resolve');
        return room;
      },
    ],
    [
      'a closed one',
      async () => {
        const room = opened('sev1');
        await room.type('resolve');
        await room.type('close');
        return room;
      },
    ],
  ];
  it.each(rooms)('in %s', async (_, make) => {
    const silent = new Map<string, string>();
    for (const verb of verbs)
      for (const line of [
        verb.name,
        `${verb.name} nonsense here`,
        `${verb.name} #99`,
        `at 02:00 ${verb.name}`,
        ...verb.examples,
      ]) {
        const room = await make();
        for (const turn of [1, 2]) {
          const { reply } = await room.type(line);
          if (reply.refusal && !saysWhatInstead(reply)) silent.set(reply.text, `${line} (${turn})`);
        }
      }
    expect(Object.fromEntries(silent)).toEqual({});
  });
});
