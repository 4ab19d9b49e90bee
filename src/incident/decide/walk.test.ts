import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import {
  alternatives,
  attachedPlaybook,
  chosen,
  context,
  declared,
  given,
  minutes,
  type Story,
  start,
} from '../testing.js';

const ready = given(...declared(), attachedPlaybook);
const walking = ready.when({ type: 'next' }, { after: minutes(1) });
const forkedWalk = given(...declared())
  .when({ type: 'attachPlaybook', ...alternatives })
  .when({ type: 'next' }, { after: minutes(1) });
const done = { type: 'done', evidence: null } as const;
const states = (story: Story) => story.incident.walk?.steps.map(({ state }) => state).join(' ');

describe('choosing a playbook', () => {
  it('keeps titles, phases and roles of its steps with the incident', () => {
    given(...declared())
      .when({ type: 'attachPlaybook', ...chosen })
      .gives({ playbookAttached: { hash: 'book', reason: 'the service is registry', playbookId: 'registry-outage' } })
      .leaves({
        walk: {
          title: 'Registry outage',
          current: null,
          steps: [{ title: 'Confirm' }, { title: 'Freeze the jobs', role: 'operations' }, {}, {}, {}],
        },
      });
  });

  it('may be done again until the walk has started', () => {
    ready
      .when({ type: 'attachPlaybook', ...alternatives })
      .gives({ playbookAttached: { hash: 'forked' } })
      .leaves({ walk: { hash: 'forked' }, aside: [] });
    ready.when({ type: 'attachPlaybook', ...chosen }).refuses('unchanged', /in hand already, not started/);
    walking
      .when({ type: 'attachPlaybook', ...alternatives })
      .refuses(
        'walk-started',
        /Registry outage is being walked, at step 1.*playbook switch forked.*playbook add forked/,
      );
  });

  it('that is gone is refused', () => {
    given(...declared())
      .when({ type: 'attachPlaybook', hash: 'gone', reason: '' })
      .refuses('unknown-playbook', /not there any more/);
  });
});

describe('walking', () => {
  it('starts at the first step and then only shows the step in hand', () => {
    walking.gives({ walkStarted: { index: 0 } }).leaves({ walk: { current: 0, startedAt: start + minutes(1) } });
    expect(walking.said).toEqual(['step>incident']);
    walking.when({ type: 'next' }).gives();
  });

  it('a step that is done keeps its evidence, who and when, and the next is in hand', () => {
    walking
      .when({ type: 'done', evidence: '503 from both' }, { after: minutes(3) })
      .gives({ stepDone: { index: 0, next: 1, evidence: '503 from both', answers: {} } })
      .leaves({
        walk: {
          current: 1,
          steps: [
            {
              state: 'done',
              said: '503 from both',
              by: 'ada',
              startedAt: start + minutes(1),
              endedAt: start + minutes(3),
            },
            { state: 'open', startedAt: start + minutes(3) },
            { startedAt: null },
            {},
            {},
          ],
        },
      });
  });

  it('a step that is skipped keeps the reason', () => {
    walking
      .when({ type: 'skip', reason: 'no jobs run' })
      .gives({ stepSkipped: { index: 0, next: 1, reason: 'no jobs run' } })
      .leaves({ walk: { current: 1, steps: [{ state: 'skipped', said: 'no jobs run' }, {}, {}, {}, {}] } });
  });

  it('a step that fails goes on without a branch', () => {
    walking
      .when({ type: 'fail', what: 'it works' })
      .gives({ stepFailed: { index: 0, next: 1, what: 'it works', branch: false } })
      .leaves({ walk: { current: 1, steps: [{ state: 'failed', said: 'it works' }, {}, {}, {}, {}] } });
  });

  it('a step that fails takes its branch; the steps between are passed over', () => {
    const branched = walking
      .when(done)
      .when({ type: 'fail', what: 'jobs go on' })
      .gives({ stepFailed: { index: 1, next: 3, branch: true } });
    expect(states(branched)).toBe('done failed passed open open');
    branched.when({ type: 'skip', reason: 'x' }).gives({ stepSkipped: { index: 3, next: 4 } });
  });

  it('a branch back begins the earlier step anew', () => {
    const book = context().playbook('book')!;
    const back = { ...book, steps: book.steps.map((step, i) => (i === 1 ? { ...step, goto: 0 } : step)) };
    const again = walking
      .when({ type: 'done', evidence: 'first try' })
      .when({ type: 'fail', what: 'x' }, { after: minutes(20), given: context({ playbook: () => back }) })
      .leaves({
        walk: {
          current: 0,
          steps: [
            { state: 'open', said: null, by: null, endedAt: null, startedAt: start + minutes(20) },
            { state: 'failed' },
            {},
            {},
            {},
          ],
        },
      });
    again
      .when(done)
      .gives({ stepDone: { index: 0, next: 1 } })
      .leaves({ walk: { current: 1 } });
  });

  it('a branch to the step itself begins it anew', () => {
    const book = context().playbook('book')!;
    const self = { ...book, steps: book.steps.map((step, i) => (i === 0 ? { ...step, goto: 0 } : step)) };
    walking
      .when({ type: 'fail', what: 'x' }, { after: minutes(20), given: context({ playbook: () => self }) })
      .leaves({ walk: { current: 0, steps: [{ state: 'open', startedAt: start + minutes(20) }, {}, {}, {}, {}] } })
      .when(done)
      .gives({ stepDone: { index: 0, next: 1 } });
  });

  it('a step that is done or skipped goes where Then leads; what lies between is passed over', () => {
    const at = forkedWalk.when({ type: 'fail', what: 'full' });
    expect(states(at)).toBe('failed passed open open open');
    at.when(done).gives({ stepDone: { index: 2, next: 4 } });
    expect(states(at.when(done))).toBe('failed passed done passed open');
    at.when({ type: 'skip', reason: 'done by Bob' }).gives({ stepSkipped: { index: 2, next: 4 } });
    const healthy = forkedWalk.when(done).when(done);
    expect(states(healthy)).toBe('done done passed passed open');
    healthy.when(done).gives({ stepDone: { index: 4, next: null } });
  });

  it('a step with Then that fails without a branch goes on with the next on the page', () => {
    forkedWalk
      .when(done)
      .when({ type: 'fail', what: 'wrong address' })
      .when({ type: 'fail', what: 'no new one' })
      .gives({ stepFailed: { index: 3, next: 4, branch: false } });
  });

  it('a branch back walks the page again from there, and what was passed over is ahead again', () => {
    const round = forkedWalk
      .when({ type: 'fail', what: 'full' }, { after: minutes(2) })
      .when(done, { after: minutes(3) })
      .when({ type: 'fail', what: 'still fails' }, { after: minutes(4) })
      .gives({ stepFailed: { index: 4, next: 0, branch: true } });
    expect(states(round)).toBe('open open done open failed');
    expect(states(round.when({ type: 'back' }))).toBe('passed passed done passed open');
    const other = round
      .when(done, { after: minutes(5) })
      .when({ type: 'fail', what: 'wrong address' }, { after: minutes(6) })
      .when(done, { after: minutes(7) });
    expect(states(other)).toBe('done failed done done open');
    other.when(done).leaves({ walk: { current: null } });
  });

  it('back over what was passed brings it back', () => {
    const back = forkedWalk.when({ type: 'fail', what: 'full' }).when({ type: 'back' });
    expect(states(back)).toBe('open open open open open');
  });

  it('a press on the card of a step that is over ends no other step, and says which one is in hand', () => {
    const second = walking.when({ ...done, step: 0 }).gives({ stepDone: { index: 0 } });
    second
      .when({ ...done, step: 0 })
      .refuses('other-step', /^Step 1 is done\. Step 2 is in hand: Freeze the jobs\. \/incident next shows it\.$/);
    second.when({ type: 'skip', reason: 'x', step: 3 }).refuses('other-step', /Step 4 is still ahead/);
    second.when({ type: 'fail', what: 'x', step: 1 }).gives({ stepFailed: { index: 1 } });
  });

  it('ends after the last step, and back returns to it', () => {
    const skip = { type: 'skip', reason: 'x' } as const;
    const over = [skip, skip, skip, skip, done].reduce(
      (story, command, i) => story.when(command, { after: minutes(10 + i) }),
      walking,
    );
    over
      .gives({ stepDone: { index: 4, next: null } })
      .leaves({ walk: { current: null, finishedAt: start + minutes(14) } });
    over.when(done).refuses('walk-finished', /\/incident back/);
    over.when({ type: 'next' }).gives();
    over
      .when({ type: 'back' })
      .gives({ steppedBack: { index: 5, to: 4 } })
      .leaves({ walk: { current: 4, finishedAt: null } });
  });

  it('back takes the way it came, over a branch too', () => {
    const branched = walking
      .when(done, { after: minutes(2) })
      .when({ type: 'fail', what: 'x' }, { after: minutes(3) })
      .when({ type: 'back' })
      .gives({ steppedBack: { index: 3, to: 1 } })
      .leaves({ walk: { current: 1 } });
    expect(states(branched)).toBe('done open open open open');
    branched
      .when({ type: 'back' })
      .gives({ steppedBack: { index: 1, to: 0 } })
      .when({ type: 'back' })
      .refuses('first-step', /first step.*\/incident next/);
  });

  it('before it starts, without a playbook, without its text and without steps says what to do', () => {
    ready.when(done).refuses('walk-not-started', /\/incident next/);
    ready.when({ type: 'back' }).refuses('walk-not-started', /\/incident next/);
    const none = given(...declared());
    none.when({ type: 'next' }).refuses('no-playbook', /\/incident playbook.*\/incident note/);
    none.when({ type: 'back' }).refuses('no-playbook', /\/incident playbook/);
    none.when({ type: 'fail', what: 'x' }).refuses('no-playbook', /\/incident note/);
    walking
      .when({ type: 'skip', reason: 'x' }, { given: context({ playbook: () => null }) })
      .refuses('playbook-lost', /Registry outage cannot be read/);
    const { body } = attachedPlaybook as Extract<typeof attachedPlaybook, { type: 'playbookAttached' }>;
    given(...declared(), event('playbookAttached', { ...body, steps: [] }))
      .when({ type: 'next' })
      .refuses('no-steps', /has no steps/);
  });
});

describe('a step that asks', () => {
  const asksOne = walking.when({ type: 'skip', reason: 'x' }).when({ type: 'skip', reason: 'x' });
  const asksTwo = asksOne.when({ type: 'skip', reason: 'x' });

  it('for one thing takes the whole text as the answer', () => {
    asksOne
      .when({ type: 'done', evidence: 'the build farm' })
      .gives({ stepDone: { index: 2, answers: { client: 'the build farm' } } })
      .leaves({ walk: { answers: { client: 'the build farm' } } });
    asksOne.when(done).refuses('answer-needed', /asks for client\. Give it with \/incident done …/);
  });

  it('for several takes name=value and keeps earlier answers', () => {
    asksOne
      .when({ type: 'done', evidence: 'farm' })
      .when({ type: 'done', evidence: 'host=db1 and user=a=b' })
      .gives({ stepDone: { answers: { host: 'db1', user: 'a=b' } } })
      .leaves({ walk: { answers: { client: 'farm', host: 'db1', user: 'a=b' } } });
  });

  it('for several says which are missing', () => {
    asksTwo
      .when({ type: 'done', evidence: 'host=db1 user=' })
      .refuses('answer-needed', /Say it again with user=…; other words may stay\.$/);
    asksTwo.when(done).refuses('answer-needed', /\/incident done host=… user=…/);
  });

  it('may be skipped or fail without an answer', () => {
    asksTwo.when({ type: 'fail', what: 'x' }).gives({ stepFailed: {} });
  });
});
