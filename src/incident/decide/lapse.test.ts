import { describe, expect, it } from 'vitest';
import type { Policy } from '../state.js';
import { attach, clear, machine, minutes, person, type Story, start } from '../testing.js';
import { calls, laddered, on, opened, paged, unanswered } from '../testing-ladder.js';

const by = machine;

describe('an acknowledgement', () => {
  const watched = (more: Partial<Policy> = {}): Policy => {
    const rules = laddered({}, more);
    const { sev2 } = rules.severities;
    return { ...rules, severities: { ...rules.severities, sev2: { ...sev2, idleAfterMs: minutes(40) } } };
  };
  const acknowledged = (rules = watched()) =>
    opened(rules).when({ type: 'acknowledge' }, { after: minutes(5), by: person('bob') });
  const lapsed = (story: Story): Story => {
    const dueAt = start + (story.due('idle/i1') ?? Number.NaN);
    return story.when({ type: 'lapseAcknowledgement', dueAt }, { after: dueAt - start, by, given: on });
  };

  it('without anything done for its time asks whoever acknowledged, then calls the ladder', () => {
    const story = lapsed(acknowledged()).gives(
      { acknowledgementLapsed: { personId: 'bob', idleSinceAt: start + minutes(5) } },
      {
        paged: {
          why: 'idle',
          level: 0,
          people: [{ personId: 'bob', because: 'on it, and nobody has done anything for a while' }],
        },
      },
    );
    expect([story.said, calls(story), story.due('idle/i1')]).toEqual([[], ['page/i1/6/bob'], null]);
    const after = unanswered(story, 9);
    expect(paged(after).slice(1)).toEqual([
      '45 idle 0.0 bob (on it, and nobody has done anything for a while)',
      '60 idle 1.1 cleo (on call for primary)',
      '75 idle 1.2 oskar (owner of registry), lea (platform lead)',
      '85 idle 2.1 cleo (on call for primary)',
      '115 idle 2.2 oskar (owner of registry), lea (platform lead)',
    ]);
    expect(after.said).toEqual(['nobody-answered>incident', 'nobody-answered>operators']);
  });

  it('asks the commander where there is one', () => {
    const led = acknowledged().when(
      { type: 'assignRole', role: 'commander', personId: 'cleo' },
      { by: person('cleo') },
    );
    lapsed(led).gives(
      { acknowledgementLapsed: { personId: 'cleo' } },
      { paged: { people: [{ personId: 'cleo', because: 'commander, and nobody has done anything for a while' }] } },
    );
  });

  it('holds for as long again after anything a person does, and Muster’s own acts are none', () => {
    const story = acknowledged();
    expect(story.due('idle/i1')).toBe(minutes(45));
    expect(story.when(attach('sev2'), { after: minutes(20), by }).due('idle/i1')).toBe(minutes(45));
    const noted = story.when({ type: 'addNote', text: 'disk' }, { after: minutes(20), by: person('ada') });
    expect(noted.due('idle/i1')).toBe(minutes(60));
    noted.when({ type: 'lapseAcknowledgement', dueAt: start + minutes(45) }, { after: minutes(45), by }).gives();
  });

  it('that lapsed holds again after anything a person does, and nobody is called any more', () => {
    const asked = unanswered(lapsed(acknowledged()), 1);
    for (const command of [{ type: 'addNote', text: 'here' }, { type: 'acknowledge' }] as const) {
      const back = asked.when(command, { after: minutes(61), by: person('ada') });
      expect([calls(back), back.due('acknowledge/i1')]).toEqual([[], null]);
      back.leaves({ acknowledgedAt: start + minutes(5), paging: { lapsedAt: null } });
      expect(back.due('idle/i1')).toBe(minutes(101));
    }
  });

  it('is not asked about while a step has its time, nor in monitoring unless an update is owed, nor after the end', () => {
    const story = acknowledged();
    const quiet = story.when({ type: 'changeStatus', to: 'monitoring', reason: null }, { after: minutes(6) });
    expect(quiet.due('idle/i1')).toBeNull();
    expect(story.when({ type: 'resolve', summary: null }, { after: minutes(6) }).due('idle/i1')).toBeNull();
    expect(acknowledged(laddered()).due('idle/i1')).toBeNull();
  });

  it('that lapsed is chased although no alert fires', () => {
    const asked = lapsed(acknowledged()).when(clear(), { after: minutes(50), by });
    expect(asked.due('acknowledge/i1')).toBe(minutes(60));
  });
});
