import { describe, expect, it } from 'vitest';
import type { CommandBodies } from '../commands.js';
import { declared, given, machine, minutes, person, type Story, start } from '../testing.js';

const watched = { hash: 'watched', reason: 'x' };
const ready = given(...declared()).when({ type: 'attachPlaybook', ...watched });
const walking = ready.when({ type: 'next' }, { after: 0 });
const check = (story: Story, after: number): Story =>
  story.when({ type: 'checkStep', dueAt: story.incident.walk?.dueAt ?? 0 }, { after, by: machine });
const third = walking.when({ type: 'done', evidence: null }).when({ type: 'skip', reason: 'x' });

describe('a time-box', () => {
  it('asks when the step in hand has passed its time, and again after the same time', () => {
    expect(walking.due('step/i1')).toBe(minutes(10));
    const asked = check(walking, minutes(10)).gives({
      stepOverdue: { index: 0, times: 1, dueAt: start + minutes(10), nextDueAt: start + minutes(20) },
    });
    expect(asked.due('step/i1')).toBe(minutes(20));
  });

  it('asks three times, then the commander once more, then nobody', () => {
    const times = [10, 20, 30, 40].reduce((story, after) => check(story, minutes(after)), walking);
    times.gives({ stepOverdue: { times: 4, nextDueAt: null } });
    expect(times.due('step/i1')).toBeNull();
  });

  it('is extended by more, from then on; without a time by the same again', () => {
    const more = (forMs: number | null) => walking.when({ type: 'extendStep', forMs }, { after: minutes(9) });
    expect(more(minutes(30)).due('step/i1')).toBe(minutes(39));
    expect(more(null).due('step/i1')).toBe(minutes(19));
    check(more(minutes(30)), minutes(39)).gives({ stepOverdue: { nextDueAt: start + minutes(49) } });
    third.when({ type: 'extendStep', forMs: null }).refuses('no-time', /Say how long.*\/incident more 10m/);
    const once = third.when({ type: 'extendStep', forMs: minutes(5) }, { after: 0 });
    check(once, minutes(5)).gives({ stepOverdue: { nextDueAt: null } });
  });

  it('ends with its step, with the incident and while the playbook is aside; an old one asks nothing', () => {
    const ends: ((story: Story) => Story)[] = [
      (story) => story.when({ type: 'skip', reason: 'x' }).when({ type: 'skip', reason: 'x' }),
      (story) => story.when({ type: 'resolve', summary: null }),
      (story) => story.when({ type: 'switchPlaybook', hash: 'book', reason: 'x' }),
    ];
    for (const end of ends) expect(end(walking).due('step/i1')).toBeNull();
    walking
      .when({ type: 'done', evidence: null })
      .when({ type: 'checkStep', dueAt: start + minutes(10) }, { by: machine })
      .gives();
  });

  it('begins again when the incident is reopened or the playbook taken up again', () => {
    const resolved = walking.when({ type: 'resolve', summary: null });
    expect(resolved.when({ type: 'reopen', reason: 'x' }, { after: minutes(60) }).due('step/i1')).toBe(minutes(70));
    const back = walking
      .when({ type: 'switchPlaybook', hash: 'book', reason: 'x' })
      .when({ type: 'switchPlaybook', ...watched }, { after: minutes(60) });
    expect(back.due('step/i1')).toBe(minutes(70));
  });

  it('is none of an incident that has ended', () => {
    const ended = walking.when({ type: 'resolve', summary: null });
    expect(ended.when({ type: 'done', evidence: null }).due('step/i1')).toBeNull();
    ended.when({ type: 'extendStep', forMs: 1 }).refuses('ended', /resolved/);
  });
});

describe('giving a step to somebody', () => {
  const assign = (given: Partial<CommandBodies['assignStep']> = {}) =>
    ({ type: 'assignStep', personId: 'bob', ...given }) as const;

  it('names the one in hand or one ahead, and makes the person a responder', () => {
    walking
      .when(assign())
      .gives({ stepAssigned: { index: 0, personId: 'bob', previous: null } })
      .leaves({ walk: { steps: [{ assignee: 'bob' }, {}, {}, {}] }, responders: ['ada', 'bob'] })
      .when(assign({ personId: 'cleo' }))
      .gives({ stepAssigned: { previous: 'bob' } });
    ready.when(assign({ step: 3 })).gives({ stepAssigned: { index: 3 } });
  });

  it('leaves it to anybody to end it', () => {
    walking
      .when(assign())
      .when({ type: 'done', evidence: null }, { by: person('cleo') })
      .leaves({ walk: { steps: [{ state: 'done', by: 'cleo', assignee: 'bob' }, {}, {}, {}] } });
  });

  it('says why it cannot be', () => {
    given(...declared())
      .when(assign())
      .refuses('no-playbook', /\/incident playbook/);
    ready.when(assign()).refuses('walk-not-started', /\/incident next/);
    walking.when(assign({ step: 7 })).refuses('no-such-step', /has 4 steps/);
    walking
      .when(assign())
      .when(assign())
      .refuses('unchanged', /has step 1 already/);
    third.when(assign({ step: 0 })).refuses('step-over', /Step 1 is done/);
    walking.when(assign({ playbook: 'other' })).refuses('other-playbook', /Watched is in hand/);
  });
});

describe('sub-steps', () => {
  // Watched: after the declined second step comes the third by hand.
  const parts = third;
  const tick = (substep: number, ticked = true) => ({ type: 'tickSubstep', substep, ticked }) as const;

  it('are ticked one by one, and a tick is taken back', () => {
    parts
      .when(tick(1))
      .gives({ substepTicked: { index: 2, substep: 1, text: 'by phone', ticked: true } })
      .when(tick(0))
      .leaves({ walk: { steps: [{}, {}, { ticked: [0, 1] }, {}] } })
      .when(tick(1, false))
      .leaves({ walk: { steps: [{}, {}, { ticked: [0] }, {}] } });
  });

  it('say what is ticked, what is not there, and where there are none', () => {
    parts
      .when(tick(1))
      .when(tick(1))
      .refuses('unchanged', /ticked already\. \/incident untick 2/);
    parts.when(tick(1, false)).refuses('unchanged', /not ticked\. \/incident tick 2/);
    parts.when(tick(2)).refuses('no-such-substep', /has 2 sub-steps/);
    walking.when(tick(0)).refuses('no-such-substep', /no sub-steps.*\/incident done/);
  });

  it('are kept by going back and forgotten when the walk comes round again', () => {
    const ticked = parts.when(tick(0));
    const on = ticked.when({ type: 'done', evidence: null });
    on.when({ type: 'back' }).leaves({ walk: { current: 2, steps: [{}, {}, { ticked: [0] }, {}] } });
    ticked
      .when({ type: 'back' })
      .when({ type: 'skip', reason: 'x' })
      .leaves({ walk: { current: 2, steps: [{}, {}, { ticked: [] }, {}] } });
  });
});
