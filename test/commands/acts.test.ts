import { describe, expect, it } from 'vitest';
import { interpret } from '../../src/commands/interpret.js';
import { verbs } from '../../src/commands/verbs.js';
import { actOf, acts } from '../../src/incident/acts.js';
import { decide } from '../../src/incident/decide.js';
import { refuse } from '../../src/incident/state.js';
import { context } from '../../src/incident/testing.js';
import { opened } from './room.js';

const names = verbs.map(({ name }) => name);
/** These are said with another verb's words, and are that verb's act. */
const saidAs: Record<string, readonly string[]> = { status: ['resolve', 'close', 'reopen'], assign: ['take'] };

describe('what a command is the act of', () => {
  it('is always a verb, so that a rule can name it', () => {
    const all = Object.values(acts).filter((act) => typeof act === 'string');
    expect(all.filter((act) => !names.includes(act))).toEqual([]);
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))(
    'of %s is itself, and is refused in the core too',
    async (name, verb) => {
      for (const line of [name, ...verb.examples]) {
        const room = opened();
        const act = await interpret(line, room.about('i1'));
        if (act.kind !== 'do') continue;
        const actor = { kind: 'person', personId: 'p-ada' } as const;
        expect([name, ...(saidAs[name] ?? [])], line).toContain(actOf(act.command, actor));
        // Whatever reads the line: what nobody may is not done.
        const nobody = context({ may: (which) => (names.includes(which) ? refuse('not-permitted', 'No.') : null) });
        const asked = { command: act.command, actor, at: room.now };
        expect(decide(room.incident('i1'), asked, nobody), line).toMatchObject({ code: 'not-permitted' });
      }
    },
  );
});
