import { describe, expect, it } from 'vitest';
import type { Policy } from './state.js';
import { declare, minutes, policy, Story } from './testing.js';

const bySeverity: Policy = {
  ...policy,
  severities: {
    ...policy.severities,
    sev1: { ...policy.severities.sev1, invite: ['lea', 'olga'], page: ['lea', 'ada'] },
    sev2: { ...policy.severities.sev2, invite: ['olga'], page: [] },
  },
};
const invited = (story: Story): string[][] =>
  story.put.flatMap(({ task }) => (task.kind === 'invite' && task.platform === 'home' ? [task.people] : []));
const paged = (story: Story): string[] =>
  story.put.flatMap(({ task }) => (task.kind === 'page' ? [task.personId] : []));
const declared = (severity: 'sev1' | 'sev2' | 'sev3') => new Story().when(declare({ severity, policy: bySeverity }));

describe('who is called', () => {
  it('is invited by severity, and by the general list where the severity does not say', () => {
    expect(invited(declared('sev1'))[0]).toEqual(['lea', 'olga', 'ada']);
    expect(invited(declared('sev2'))[0]).toEqual(['olga', 'ada']);
    expect(invited(declared('sev3'))[0]).toEqual(['olga', 'ada']);
  });

  it('is paged at once where the severity says so, but not whoever declared it', () => {
    expect(paged(declared('sev1'))).toEqual(['lea']);
    expect(paged(declared('sev2'))).toEqual([]);
    expect(paged(declared('sev3'))).toEqual([]);
  });

  it('is called when it becomes as grave as that, once, and nobody is called again', () => {
    const raised = declared('sev2').when({ type: 'changeSeverity', to: 'sev1', reason: 'nobody can ship' });
    expect(invited(raised)).toEqual([['lea']]);
    expect(paged(raised)).toEqual(['lea']);
    const lowered = raised.when({ type: 'changeSeverity', to: 'sev2', reason: 'a way round' }, { after: minutes(1) });
    expect(invited(lowered)).toEqual([]);
    expect(paged(lowered)).toEqual([]);
  });

  it('of a private incident is not paged unasked', () => {
    const story = new Story().when(declare({ severity: 'sev1', policy: bySeverity, visibility: 'private' }));
    expect(paged(story)).toEqual([]);
  });
});
