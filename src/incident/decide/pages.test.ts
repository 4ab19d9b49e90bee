import { describe, expect, it } from 'vitest';
import type { CommandBodies } from '../commands.js';
import { event } from '../context.js';
import { isPageOver } from '../pages.js';
import { declared, given, machine, minutes, person, type Story } from '../testing.js';

const ways = ['chat', 'ntfy', 'mail'];
const outcome = (way: string, error: string | null = null): { type: 'recordPage' } & CommandBodies['recordPage'] => ({
  type: 'recordPage',
  personId: 'ada',
  page: 3,
  way,
  error,
  ways,
  later: ['mail'],
});
/** Ada is called by the third event. */
const called = () =>
  given(
    ...declared(),
    event('paged', {
      why: 'declared',
      escalation: 'primary',
      ...{ level: 1, levels: 1, round: 1, rounds: 1 },
      people: [{ personId: 'ada', because: 'on call for primary' }],
      nobody: [],
      reason: null,
      acknowledgeDueAt: null,
      answerDueAt: null,
    }),
  );
const tells = (story: Story, ...more: Parameters<typeof outcome>): Story =>
  story.when(outcome(...more), { by: machine, after: minutes(1) });
const keys = ({ put }: Story): string[] => put.map(({ key }) => key);

describe('what became of a page', () => {
  it('is told once per way, however often it was tried', () => {
    const failed = tells(called(), 'ntfy', 'no answer').gives({ pageFailed: { way: 'ntfy', next: 'mail' } });
    tells(failed, 'ntfy', 'no answer again').gives();
    const handed = tells(failed, 'ntfy').gives({ pageHandedOver: { way: 'ntfy' } });
    tells(handed, 'ntfy').gives();
    tells(handed, 'ntfy', 'too late to fail').gives();
  });

  it('brings the next way on at once, and only one whose time had not come', () => {
    const failed = tells(called(), 'ntfy', 'no answer');
    expect(failed.due('page/i1/3/ada/mail')).toBe(minutes(1));
    expect(failed.jobs.get('page/i1/3/ada/mail')?.task).toMatchObject({ by: 'mail', seq: 3, personId: 'ada' });
    tells(tells(failed, 'mail'), 'chat', 'no account').gives({ pageFailed: { next: null } });
  });

  it('is that nobody was reached when the last of their ways has failed, and the channel hears it once', () => {
    const two = tells(tells(called(), 'ntfy', 'x'), 'chat', 'x');
    const none = tells(two, 'mail', 'x').gives({ pageFailed: { next: null } }, { pageUnreached: { personId: 'ada' } });
    expect(none.said).toEqual(['page-unreached>incident']);
    expect(tells(none, 'mail', 'x').said).toEqual([]);
    expect(none.when({ type: 'recordUnreached', personId: 'ada', page: 9 }, { by: machine }).said).toEqual([]);
    tells(tells(tells(called(), 'ntfy'), 'chat', 'x'), 'mail', 'x').gives({ pageFailed: {} });
  });

  it('is over when somebody acknowledges, and each way that took it is told, also one that took it later', () => {
    const handed = tells(tells(called(), 'ntfy'), 'chat');
    expect(isPageOver(handed.incident, 3, 'ada')).toBe(false);
    const over = handed.when({ type: 'acknowledge' }, { by: person('bob') });
    expect(isPageOver(over.incident, 3, 'ada')).toBe(true);
    expect(over.jobs.get('page-over/i1/ada/ntfy')?.task).toMatchObject({ by: 'ntfy', tell: 'acknowledged' });
    expect(keys(over)).toContain('page-over/i1/ada/chat');
    expect(keys(tells(over, 'mail'))).toEqual(['page-over/i1/ada/mail']);
    const ended = over.when({ type: 'resolve', summary: 'x' }, { by: person('bob') });
    expect(ended.jobs.get('page-over/i1/ada/ntfy')?.task).toMatchObject({ tell: 'ended' });
    expect(ended.incident.pages).toEqual([]);
  });
});
