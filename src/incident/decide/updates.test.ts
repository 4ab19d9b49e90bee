import { describe, expect, it } from 'vitest';
import { event } from '../context.js';
import { attachedPlaybook, days, declared, given, machine, minutes, type Story, start } from '../testing.js';

const by = machine;
/** sev2: an update every hour. */
const fresh = given(...declared(), event('acknowledged', {}));
const automatic = (story: Story, after = story.due('update/i1')!) =>
  story.when({ type: 'postAutomaticUpdate', dueAt: story.incident.updates.dueAt! }, { after, by });

describe("a person's update", () => {
  it('carries what is known and promises the next from now', () => {
    const story = given(...declared(), attachedPlaybook, event('walkStarted', { index: 0 }))
      .when({ type: 'stateImpact', text: 'no pushes' }, { after: minutes(5) })
      .when({ type: 'postUpdate', text: 'we fail over' }, { after: minutes(20) })
      .gives({
        updatePosted: {
          number: 1,
          automatic: false,
          text: 'we fail over',
          happened: 'Registry: pushes fail',
          impact: { text: 'no pushes', at: start + minutes(5) },
          doing: 'Confirm',
          status: 'investigating',
          severity: 'sev2',
          promisedAt: start + minutes(60),
          lateMs: 0,
          nextAt: start + minutes(80),
        },
      });
    expect(story.due('update/i1')).toBe(minutes(80));
    expect(story.due('warn/i1')).toBe(minutes(75));
    expect(story.said).toEqual(['status-update>stakeholders', 'status-update>incident']);
  });

  it('invents nothing', () => {
    fresh.when({ type: 'postUpdate', text: 'x' }).gives({ updatePosted: { impact: null, doing: null } });
  });

  it('answers the oldest broken promise, however many Muster has posted in between', () => {
    const owed = automatic(automatic(fresh)).leaves({
      updates: { overdueSince: start + minutes(60), automaticInARow: 2 },
    });
    owed
      .when({ type: 'postUpdate', text: 'found it' }, { after: minutes(150) })
      .gives({ updatePosted: { promisedAt: start + minutes(60), lateMs: minutes(90), nextAt: start + minutes(210) } })
      .leaves({ updates: { overdueSince: null, automaticInARow: 0, lastHumanAt: start + minutes(150), count: 3 } });
  });

  it('promises nothing where the severity has no cadence, and nothing after resolving', () => {
    given(...declared({ severity: 'sev3' }))
      .when({ type: 'postUpdate', text: 'x' })
      .gives({ updatePosted: { promisedAt: null, lateMs: 0, nextAt: null } });
    fresh
      .when({ type: 'resolve', summary: 'over' })
      .when({ type: 'postUpdate', text: 'x' })
      .gives({ updatePosted: { status: 'resolved', nextAt: null } });
  });
});

describe('a promise', () => {
  it('is warned of before it is due, to the channel alone', () => {
    expect(fresh.due('warn/i1')).toBe(minutes(55));
    const warned = fresh
      .when({ type: 'warnUpdate', dueAt: start + minutes(60) }, { after: minutes(55), by })
      .gives({ updateWarned: { dueAt: start + minutes(60) } });
    expect(warned.said).toEqual(['update-due-soon>incident']);
  });

  it('is not warned of once it is past or replaced', () => {
    fresh.when({ type: 'warnUpdate', dueAt: start + minutes(60) }, { after: minutes(60), by }).gives();
    fresh
      .when({ type: 'postUpdate', text: 'x' })
      .when({ type: 'warnUpdate', dueAt: start + minutes(60) }, { after: minutes(55), by })
      .gives();
  });

  it('is kept by Muster itself, which says so, and the debt stays visible', () => {
    const kept = automatic(fresh)
      .gives({
        updatePosted: {
          automatic: true,
          text: null,
          promisedAt: start + minutes(60),
          lateMs: 0,
          nextAt: start + minutes(120),
        },
      })
      .leaves({ updates: { automaticInARow: 1, overdueSince: start + minutes(60), lastHumanAt: null } });
    expect(kept.due('update/i1')).toBe(minutes(120));
  });

  it('is kept at most twice in a row; then a person owes one and nothing more is promised', () => {
    const missed = automatic(automatic(automatic(fresh)))
      .gives({ updateMissed: { dueAt: start + minutes(180) } })
      .leaves({ updates: { dueAt: null, overdueSince: start + minutes(60), count: 2 } });
    expect(missed.said).toEqual(['update-overdue>incident']);
    expect([missed.due('update/i1'), missed.due('warn/i1')]).toEqual([null, null]);
    const again = missed.when({ type: 'postUpdate', text: 'sorry' }, { after: minutes(200) });
    expect(again.due('update/i1')).toBe(minutes(260));
    automatic(again).gives({ updatePosted: { automatic: true } });
  });

  it('that was replaced does nothing when its job comes', () => {
    const replaced = fresh.when({ type: 'postUpdate', text: 'x' }, { after: minutes(30) });
    replaced.when({ type: 'postAutomaticUpdate', dueAt: start + minutes(60) }, { after: minutes(60), by }).gives();
  });

  it('does nothing after the end', () => {
    const resolved = fresh.when({ type: 'resolve', summary: null });
    expect([resolved.due('update/i1'), resolved.due('warn/i1')]).toEqual([null, null]);
    resolved.when({ type: 'postAutomaticUpdate', dueAt: start + minutes(60) }, { after: minutes(60), by }).gives();
  });

  it('late by three days is made good once, and the clock starts from now', () => {
    const late = automatic(fresh, days(3)).gives({
      updatePosted: { lateMs: days(3) - minutes(60), nextAt: start + days(3) + minutes(60) },
    });
    expect(late.due('update/i1')).toBe(days(3) + minutes(60));
    late.when({ type: 'postAutomaticUpdate', dueAt: start + minutes(60) }, { after: days(3), by }).gives();
  });
});

describe('resolving', () => {
  it('with a summary is the last update, by a person', () => {
    const over = automatic(fresh)
      .when({ type: 'resolve', summary: 'space freed' }, { after: minutes(70) })
      .gives(
        { resolved: { summary: 'space freed' } },
        {
          updatePosted: {
            automatic: false,
            text: 'space freed',
            status: 'resolved',
            nextAt: null,
            lateMs: minutes(10),
          },
        },
      )
      .leaves({
        status: 'resolved',
        resolvedAt: start + minutes(70),
        mitigatedAt: start + minutes(70),
        updates: { dueAt: null, overdueSince: null },
      });
    expect(over.said).toEqual(['resolved>incident', 'status-update>stakeholders']);
  });

  it('without a summary is the last update too, and owes nothing', () => {
    fresh
      .when({ type: 'resolve', summary: null })
      .gives({ resolved: {} }, { updatePosted: { automatic: true, text: null, nextAt: null } })
      .leaves({ updates: { dueAt: null, overdueSince: null } });
  });

  it('keeps when it was mitigated and settles what was proposed and owed', () => {
    given(...declared())
      .when({ type: 'changeStatus', to: 'monitoring', reason: null }, { after: minutes(5) })
      .when({ type: 'resolveAlerts', count: 1, names: [], receipts: [] }, { by })
      .leaves({ statusProposal: { status: 'resolved' } })
      .when({ type: 'resolve', summary: null }, { after: minutes(30) })
      .leaves({ mitigatedAt: start + minutes(5), statusProposal: null, acknowledgeDueAt: null });
  });

  it('twice is refused', () => {
    fresh
      .when({ type: 'resolve', summary: null })
      .when({ type: 'resolve', summary: null })
      .refuses('already-resolved', /resolved already/);
  });
});
