import type { Context } from './context.js';
import type { Escalation, Level } from './escalation.js';
import type { Policy } from './state.js';
import { context, machine, minutes, open, policy, Story, start } from './testing.js';

export const level = (schedule: string, acknowledgeWithinMs?: number): Level => ({
  targets: [{ kind: 'schedule', schedule }],
  ...(acknowledgeWithinMs !== undefined && { acknowledgeWithinMs }),
});
export const lead: Level = {
  targets: [{ kind: 'owners' }, { kind: 'people', as: 'platform lead', people: ['lea'] }],
  acknowledgeWithinMs: minutes(10),
};
export const ladder = (more: Partial<Escalation> = {}): Escalation => ({
  name: 'registry',
  levels: [level('primary'), lead],
  repeat: 1,
  otherwise: [],
  ...more,
});
export const laddered = (more: Partial<Escalation> = {}, rules: Partial<Policy> = {}): Policy => ({
  ...policy,
  escalations: [ladder(more)],
  services: { registry: { owners: ['oskar'] } },
  ...rules,
});
/** Bob is on call for primary at first, Cleo from an hour on. */
const onCall: Context['onCall'] = (schedule, at) =>
  schedule === 'primary'
    ? { people: [at < start + minutes(60) ? 'bob' : 'cleo'], why: null }
    : { people: [], why: 'nobody is planned then' };
export const on = context({ onCall });
export const opened = (rules: Policy, judged: 'sev1' | 'sev2' = 'sev2'): Story =>
  new Story().when(open({ policy: rules, judged: { severity: judged, reason: 'x' } }), {
    after: 0,
    by: machine,
    given: on,
  });

/** Nobody does anything: each timer runs when it is due, at most so many. */
export function unanswered(story: Story, times: number): Story {
  let now = story;
  for (let i = 0; i < times; i += 1) {
    const dueAt = now.incident.acknowledgeDueAt;
    if (dueAt === null) return now;
    now = now.when({ type: 'missAcknowledge', dueAt }, { after: dueAt - start, by: machine, given: on });
  }
  return now;
}
export const paged = (story: Story): string[] =>
  story.timeline.flatMap((each) =>
    each.type === 'paged'
      ? [
          `${(each.at - start) / minutes(1)} ${each.body.why} ${each.body.round}.${each.body.level} ${each.body.people
            .map(({ personId, because }) => `${personId} (${because})`)
            .join(', ')}`,
        ]
      : [],
  );
export const named = (...people: string[]) => people.map((personId) => ({ personId, because: 'called by name' }));
export const calls = (story: Story): string[] =>
  [...story.jobs].flatMap(([key, { task }]) => (task.kind === 'page' ? [key] : []));
