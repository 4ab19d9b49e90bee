import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event } from './context.js';
import type { JobDraft } from './jobs.js';
import type { Incident } from './state.js';
import { alerts, declared, evidence, given, machine, policy, start } from './testing.js';
import { act, stories } from './testing-random.js';

const notices = (put: readonly JobDraft[]) => put.filter(({ task }) => task.kind === 'notify');

describe('an audience that an incident reaches later', () => {
  const audiences = [{ name: 'all' }, { name: 'storage', services: ['storage'] }];
  const keys = (story: { put: readonly JobDraft[] }) => notices(story.put).map(({ key }) => key);
  const more = event('alertsAttached', {
    ...alerts(),
    evidence: evidence({ services: ['registry', 'storage'] }),
    acknowledgeDueAt: null,
  });

  it('is told at once, and from then on of everything; the others are told nothing by that', () => {
    const told = given(...declared({ policy: { ...policy, audiences } }));
    expect(keys(told)).toEqual(['notify/i1/all/1']);
    const reached = told.write([more], start, machine);
    expect(keys(reached)).toEqual(['notify/i1/storage/3']);
    expect(keys(reached.write([more], start, machine))).toEqual([]);
    const changed = reached.when({ type: 'changeSeverity', to: 'sev1', reason: 'worse' });
    const [{ seq } = { seq: 0 }] = changed.fresh;
    expect(keys(changed)).toEqual([`notify/i1/all/${seq}`, `notify/i1/storage/${seq}`]);
  });
});

/** Those that do not hear everything. */
const chosen = ({ policy: { audiences = [] } }: Incident, name: string): boolean =>
  audiences.some((rule) => rule.name === name && (rule.kind !== undefined || rule.every !== undefined));

describe('whoever is told outside chat, over any commands', () => {
  it('hears nothing of private incidents and drills', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        act(askings, prompt, ({ row, put }) => {
          if (row && (row.visibility === 'private' || row.drill || row.number === null))
            expect(notices(put)).toEqual([]);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('hears of it to the end once they have heard of it, each in a lane of their own, once per event', () => {
    let told = 0;
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        const heard = new Set<string>();
        act(askings, prompt, ({ row, fresh, put, timeline }) => {
          if (!row) return;
          const from = timeline.find(({ type }) => type === 'declared')?.seq ?? Number.POSITIVE_INFINITY;
          const sent = notices(put);
          told += sent.length;
          expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length);
          for (const { lane } of sent) expect(lane).toMatch(/^.+\/audience\/@?[a-z]+$/);
          for (const name of row.audiences ?? []) heard.add(name);
          expect([...(row.audiences ?? [])].sort()).toEqual([...heard].sort());
          for (const { type, seq } of fresh)
            if (seq > from && ['updatePosted', 'severityChanged', 'reopened', 'closed'].includes(type))
              for (const name of heard)
                if (!row.drill && !chosen(row, name))
                  expect(sent.map(({ key }) => key)).toContain(`notify/${row.id}/${name}/${seq}`);
        });
      }),
      { numRuns: 100 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
