import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event } from './context.js';
import type { TimelineEvent } from './events.js';
import { fold } from './evolve.js';
import { redactedForm } from './redact.js';
import type { Incident, SeverityPolicy, Walk } from './state.js';
import { declare, declared, given, Story } from './testing.js';
import { act, canary, stories } from './testing-random.js';

const erased = (entry: TimelineEvent): TimelineEvent =>
  ({ ...entry, body: redactedForm(entry), redacted: true }) as TimelineEvent;

const rulesOnly = ({ invite: _invited, page: _paged, ...rules }: SeverityPolicy) => rules;

/** What the row decides by, and what people see of the course of things: nothing of it was written by anybody. */
const course = (row: Incident | null) =>
  row && {
    ...row,
    title: null,
    severityReason: null,
    services: null,
    groupKey: null,
    evidence: { ...row.evidence, services: null, hosts: null },
    policy: {
      ...row.policy,
      invite: null,
      severities: Object.values(row.policy.severities).map(rulesOnly),
      services: Object.entries(row.policy.services ?? {}).map(([name, { callLink }]) => [name, callLink]),
      approvals: Object.entries(row.policy.approvals ?? {}).map(([kind, { from, ...rule }]) => [
        kind,
        rule,
        kinds(from),
      ]),
      escalations: (row.policy.escalations ?? []).map(({ levels, otherwise, ...rule }) => ({
        ...rule,
        levels: levels.map(({ targets, ...level }) => ({ ...level, targets: kinds(targets) })),
        otherwise: kinds(otherwise),
      })),
    },
    severityProposal: row.severityProposal?.severity,
    statusProposal: row.statusProposal?.status,
    outcome: row.outcome?.automatic,
    triageDecision: row.triageDecision?.by,
    roles: Object.keys(row.roles),
    responders: null,
    impact: row.impact?.at,
    workaround: row.workaround?.at,
    expected: row.expected && { at: row.expected.at, saidAt: row.expected.saidAt },
    alerts: { ...row.alerts, names: null },
    storm: row.storm && { ...row.storm, source: null, counts: null },
    flapping: null,
    unlike: row.unlike !== undefined,
    walk: row.walk && walked(row.walk),
    aside: row.aside.map(walked),
    updates: {
      ...row.updates,
      lastText: null,
      lastWords: null,
      decision: (row.updates.decision ?? null) !== null,
      told: row.updates.told && { ...row.updates.told, impact: null, workaround: null, expectedWhy: null, doing: null },
    },
    publication: row.publication && { ...row.publication, title: null, text: null },
    heard: Object.entries(row.heard ?? {}).map(([name, { at }]) => [name, at]),
    followUps: row.followUps.map(({ id, dueOn, fromStep }) => ({ id, dueOn, fromStep })),
    // Whom the rules name is left out of an erased policy.
    approvals: (row.approvals ?? []).map(({ what: _w, said: _s, levels: _l, level: _v, ...course }) => course),
    // People who are erased are nobody any more, and two of them one: who is there, and whom a question waits for, is
    // not known.
    pages: null,
    paging: row.paging && { ...row.paging, called: null, ringing: null },
    here: null,
    offerAt: null,
    nudge: null,
    tasks: row.tasks && { ...row.tasks, open: row.tasks.open.map((task) => ({ ...task, text: null, personId: null })) },
    handover: row.handover && { ...row.handover, to: null, asked: null, everAsked: null, note: null },
    queued: row.queued && { ...row.queued, owner: row.queued.owner !== null },
    links: (row.links ?? []).map(({ title: _t, reason: _r, ...link }) => link),
    // Services that are erased are all the same one.
    dependencies: (row.dependencies?.related ?? []).map(({ incidentId, number, upstream }) => [
      incidentId,
      number,
      upstream,
    ]),
    changed: (row.changed ?? []).map(({ at, path }) => [at, path.length]),
    hints: Object.keys(row.hints ?? {}).sort(),
    acts: Object.entries(row.acts ?? {}).map(([who, { reverse, ...act }]) => [who, reverse.what, act]),
    suggestions: (row.suggestions ?? []).map(({ text: _text, ...suggestion }) => suggestion),
    channels: Object.values(row.channels).map(({ channel }) => channel),
    kept: (row.kept ?? []).map(({ by, digest: _digest, erased: _erased, ...course }) => ({
      ...course,
      by: by !== null,
    })),
  };

const kinds = (named: readonly { kind: string }[]) => named.map(({ kind }) => kind);

const walked = (walk: Walk) => ({
  ...walk,
  title: null,
  reason: null,
  phases: walk.phases?.map(({ title: _t, decide, otherwise, ...phase }) => ({
    ...phase,
    decide: decide && { ...decide, label: null },
    otherwise: otherwise.map((each) => ({ ...each, whom: null })),
  })),
  answers: Object.keys(walk.answers),
  approval: walk.approval && { ...walk.approval, said: null },
  steps: walk.steps.map(({ title: _t, phase: _p, role: _r, said: _s, assignee, ...course }) => ({
    ...course,
    assigned: assignee !== null,
  })),
});

describe('an erased event', () => {
  it('keeps nothing that a person or an alert wrote', () => {
    fc.assert(
      fc.property(stories, (askings) => {
        for (const entry of act(askings, true).timeline) {
          const remnant = JSON.stringify(redactedForm(entry));
          expect(remnant).not.toContain(canary);
          expect(JSON.parse(remnant)).toStrictEqual(redactedForm(entry));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('leaves the course of the incident as it was, whichever and however many are erased', () => {
    fc.assert(
      fc.property(stories, fc.array(fc.boolean(), { maxLength: 60, size: 'max' }), (askings, which) => {
        const { row, timeline } = act(askings, true);
        const remaining = timeline.map((entry, index) => (which[index] ? erased(entry) : entry));
        const before = JSON.stringify(timeline);
        expect(course(fold(remaining))).toStrictEqual(course(row));
        expect(course(fold(timeline.map(erased)))).toStrictEqual(course(row));
        expect(JSON.stringify(timeline)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });

  it('still opens what it opened, and belongs to no group', () => {
    const [first] = given(...declared()).timeline.map(erased);
    expect(fold([first as TimelineEvent])).toMatchObject({ id: 'i1', number: 42, title: '[redacted]', groupKey: null });
  });

  it('says that there was something only where there was', () => {
    const walked = { index: 1, next: 2, evidence: 'token abc', answers: { host: 'db1' } };
    expect(redactedForm(event('stepDone', walked))).toEqual({
      index: 1,
      next: 2,
      evidence: '[redacted]',
      answers: { host: '[redacted]' },
    });
    expect(redactedForm(event('stepDone', { ...walked, evidence: null, answers: {} }))).toEqual({
      index: 1,
      next: 2,
      evidence: null,
      answers: {},
    });
    expect(redactedForm(event('roleAssigned', { role: 'scribe', personId: 'bob', previous: null }))).toEqual({
      role: 'scribe',
      personId: 'redacted',
      previous: null,
    });
  });

  it('that says of another one that it was erased keeps the remnant and not the reason', () => {
    const remnant = { text: '[redacted]' };
    const again = event('redacted', { seq: 3, reason: 'holds the token abc', remnant });
    expect(redactedForm(again)).toEqual({ seq: 3, reason: '[redacted]', remnant });
  });

  it('leaves no words of its own on the row', () => {
    const story = new Story().when(declare()).when({ type: 'stateImpact', text: 'the token is abc' });
    expect(
      JSON.stringify(fold(story.timeline.map((entry) => (entry.type === 'impactStated' ? erased(entry) : entry)))),
    ).not.toContain('abc');
  });
});
