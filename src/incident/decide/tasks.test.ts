import { describe, expect, it } from 'vitest';
import { openTasks } from '../given-tasks.js';
import { attachedPlaybook, declared, given, machine, minutes, person, type Story, start } from '../testing.js';

const led = () =>
  given(...declared(), attachedPlaybook).when({ type: 'assignRole', role: 'commander', personId: 'ada' }, { after: 1 });
const checking = (story: Story) =>
  story.when(
    { type: 'giveTask', text: 'check the replica', personId: 'bob', forMs: minutes(20) },
    { after: minutes(2) },
  );
const overdue = (story: Story, after: number) =>
  story.when({ type: 'checkTask', id: 1, dueAt: start + after }, { after, by: machine });

describe('work given to somebody with a time', () => {
  it('is told to them alone, and its time waits as a job', () => {
    const story = checking(led()).gives({ taskGiven: { id: 1, text: 'check the replica', personId: 'bob' } });
    expect(story.said).toEqual(['task-given>person']);
    expect(story.due('task/i1')).toBe(minutes(22));
    expect(story.incident.responders).toContain('bob');
  });

  it('is asked about: first who has it, then once who commands, then nobody', () => {
    const first = overdue(checking(led()), minutes(22)).gives({ taskOverdue: { times: 1, asks: 'bob' } });
    expect(first.put.flatMap(({ task }) => (task.kind === 'post' ? [task.to] : []))).toContainEqual({
      to: 'person',
      personId: 'bob',
    });
    expect(first.due('task/i1')).toBe(minutes(27));
    const second = overdue(first, minutes(27)).gives({ taskOverdue: { times: 2, asks: 'ada' } });
    expect(second.due('task/i1')).toBeNull();
    expect(openTasks(second.incident)).toHaveLength(1);
  });

  it('of whoever commands is asked about once', () => {
    const own = led().when(
      { type: 'giveTask', text: 'look', personId: 'ada', forMs: minutes(10) },
      { after: minutes(1), by: person('ada') },
    );
    expect(own.said).toEqual([]);
    const asked = own.when(
      { type: 'checkTask', id: 1, dueAt: start + minutes(11) },
      { after: minutes(11), by: machine },
    );
    asked.gives({ taskOverdue: { asks: 'ada', nextAt: null } });
  });

  it('more time begins the asking anew; done and dropped end it, and the channel hears what came of it', () => {
    const more = overdue(checking(led()), minutes(22)).when(
      { type: 'extendTask', forMs: null },
      { after: minutes(23), by: person('bob') },
    );
    more.gives({ taskExtended: { id: 1, forMs: minutes(20) } });
    expect(more.said).toEqual([]);
    expect(more.due('task/i1')).toBe(minutes(43));
    expect(openTasks(more.incident)[0]).toMatchObject({ asked: 0 });
    const done = more.when({ type: 'finishTask', said: 'it lags 40 s' }, { after: minutes(30), by: person('bob') });
    done.gives({ taskDone: { text: 'check the replica', said: 'it lags 40 s' } });
    expect(done.said).toEqual(['task-ended>incident']);
    expect(done.due('task/i1')).toBeNull();
    done.when({ type: 'dropTask', reason: null }).refuses('no-task', /task @who/);
    overdue(done, minutes(43)).gives();
  });

  it('of several the one of whoever asks is meant, and otherwise its number is wanted', () => {
    const two = checking(led()).when({ type: 'giveTask', text: 'call the owner', personId: 'cleo', forMs: minutes(5) });
    two.when({ type: 'finishTask', said: null }, { by: person('cleo') }).gives({ taskDone: { id: 2 } });
    two.when({ type: 'finishTask', said: null }).refuses('which-task', /1 \(check the replica\), 2/);
    two.when({ type: 'finishTask', id: 1, said: null }).gives({ taskDone: { id: 1 } });
    two.when({ type: 'finishTask', id: 9, said: null }).refuses('no-such-task', /Running: 1/);
  });

  it('nobody is asked about it once the incident is over', () => {
    const over = checking(led()).when({ type: 'resolve', summary: null });
    expect(over.due('task/i1')).toBeNull();
    over.when({ type: 'giveTask', text: 'x', personId: 'bob', forMs: minutes(5) }).refuses('ended', /follow-up/);
  });
});
