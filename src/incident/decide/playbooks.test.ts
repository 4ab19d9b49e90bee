import { describe, expect, it } from 'vitest';
import { alternatives, chosen, declared, given, minutes } from '../testing.js';

const one = given(...declared())
  .when({ type: 'attachPlaybook', ...chosen })
  .when({ type: 'next' })
  .when({ type: 'done', evidence: 'seen' });
const switched = one.when({ type: 'switchPlaybook', ...alternatives });

describe('several playbooks', () => {
  it('one that is switched to is in hand, and the one before keeps all that was done', () => {
    switched
      .gives({ playbookAttached: { hash: 'forked', later: false } })
      .leaves({ walk: { hash: 'forked', current: null }, aside: [{ hash: 'book', current: 1 }] });
    expect(switched.incident.aside[0]).toEqual(one.incident.walk);
  });

  it('go back and forth, each where it was left', () => {
    switched
      .when({ type: 'next' })
      .when({ type: 'skip', reason: 'x' })
      .when({ type: 'switchPlaybook', ...chosen })
      .gives({ walkSwitched: { hash: 'book', title: 'Registry outage', from: 'Forked' } })
      .leaves({ walk: { hash: 'book', current: 1 }, aside: [{ hash: 'forked', current: 1 }] })
      .when({ type: 'done', evidence: null })
      .leaves({ walk: { current: 2 }, aside: [{ current: 1 }] });
  });

  it('one that is added waits beside the one in hand, or is in hand when there is none', () => {
    one
      .when({ type: 'addPlaybook', ...alternatives })
      .gives({ playbookAttached: { later: true } })
      .leaves({ walk: { hash: 'book', current: 1 }, aside: [{ hash: 'forked', startedAt: null }] })
      .when({ type: 'switchPlaybook', ...alternatives })
      .gives({ walkSwitched: {} })
      .leaves({ walk: { hash: 'forked' }, aside: [{ hash: 'book' }] });
    given(...declared())
      .when({ type: 'addPlaybook', ...alternatives })
      .leaves({ walk: { hash: 'forked' }, aside: [] });
  });

  it('one that is here already is not attached again, and the refusal says how to go on', () => {
    one.when({ type: 'addPlaybook', ...chosen }).refuses('unchanged', /in hand already, at step 2.*\/incident next/);
    switched
      .when({ type: 'addPlaybook', ...chosen })
      .refuses('unchanged', /here already, at step 2.*\/incident playbook switch registry-outage/);
  });

  it('at the end of one, another takes its place without a question', () => {
    const ended = ['x', 'x', 'x', 'x'].reduce((story, reason) => story.when({ type: 'skip', reason }), one);
    ended
      .when({ type: 'attachPlaybook', ...alternatives })
      .leaves({ walk: { hash: 'forked' }, aside: [{ hash: 'book', current: null }] });
  });

  it('others that match are told with the one that is chosen', () => {
    given(...declared())
      .when({ type: 'attachPlaybook', ...chosen, others: [alternatives, { hash: 'gone', reason: '' }] })
      .gives({
        playbookAttached: { others: [{ playbookId: 'forked', title: 'Forked', reason: 'the service is forked' }] },
      });
  });

  it('a button of the other one ends no step of the one in hand', () => {
    switched
      .when({ type: 'next' })
      .when({ type: 'done', evidence: null, step: 0, playbook: 'registry-outage' })
      .refuses('other-playbook', /Forked is in hand\. \/incident playbook switch registry-outage goes back/);
  });

  it('at close one set aside on its way owes the step it was left at, once', () => {
    const closed = switched
      .when({ type: 'next' })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' })
      .leaves({ aside: [{ current: 1, steps: [{ state: 'done' }, { state: 'open' }, {}, {}, {}] }] });
    const texts = (story: typeof closed) => story.incident.followUps.map(({ text }) => text);
    expect(texts(closed)).toEqual([
      'Finish step 1 of Forked: Check the disk',
      'Finish step 2 of Forked: Check the name',
      'Finish step 5 of Forked: Prove it',
      'Finish step 2 of Registry outage: Freeze the jobs; it was set aside there',
    ]);
    const again = closed
      .when({ type: 'reopen', reason: 'x' }, { after: minutes(20) })
      .when({ type: 'resolve', summary: null })
      .when({ type: 'close' });
    expect(texts(again)).toEqual(texts(closed));
  });
});
