import { describe, it } from 'vitest';
import { declared, given, machine, minutes, person, type Story, start } from '../testing.js';

const ada = { by: person('ada') };
const bob = { by: person('bob') };
const done = { type: 'done', evidence: null } as const;
const approve = { type: 'approve' } as const;
const walking = given(...declared())
  .when({ type: 'attachPlaybook', hash: 'watched', reason: 'x' })
  .when({ type: 'next' }, bob);
/** The second step waits for the commander. */
const waits = walking.when(done, bob);
const led = waits.when({ type: 'assignRole', role: 'commander', personId: 'ada' }, ada);
const approved = led.when(approve, ada);
const leaves = (story: Story, state: string | null) =>
  story.leaves({ walk: { current: 1, approval: state === null ? null : { state } } });

describe('a step that needs an approval', () => {
  it('asks for it when it comes in hand, and cannot be done before', () => {
    waits.gives({ stepDone: { next: 1 } }, { approvalAsked: { index: 1, role: 'commander' } });
    leaves(waits, 'asked').leaves({ walk: { approval: { askedBy: 'bob', askedAt: start + minutes(10) } } });
    led.when(done, bob).refuses('approval-needed', /The commander has been asked.*\/incident skip <reason>/);
    waits.when(done, bob).refuses('approval-needed', /Nobody has the role of commander.*\/incident take commander/);
  });

  it('is approved by whoever has the role, and then done; its time begins with the approval', () => {
    approved.gives({ approvalGiven: { index: 1, role: 'commander' } });
    leaves(approved, 'given').leaves({ walk: { approval: { by: 'ada', askedBy: 'bob' } } });
    led.when(approve, { ...ada, after: minutes(15) }).leaves({ walk: { dueAt: start + minutes(35) } });
    approved
      .when(done, bob)
      .gives({ stepDone: { index: 1, next: 2 } })
      .leaves({ walk: { approval: null } });
    approved.when(approve, ada).refuses('already-approved', /\/incident done/);
  });

  it('is never approved by whoever asked, who is told the ways out', () => {
    waits
      .when({ type: 'assignRole', role: 'commander', personId: 'bob' }, bob)
      .when(approve, bob)
      .refuses('own-request', /two people.*\/incident take step.*\/incident take commander.*\/incident skip <reason>/);
  });

  it('taken by somebody else is asked for in their name, and then whoever brought it in hand approves', () => {
    const bobLeads = waits.when({ type: 'assignRole', role: 'commander', personId: 'bob' }, bob);
    const cleo = { by: person('cleo') };
    bobLeads
      .when({ type: 'assignStep', personId: 'cleo' }, bob)
      .when(approve, bob)
      .refuses('own-request', /two people/);
    bobLeads
      .when({ type: 'assignStep', personId: 'cleo' }, cleo)
      .gives({ stepAssigned: { personId: 'cleo' } }, { approvalAsked: {} })
      .when(approve, bob)
      .gives({ approvalGiven: {} });
    bobLeads
      .when({ type: 'assignStep', personId: 'cleo' }, bob)
      .when({ type: 'assignStep', personId: 'cleo' }, cleo)
      .gives({ approvalAsked: {} });
  });

  it('is up to nobody else', () => {
    led.when(approve, bob).refuses('not-approver', /for the commander to approve/);
    led.when(approve, { by: machine }).refuses('not-approver', /commander/);
    waits.when(approve, ada).refuses('nobody-approves', /\/incident take commander/);
    walking.when(approve, ada).refuses('no-approval', /Step 1 needs no approval/);
  });

  it('of a role nobody has is up to the commander', () => {
    approved
      .when(done, bob)
      .when(done, bob)
      .gives({ stepDone: { next: 3 } }, { approvalAsked: { index: 3, role: 'operations' } })
      .when(approve, ada)
      .gives({ approvalGiven: { role: 'operations' } });
  });

  it('declined says why, is not done, and is asked for again by taking it', () => {
    const declined = led.when({ type: 'decline', reason: 'too early' }, ada);
    declined.gives({ approvalDeclined: { index: 1, role: 'commander', reason: 'too early' } });
    leaves(declined, 'declined')
      .when(done, bob)
      .refuses('approval-declined', /too early.*\/incident take step/);
    declined.when({ type: 'decline', reason: 'x' }, ada).refuses('already-declined', /too early/);
    leaves(declined.when({ type: 'assignStep', personId: 'bob' }, bob), 'asked').when(approve, ada);
    leaves(declined.when(approve, ada), 'given');
  });

  it('may always be skipped or fail, and what was asked is dropped with it', () => {
    waits.when({ type: 'skip', reason: 'alone' }, bob).leaves({ walk: { current: 2, approval: null } });
    waits
      .when({ type: 'fail', what: 'x' }, bob)
      .gives({ stepFailed: { next: 3 } }, { approvalAsked: { index: 3, role: 'operations' } });
    waits.when({ type: 'back' }, bob).leaves({ walk: { current: 0, approval: null } });
    approved
      .when({ type: 'back' }, bob)
      .when(done, bob)
      .leaves({ walk: { approval: { state: 'asked' } } });
  });

  it('is asked for anew when its playbook is taken up again', () => {
    approved
      .when({ type: 'switchPlaybook', hash: 'book', reason: 'x' }, bob)
      .leaves({ aside: [{ approval: null }] })
      .when({ type: 'switchPlaybook', hash: 'watched', reason: 'x' }, bob)
      .gives({ walkSwitched: {} }, { approvalAsked: { index: 1 } });
  });
});
