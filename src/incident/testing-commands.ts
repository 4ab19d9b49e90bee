import fc from 'fast-check';
import type { AttachedAlerts, CommandBodies, CommandType } from './commands.js';
import type { WalkablePlaybook } from './context.js';
import { mergeEvidence, noEvidence } from './severity.js';
import { type AudienceRule, type Evidence, grades, type Mirror, roles, severities } from './state.js';
import { forked, minutes, playbook, policy, start, watched } from './testing.js';
import { approvalBodies, approvalRulesOf } from './testing-approvals.js';
import { changedBodies } from './testing-changed.js';
import { escalationsOf } from './testing-escalations.js';
import { gateBodies, gated, gatedNewer } from './testing-gates.js';
import { linkBodies } from './testing-links.js';
import { noiseBodies } from './testing-noise.js';
import { hintsOf, symptomBodies, symptomsOf } from './testing-symptoms.js';

/** In everything that somebody or an alert wrote. */
export const canary = 'CANARY';
const words = fc.string({ maxLength: 8 }).map((text) => `${canary} ${text}`);
const person1 = fc.constantFrom('a', 'b', 'c').map((name) => `${canary}-${name}`);
const severity = fc.constantFrom(...severities);
const hash = fc.constantFrom(
  'book',
  'book',
  'forked',
  'forked',
  'looped',
  'looped',
  'watched',
  'watched',
  'gated',
  'gated',
  'gated2',
  'empty',
  'gone',
);
export const playbooks: Record<string, WalkablePlaybook> = {
  book: playbook,
  forked,
  watched,
  gated,
  gated2: gatedNewer,
  looped: {
    ...playbook,
    steps: playbook.steps.map((step, i) => ({
      ...step,
      goto: i === 1 ? 0 : i === 2 ? 2 : 4,
      thenTo: [3, null, 0, 1, null][i] ?? null,
    })),
  },
  empty: { ...playbook, steps: [] },
};
const single = fc.record({ hash, reason: words });
const choice = fc.record(
  { hash, reason: words, others: fc.array(single, { maxLength: 2 }) },
  { requiredKeys: ['hash', 'reason'] },
);
const playbookOrNone = fc.option(choice, { nil: null });
const visibility = fc.constantFrom('public', 'public', 'private');
const policies = fc
  .record({
    warnBeforeMs: fc.constantFrom(0, minutes(5), minutes(90)),
    archiveAfterMs: fc.constantFrom(null, minutes(60)),
    invite: fc.uniqueArray(person1),
    platforms: fc.constantFrom<string[]>(['home'], ['home', 'away'], []),
    mirrors: fc.constantFrom<Mirror[]>(
      [],
      [
        { platform: 'away', hears: 'updates' },
        { platform: 'aside', hears: 'outline' },
      ],
    ),
    approve: fc.option(fc.uniqueArray(person1), { nil: null }),
    approvals: approvalRulesOf(person1),
    audiences: fc.constantFrom<AudienceRule[]>(
      [],
      [{ name: 'all' }],
      [{ name: 'all' }, { name: 'grave', severities: ['sev1'] }, { name: 'some', services: ['registry'] }],
      [
        { name: 'all', every: { investigating: minutes(20), monitoring: minutes(90) } },
        { name: 'board', kind: 'executives', every: { investigating: minutes(50), identified: null } },
        { name: 'world', kind: 'public' },
      ],
    ),
    platformLead: fc.constantFrom<string[]>(['olga'], ['ann', 'olga'], []),
    subscriptions: fc.constant(true as const),
    sev1: fc.record({ invite: fc.uniqueArray(person1), page: fc.uniqueArray(person1) }, { requiredKeys: [] }),
    escalations: escalationsOf(person1),
    pagesInDrills: fc.boolean(),
    idleAfterMs: fc.constantFrom(null, minutes(20)),
  })
  .map(({ sev1, approve, idleAfterMs, ...given }) => ({
    ...policy,
    ...given,
    ...(approve && { services: { registry: { callLink: 'https://meet.example.com', approve, owners: approve } } }),
    severities: {
      sev1: { ...policy.severities.sev1, ...sev1, idleAfterMs },
      sev2: { ...policy.severities.sev2, idleAfterMs },
      sev3: policy.severities.sev3,
    },
  }));
const evidence: fc.Arbitrary<Evidence> = fc
  .record({
    alerts: fc.nat(4),
    services: fc.array(words, { maxLength: 3 }),
    hosts: fc.array(words, { maxLength: 14 }),
    worst: fc.constantFrom(...grades),
    tier: fc.constantFrom(null, 1, 2),
    compromise: fc.boolean(),
  })
  .map((raw) => mergeEvidence(noEvidence, raw));
const attached: fc.Arbitrary<AttachedAlerts> = fc
  .record({
    count: fc.nat(3),
    cleared: fc.constantFrom(0, 0, 0, 3),
    names: fc.array(words, { maxLength: 3 }),
    evidence,
    startedAt: fc.option(fc.integer({ min: start - minutes(60), max: start }), { nil: null }),
    receipts: fc.constantFrom<string[]>([], ['r1'], ['r1', 'r2']),
    symptoms: fc.option(symptomsOf(words), { nil: undefined }),
    hints: fc.option(hintsOf(words), { nil: undefined }),
  })
  .map(({ cleared, symptoms, hints, ...rest }) => ({
    ...rest,
    ...(symptoms && { symptoms }),
    ...(hints && { hints }),
    firing: Math.max(0, rest.count - cleared),
  }));
const judged = fc.record({ severity, reason: words });
const soon = fc.integer({ min: start, max: start + minutes(300) });
const nothing = fc.constant({});
const textOrNone = fc.option(words, { nil: null });
const message = {
  platform: fc.constantFrom('home', 'away'),
  channel: fc.constant('C1'),
  message: fc.constantFrom('m1', 'm2'),
};

/** One per command, so that a new one does not compile without it. */
export const bodies: { [T in CommandType]: fc.Arbitrary<CommandBodies[T]> } = {
  open: fc.record({
    incidentId: fc.constant('i1'),
    title: words,
    services: fc.array(words, { maxLength: 2 }),
    groupKey: words,
    alerts: attached,
    policy: policies,
    drill: fc.boolean(),
    playbook: playbookOrNone,
    judged,
  }),
  attachAlerts: fc.record({ alerts: attached, judged }),
  resolveAlerts: fc.record({
    count: fc.nat(4),
    names: fc.array(words, { maxLength: 2 }),
    receipts: fc.constant(['r3']),
  }),
  declare: fc.record({
    incidentId: fc.constant('i1'),
    title: fc.option(fc.oneof(words, fc.constant(' ')), { nil: null, freq: 6 }),
    severity: fc.option(severity, { nil: null }),
    reason: textOrNone,
    services: fc.array(words, { maxLength: 2 }),
    visibility,
    drill: fc.boolean(),
    policy: policies,
    playbook: playbookOrNone,
  }),
  snooze: fc.record({ forMs: fc.integer({ min: 1, max: minutes(120) }), reason: words }),
  endSnooze: fc.record({ until: soon }),
  dismiss: fc.record({ reason: words }),
  acknowledge: nothing,
  missAcknowledge: fc.record({ dueAt: soon }),
  missAnswer: fc.record({ dueAt: soon }),
  lapseAcknowledgement: fc.record({ dueAt: soon }),
  page: fc.record({
    people: fc.array(
      fc.oneof(person1, fc.constantFrom('ann', 'ben')).map((personId) => ({ personId, because: 'called by name' })),
      { maxLength: 3 },
    ),
    reason: textOrNone,
  }),
  escalate: fc.record({ reason: textOrNone }),
  changeSeverity: fc.record({ to: severity, reason: words }),
  changeStatus: fc.record({ to: fc.constantFrom('investigating', 'identified', 'monitoring'), reason: textOrNone }),
  assignRole: fc.record({
    role: fc.constantFrom(...roles),
    personId: fc.oneof(person1, fc.constantFrom('ann', 'ben')),
  }),
  releaseRole: fc.record({ role: fc.constantFrom('commander' as const, ...roles), personId: fc.constant('ann') }),
  giveTask: fc.record({ text: words, personId: person1, forMs: fc.constantFrom(minutes(5), minutes(20)) }),
  extendTask: fc.record(
    { forMs: fc.constantFrom(null, minutes(10)), id: fc.integer({ min: 1, max: 3 }) },
    { requiredKeys: ['forMs'] },
  ),
  finishTask: fc.record({ said: textOrNone, id: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ['said'] }),
  dropTask: fc.record({ reason: textOrNone }),
  checkTask: fc.record({ id: fc.integer({ min: 1, max: 3 }), dueAt: soon }),
  offerHandover: fc.record({
    to: fc.oneof(person1, fc.constantFrom('ann', 'ben')),
    roles: fc.constantFrom(null, null, ['commander' as const]),
    note: words,
  }),
  acceptHandover: nothing,
  declineHandover: fc.record({ reason: words }),
  withdrawHandover: nothing,
  checkHandover: fc.record({ dueAt: soon }),
  proposeHandover: fc.record({ dueAt: soon }),
  offerRole: fc.record({ dueAt: soon }),
  join: fc.record({ personId: person1, said: fc.option(words, { nil: null }) }, { requiredKeys: ['personId'] }),
  stateImpact: fc.record({ text: words }),
  stateWorkaround: fc.record({ text: textOrNone }),
  expectReturn: fc.record({ backAt: fc.option(soon, { nil: null }), why: textOrNone }),
  addNote: fc.record({ text: words }),
  keepMessage: fc.record({
    ...message,
    text: words,
    by: fc.option(person1, { nil: null }),
    how: fc.constantFrom('marked', 'declared'),
  }),
  reviseMessage: fc.record({ ...message, text: textOrNone }),
  attachPlaybook: choice,
  switchPlaybook: choice,
  addPlaybook: choice,
  ...linkBodies(words),
  ...symptomBodies(words),
  ...changedBodies(words),
  ...noiseBodies(words),
  undo: fc.record({ seq: fc.constant(null) }),
  ownEntry: fc.record({ personId: person1 }),
  chaseEntry: fc.record({ dueAt: soon }),
  next: nothing,
  done: fc.record({ evidence: fc.oneof(textOrNone, fc.constant(`host=${canary} user=__proto__`)) }),
  skip: fc.record({ reason: words }),
  fail: fc.record({ what: words }),
  back: nothing,
  assignStep: fc.record(
    { personId: fc.oneof(person1, fc.constantFrom('ann', 'ben')), step: fc.nat(5) },
    { requiredKeys: ['personId'] },
  ),
  tickSubstep: fc.record({ substep: fc.nat(2), ticked: fc.boolean() }),
  checkStep: fc.record({ dueAt: soon }),
  extendStep: fc.record({ forMs: fc.constantFrom(null, minutes(10)) }),
  askHelp: fc.record({ text: textOrNone }),
  ...approvalBodies(words, person1),
  ...gateBodies(words, person1),
  postUpdate: fc.record(
    {
      text: words,
      nextInMs: fc.constantFrom(minutes(10), minutes(600)),
      decision: words,
      publish: fc.record({ title: textOrNone, text: words }),
    },
    { requiredKeys: ['text'] },
  ),
  publish: fc.record(
    { title: textOrNone, text: words, nextInMs: fc.constantFrom(minutes(10), minutes(600)) },
    { requiredKeys: ['title', 'text'] },
  ),
  warnPublish: fc.record({ dueAt: soon }),
  missPublish: fc.record({ dueAt: soon }),
  chaseUpdate: fc.record({ of: fc.constantFrom('update', 'publication'), dueAt: soon }),
  warnUpdate: fc.record({ dueAt: soon }),
  postAutomaticUpdate: fc.record({ dueAt: soon }),
  askUpdate: fc.record({ dueAt: soon }),
  proposeLong: fc.record({ dueAt: soon }),
  startLong: nothing,
  endLong: nothing,
  addFollowUp: fc.record({
    text: words,
    owner: fc.option(person1, { nil: null }),
    dueOn: fc.constantFrom(null, '2030-02-01'),
  }),
  resolve: fc.record({ summary: textOrNone }),
  reopen: fc.record({ reason: words }),
  close: nothing,
  losePlatform: fc.record({
    platform: fc.constantFrom('home', 'home', 'away'),
    standIn: fc.constantFrom('web', 'away'),
    since: soon,
    of: fc.constantFrom('platform', 'channel'),
    why: words,
  }),
  regainPlatform: fc.record({ platform: fc.constantFrom('home', 'away') }),
  recordChannel: fc.record({ platform: fc.constantFrom('home', 'away'), channel: fc.constant('C1'), name: words }),
  recordArchived: fc.record({ platform: fc.constantFrom('home', 'away'), channel: fc.constant('C1') }),
  recordInvite: fc.record({
    platform: fc.constantFrom('home', 'away'),
    people: fc.array(person1),
    unknown: fc.array(person1),
  }),
  recordFailure: fc.record({ jobKey: words, what: words, error: words }),
  recordPage: fc
    .record({
      personId: person1,
      page: fc.nat(3),
      way: fc.constantFrom('chat', 'mail', 'ntfy'),
      error: textOrNone,
      later: fc.subarray(['chat', 'mail', 'ntfy']),
    })
    .map((given) => ({ ...given, ways: ['chat', 'mail', 'ntfy'] })),
  recordUnreached: fc.record({ personId: person1, page: fc.nat(3) }),
  suggestChange: fc.record({ text: words }),
  restoreTimers: fc.record({
    timers: fc.array(fc.record({ for: fc.constantFrom('update', 'step'), dueAt: soon }), { maxLength: 2 }),
  }),
  recordPostmortem: fc.record({ version: fc.nat(3), sha256: fc.constant('ab') }),
  adoptPolicy: fc.record({ policy: policies }),
};
