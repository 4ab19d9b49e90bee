import { describe, expect, it } from 'vitest';
import type { Command } from '../commands.js';
import { declared, given, minutes, person, type Story, triaged } from '../testing.js';

const ann = { by: person('ann') };
const undo: Command = { type: 'undo', seq: null };
const done = (command: Command): Story =>
  given(...declared())
    .when({ type: 'acknowledge' }, { by: person('bob'), after: minutes(1) })
    .when(command, { ...ann, after: minutes(10) });
const back = (story: Story): Story => story.when(undo, { ...ann, after: minutes(12) });

describe('taking the last act back', () => {
  it('puts the severity back', () => {
    back(done({ type: 'changeSeverity', to: 'sev1', reason: 'it spreads' }))
      .gives({ undone: { what: 'severity' } }, { severityChanged: { from: 'sev1', to: 'sev2' } })
      .leaves({ severity: 'sev2' });
  });

  it('puts the status back, and when the cause was found is not known any more', () => {
    const found = done({ type: 'changeStatus', to: 'identified', reason: 'the disk' });
    expect(found.incident.identifiedAt).not.toBeNull();
    back(found).leaves({ status: 'investigating', identifiedAt: null });
  });

  it('gives a role back to whoever had it, or to nobody', () => {
    const taken = done({ type: 'assignRole', role: 'commander', personId: 'ann' });
    back(taken).leaves({ roles: {} });
    const second = taken.when({ type: 'assignRole', role: 'commander', personId: 'bob' }, { by: person('bob') });
    expect(second.when(undo, { by: person('bob'), after: minutes(12) }).incident.roles.commander).toBe('ann');
  });

  it('restores what was stated before: impact, workaround, when it is expected back', () => {
    const first = done({ type: 'stateImpact', text: 'nobody can push' });
    const again = first.when({ type: 'stateImpact', text: 'typo' }, { ...ann, after: minutes(11) });
    back(again).leaves({ impact: { text: 'nobody can push', by: 'ann' } });
    back(first).leaves({ impact: null });
    back(done({ type: 'stateWorkaround', text: 'the mirror' })).leaves({ workaround: null });
    back(done({ type: 'expectReturn', backAt: null, why: 'no idea' })).leaves({ expected: null });
  });

  it('takes back a note, a follow-up and a resolution', () => {
    back(done({ type: 'addNote', text: 'wrong channel' })).gives({ undone: { what: 'note', seq: 4 } });
    back(done({ type: 'addFollowUp', text: 'x', owner: null, dueOn: null })).leaves({ followUps: [] });
    back(done({ type: 'resolve', summary: 'fixed' })).leaves({ status: 'investigating', resolvedAt: null });
  });

  it('takes an entry of the triage queue out of its snooze or brings it back', () => {
    const entry = given(...triaged());
    back(entry.when({ type: 'snooze', forMs: minutes(60), reason: 'later' }, ann)).leaves({ snoozedUntil: null });
    back(entry.when({ type: 'dismiss', reason: 'noise' }, ann)).leaves({ status: 'triage' });
  });

  it('goes back a step', () => {
    const walked = done({ type: 'attachPlaybook', hash: 'book', reason: 'it fits' })
      .when({ type: 'next' }, ann)
      .when({ type: 'done', evidence: 'seen' }, { ...ann, after: minutes(11) });
    expect(walked.incident.walk?.current).toBe(1);
    expect(back(walked).incident.walk?.current).toBe(0);
  });

  it('is one’s own last act only, and soon', () => {
    const mine = done({ type: 'changeSeverity', to: 'sev1', reason: 'it spreads' });
    mine.when(undo, { by: person('cleo') }).refuses('nothing-to-undo', /timeline/);
    mine.when(undo, { ...ann, after: minutes(26) }).refuses('too-late', /16 min ago.*\/incident note/);
    back(mine)
      .when(undo, { ...ann, after: minutes(13) })
      .refuses('cannot-undo', /taken back already/);
    mine.when({ type: 'undo', seq: 1 }, ann).refuses('not-last', /\/incident undo/);
    mine
      .when({ type: 'changeSeverity', to: 'sev3', reason: 'not so bad' }, { by: person('bob') })
      .when(undo, { ...ann, after: minutes(12) })
      .refuses('overtaken', /\/incident sev/);
  });

  it('is refused with what to do instead where it has gone out', () => {
    given(...declared())
      .when({ type: 'acknowledge' }, ann)
      .when(undo, ann)
      .refuses('cannot-undo', /\/incident handover/);
    back(done({ type: 'postUpdate', text: 'we look' })).refuses('cannot-undo', /\/incident update/);
  });
});
