import { describe, it } from 'vitest';
import type { ApprovalRule } from '../approvals.js';
import type { Command } from '../commands.js';
import { type Actor, type Policy, refuse } from '../state.js';
import { context, declared, given, machine, minutes, person, policy, start } from '../testing.js';

const [ada, bob, cleo, dan] = ['ada', 'bob', 'cleo', 'dan'].map((id) => ({ by: person(id) })) as [
  { by: Actor },
  { by: Actor },
  { by: Actor },
  { by: Actor },
];
const leads = { kind: 'people' as const, as: 'leads', people: ['cleo', 'dan'] };
const asks = (more: Partial<Extract<Command, { type: 'requestApproval' }>> = {}): Command => ({
  type: 'requestApproval',
  ...{ what: 'Fail over', from: null, count: null, withinMs: null },
  ...more,
});
const rule = (more: Partial<ApprovalRule> = {}): ApprovalRule => ({
  ...{ from: [{ kind: 'role', role: 'commander' }, leads], count: 1, withinMs: minutes(10) },
  ...more,
});
const under = (approvals: Policy['approvals']) =>
  given(...declared({ policy: { ...policy, ...(approvals && { approvals }) } })).when(
    { type: 'assignRole', role: 'commander', personId: 'ada' },
    ada,
  );
const story = under({ default: rule(), restore: rule({ from: [leads], count: 2 }) });
const asked = story.when(asks(), bob);
const lapse = (after: number): [Command, { after: number; by: Actor }] => [
  { type: 'lapseApprovals', dueAt: start + after },
  { after, by: machine },
];
const approve = { type: 'approve' } as const;

describe('a request for an approval', () => {
  it('is asked of the first that the rules name, told to them alone, and has a number', () => {
    asked.gives({ approvalRequested: { id: 1, what: 'Fail over', level: 0, count: 1 } });
    asked.leaves({ approvals: [{ id: 1, state: 'asked', askedBy: 'bob', dueAt: start + minutes(20) }] });
    asked.when(asks({ what: 'Second' }), bob).gives({ approvalRequested: { id: 2 } });
    asked.when(asks(), bob).refuses('asked-already', /request 1.*the commander/);
  });

  it('goes to the next when the first is silent, lapses after the last, and waits while the incident is over', () => {
    const climbed = asked.when(...lapse(minutes(20)));
    climbed.gives({ approvalClimbed: { id: 1, level: 1 } }).leaves({ approvals: [{ dueAt: start + minutes(30) }] });
    climbed.when(approve, dan).gives({ approvalGiven: { id: 1, have: 1, of: 1 } });
    climbed.when(approve, ada).gives({ approvalGiven: {} });
    const lapsed = climbed.when(...lapse(minutes(30)));
    lapsed.gives({ approvalLapsed: { id: 1 } }).leaves({ approvals: [{ state: 'lapsed', dueAt: null }] });
    lapsed.when({ ...approve, request: 1 }, cleo).refuses('request-over', /approve-request Fail over/);
    const over = asked.when({ type: 'resolve', summary: null }, ada);
    over.leaves({ approvals: [{ state: 'asked', dueAt: null }] });
    over
      .when({ type: 'reopen', reason: 'again' }, { ...ada, after: minutes(60) })
      .leaves({ approvals: [{ dueAt: start + minutes(70) }] });
  });

  it('is never for whoever asked, and skips to who else may when they lead themselves', () => {
    asked.when(approve, bob).refuses('own-request', /somebody else has to agree: the commander, then leads/);
    asked.when(approve, cleo).refuses('not-approver', /Request 1 \(Fail over\) is for the commander/);
    story
      .when(asks(), ada)
      .gives({ approvalRequested: { level: 1 } })
      .when(approve, cleo)
      .gives({ approvalGiven: {} });
    story
      .when(asks({ from: [{ kind: 'role', role: 'commander' }] }), ada)
      .refuses('nobody-to-ask', /nobody but you.*from @who/);
    given(...declared())
      .when(asks(), bob)
      .refuses('nobody-to-ask', /would ask the commander.*assign commander @who/);
  });

  it('of a kind that needs two is given by two different people', () => {
    const two = story.when(asks({ what: 'Restore the database' }), bob);
    two.gives({ approvalRequested: { count: 2, level: 0 } });
    const half = two.when(approve, cleo);
    half.gives({ approvalGiven: { have: 1, of: 2 } }).leaves({ approvals: [{ state: 'asked', given: ['cleo'] }] });
    half.when(approve, cleo).refuses('agreed-already', /leads/);
    half.when({ ...approve, request: 1 }, cleo).refuses('agreed-already', /1 of 2/);
    half
      .when(approve, dan)
      .gives({ approvalGiven: { have: 2 } })
      .leaves({ approvals: [{ state: 'given' }] });
    half.when({ type: 'decline', reason: 'no' }, dan).leaves({ approvals: [{ state: 'declined', said: 'no' }] });
    story
      .when(asks({ from: [{ ...leads, people: ['cleo', 'bob'] }], count: 2 }), bob)
      .refuses('nobody-to-ask', /2 have to agree and only 1 beside you/);
  });

  it('of a private incident asks only who is in it', () => {
    const hidden = given(...declared({ visibility: 'private', policy: { ...policy, approvals: { default: rule() } } }))
      .when({ type: 'assignRole', role: 'commander', personId: 'ada' }, ada)
      .when(asks({ from: [leads] }), ada);
    hidden.refuses('nobody-to-ask', /only those in it are asked.*assign commander @who/);
    const led = hidden.when({ type: 'assignRole', role: 'scribe', personId: 'cleo' }, ada).when(asks(), ada);
    led.when(approve, dan).refuses('not-approver', /leads/);
    led.when(approve, cleo).gives({ approvalGiven: {} });
  });

  it('says which where several wait for the same person', () => {
    const both = asked.when(asks({ what: 'Cut it off' }), bob);
    both.when(approve, ada).refuses('which-request', /1 \(Fail over\), 2 \(Cut it off\).*approve 1/);
    both.when({ ...approve, request: 2 }, ada).gives({ approvalGiven: { id: 2 } });
    both.when({ ...approve, request: 9 }, ada).refuses('no-such-request', /no request 9/);
  });

  it('of a step follows the same rules', () => {
    const walking = (count: number) =>
      under({ step: rule({ from: [leads], count }) })
        .when({ type: 'attachPlaybook', hash: 'watched', reason: 'x' }, ada)
        .when({ type: 'next' }, bob)
        .when({ type: 'done', evidence: null }, bob);
    const done: Command = { type: 'done', evidence: null };
    const waits = walking(2);
    waits.leaves({ approvals: [{ step: { index: 1 }, count: 2, level: 1, what: 'Cut it off' }] });
    const half = waits.when(approve, ada);
    half.leaves({ walk: { approval: { state: 'asked' } } });
    half.when(done, bob).refuses('approval-needed', /1 of 2 have agreed.*break-glass because <reason>/);
    half.when(approve, dan).leaves({ walk: { approval: { state: 'given', by: 'dan' } } });
    const climbed = walking(1).when(...lapse(minutes(20)));
    climbed.gives({ approvalClimbed: { index: 1, level: 1 } });
    const silent = climbed.when(...lapse(minutes(30)));
    silent.gives({ approvalLapsed: { index: 1 } });
    silent.when(approve, cleo).leaves({ walk: { approval: { state: 'given' } }, approvals: [{ state: 'given' }] });
    climbed.when({ type: 'skip', reason: 'x' }, bob).leaves({ approvals: [{ state: 'dropped' }] });
  });
});

describe('breaking the glass', () => {
  const alone: Command = { type: 'breakGlass', what: null, reason: 'nobody answers' };
  it('goes ahead with what waits, says so to everybody who could have agreed, and is asked about afterwards', () => {
    const broken = asked.when(alone, bob);
    broken.gives({ glassBroken: { id: 1, what: 'Fail over', reason: 'nobody answers' } }).leaves({
      approvals: [{ state: 'broken', by: 'bob' }],
      followUps: [{ text: 'Was it right to go ahead without the commander, then leads: Fail over?', owner: 'ada' }],
    });
    broken.when({ ...approve, request: 1 }, ada).refuses('request-over', /gone ahead without it/);
    asked
      .when({ ...alone, what: 'Pull the plug' } as Command, bob)
      .gives({ glassBroken: { id: null, what: 'Pull the plug' } });
    story.when(alone, bob).refuses('nothing-waits', /break-glass <what> because <reason>/);
    asked.when(alone, { by: machine }).refuses('not-a-person', /person/);
  });

  it('is up to whom the rules say', () => {
    const may = context({ may: (act) => (act === 'break-glass' ? refuse('not-permitted', 'Ask the leads.') : null) });
    asked.when(alone, { ...bob, given: may }).refuses('not-permitted', /leads/);
  });
});
