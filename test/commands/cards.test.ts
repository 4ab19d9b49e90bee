import { describe, expect, it } from 'vitest';
import { minutes, policy, start } from '../../src/incident/testing.js';
import type { Card } from '../../src/messages/card.js';
import { situationCard } from '../../src/messages/situation.js';
import { triageCard } from '../../src/messages/triage-card.js';
import { button, field, hasField, labels, nodes, opened, people, playbook, Room, wordsOf } from './room.js';

const about = (room: Room) => ({
  names: new Map(people.map(({ personId, name }) => [personId, name])),
  now: room.now,
  publicUrl: 'http://127.0.0.1:7370/',
  playbook,
});
const situation = (room: Room): Card => situationCard(room.incident('i1'), about(room));
const triage = (room: Room): Card => triageCard(room.incident('i1'), about(room));
const text = (value: string) => ({ kind: 'text', text: value });
const clock = (at: number) => ({ kind: 'time', at, style: 'clock' });

describe('the situation card', () => {
  it('of a new incident says how grave and why, and that nobody leads', () => {
    const card = situation(opened());
    expect(card.tone).toBe('sev1');
    expect(card.blocks[0]).toEqual({
      kind: 'heading',
      content: [
        text('#42 Registry: pushes fail · '),
        { kind: 'strong', children: [text('sev1')] },
        text(' · investigating'),
      ],
    });
    expect(field(card, 'Severity')).toEqual([text('sev1, because registry is tier 1')]);
    expect(field(card, 'Commander')).toEqual([text('nobody yet')]);
    expect(field(card, 'Alerts')).toEqual([text('3 firing of 3 · RegistryPushFails')]);
    expect(field(card, 'Impact')).toEqual([text('not stated yet')]);
    expect(field(card, 'Playbook')).toEqual([text('Registry outage, 4 steps, not started')]);
    expect(field(card, 'You will need')).toEqual([text('registry admin token: vault kv/registry/admin')]);
    expect(field(card, 'Next update')).toEqual([text('due '), clock(start + minutes(30))]);
    expect(labels(card)).toEqual([
      'Acknowledge',
      'Take command',
      'Start the playbook',
      'Update…',
      'State impact…',
      'Show alerts',
    ]);
    expect(card.summary).toBe(
      '#42 Registry: pushes fail: sev1, investigating. Commander: nobody yet. Next update due 02:30 UTC.',
    );
  });

  it('has a button for the incident it shows on each line, whatever channel it stands in', async () => {
    const room = opened();
    const card = situation(room);
    room.here = null;
    for (const label of ['Acknowledge', 'Take command', 'Start the playbook', 'Show alerts'])
      expect((await room.press(button(card, label))).reply.refusal).toBeUndefined();
    for (const label of ['Update…', 'State impact…']) expect(button(card, label).input?.required).toBe(true);
  });

  it('offers only what makes sense now', async () => {
    const room = opened();
    await room.type('ack');
    await room.type('take');
    await room.type('next');
    await room.type('impact Nobody can publish');
    const later = situation(room);
    for (const gone of ['Acknowledge', 'Take command', 'Start the playbook', 'State impact…', 'Resolve…', 'Close'])
      expect(labels(later)).not.toContain(gone);
    expect(labels(later)).toEqual(['Show the step', 'Update…', 'Cause found…', 'Show alerts']);
    await room.type('identified');
    expect(labels(situation(room))).toContain('Mitigated…');
    await room.type('mitigated');
    expect(labels(situation(room))).toContain('Resolve…');
  });

  it('does not offer to resolve what has cleared and nobody has looked at', async () => {
    const room = opened('sev1');
    room.perform('i1', { type: 'resolveAlerts', count: 3, names: ['X'], receipts: [] });
    expect(labels(situation(room))).not.toContain('Resolve…');
    await room.type('ack');
    expect(labels(situation(room))).toContain('Resolve…');
  });

  it('names who leads and who else has a role, without calling them', async () => {
    const room = opened();
    await room.type('take');
    await room.type('assign comms @cleo');
    const card = situation(room);
    expect(field(card, 'Commander')).toEqual([
      { kind: 'person', personId: 'p-ada', name: 'Ada Lovelace', notify: false },
    ]);
    expect(field(card, 'Communications')).toEqual([
      { kind: 'person', personId: 'p-cleo', name: 'Cleo', notify: false },
    ]);
    expect(hasField(card, 'Scribe')).toBe(false);
  });

  it('shows somebody unknown by id', () => {
    const room = opened();
    room.perform('i1', { type: 'assignRole', role: 'commander', personId: 'p-gone' });
    expect(field(situation(room), 'Commander')).toMatchObject([{ personId: 'p-gone', name: 'p-gone' }]);
    expect(situation(room).summary).toContain('Commander: p-gone');
  });

  it('shows the step in hand, and what became of a finished walk', async () => {
    const room = opened();
    await room.type('next');
    await room.type('done');
    expect(field(situation(room), 'Playbook')).toEqual([
      text('Registry outage, step 2 of 4 · Freeze the publishing jobs'),
    ]);
    for (const line of ['skip known', 'done sha', 'fail x']) await room.type(line);
    expect(field(situation(room), 'Playbook')).toEqual([text('Registry outage, walked: 2 done, 1 skipped, 1 failed')]);
    expect(labels(situation(room))).not.toContain('Show the step');
  });

  it('carries the last human sentence on impact, who said it and when', async () => {
    const room = opened();
    await room.type('impact Nobody can publish');
    room.now += minutes(20);
    expect(field(situation(room), 'Impact')).toEqual([
      text('Nobody can publish · '),
      { kind: 'person', personId: 'p-ada', name: 'Ada Lovelace', notify: false },
      text(' at '),
      clock(start),
    ]);
    room.now += minutes(24 * 60);
    expect(field(situation(room), 'Impact').at(-1)).toEqual({ kind: 'time', at: start, style: 'date' });
  });

  it('keeps an overdue human update visible beside the automatic ones', () => {
    const room = opened();
    const dueAt = start + minutes(30);
    room.now = dueAt + minutes(1);
    expect(field(situation(room), 'Next update')).toEqual([
      { kind: 'strong', children: [text('overdue since ')] },
      clock(dueAt),
    ]);
    expect(situation(room).summary).toContain('Update overdue since 02:30 UTC.');
    room.perform('i1', { type: 'postAutomaticUpdate', dueAt });
    expect(situation(room).summary).toContain('Update overdue since 02:30 UTC.');
    const value = field(situation(room), 'Next update');
    expect(value.slice(0, 2)).toEqual([
      { kind: 'strong', children: [text('a person’s update is overdue since ')] },
      clock(dueAt),
    ]);
    expect(value.at(-1)).toEqual(clock(dueAt + minutes(31)));
  });

  it('has one primary button, the most urgent, and asks for an overdue update before anything but the acknowledgement', async () => {
    const room = opened();
    const dueAt = start + minutes(30);
    room.now = dueAt + minutes(1);
    room.perform('i1', { type: 'postAutomaticUpdate', dueAt });
    expect(labels(situation(room))[0]).toBe('Acknowledge');
    await room.type('ack');
    expect(labels(situation(room)).slice(0, 2)).toEqual(['Update…', 'Take command']);
    expect(labels(situation(room)).filter((label) => label === 'Update…')).toHaveLength(1);
    const primary = labels(situation(room)).filter((label) => button(situation(room), label).style === 'primary');
    expect(primary).toEqual(['Update…']);
  });

  it('says that no update is promised', async () => {
    const room = opened('sev3');
    await room.type('declare');
    expect(field(situation(room), 'Next update')).toEqual([text('none is promised')]);
  });

  it('shows what Muster proposes, with a button that accepts it', async () => {
    const room = opened('sev2');
    await room.type('ack');
    room.perform('i1', {
      type: 'attachAlerts',
      alerts: {
        ...room.incident('i1').alerts,
        count: 1,
        firing: 1,
        names: ['X'],
        evidence: room.incident('i1').evidence,
        startedAt: null,
        receipts: [],
      },
      judged: { severity: 'sev1', reason: 'two services are affected' },
    });
    expect(wordsOf(situation(room))).toContain('sev1, because two services are affected');
    await room.press(button(situation(room), 'Make it sev1'));
    expect(room.incident('i1')).toMatchObject({
      severity: 'sev1',
      severityReason: 'two services are affected',
      severityProposal: null,
    });
    room.perform('i1', { type: 'resolveAlerts', count: 4, names: ['X'], receipts: [] });
    await room.press(button(situation(room), 'Accept: monitoring'));
    expect(room.incident('i1').status).toBe('monitoring');
  });

  it('is marked as a drill', () => {
    const room = new Room();
    room.perform('i1', {
      type: 'declare',
      incidentId: 'i1',
      title: 'Practice',
      severity: null,
      reason: null,
      services: [],
      visibility: 'public',
      drill: true,
      policy,
      playbook: null,
    });
    const card = situation(room);
    expect(card.summary).toMatch(/^DRILL · #42 Practice/);
    expect(nodes(card)[0]).toEqual({ kind: 'strong', children: [text('DRILL')] });
  });

  it('after resolve offers to close; closed, it shows the final state', async () => {
    const room = opened();
    await room.type('action Try the restore');
    await room.type('resolve Space freed');
    expect(situation(room).tone).toBe('good');
    expect(labels(situation(room))).toEqual(['Close', 'Reopen…', 'Follow-up…', 'Show alerts']);
    room.now += minutes(5);
    await room.type('close');
    room.perform('i1', { type: 'recordPostmortem', version: 1, sha256: 'x' });
    const card = situation(room);
    expect(labels(card)).toEqual(['Reopen…', 'Follow-up…', 'Show alerts']);
    expect(field(card, 'Resolved')).toEqual([clock(start)]);
    expect(field(card, 'Closed')).toEqual([clock(start + minutes(5))]);
    expect(field(card, 'Follow-ups')).toEqual([text('1')]);
    expect(field(card, 'Postmortem')).toEqual([
      { kind: 'link', text: 'draft, version 1', href: 'http://127.0.0.1:7370/incidents/42/postmortem' },
    ]);
    expect(hasField(card, 'Next update')).toBe(false);
  });

  it('never counts down by itself: its times are absolute', async () => {
    const room = opened();
    await room.type('impact x');
    for (const node of nodes(situation(room))) if (node.kind === 'time') expect(node.style).not.toBe('relative');
  });
});

describe('the triage card', () => {
  it('says what came, how often, how grave and why, and offers the decision', () => {
    const card = triage(opened('sev3'));
    expect(field(card, 'Severity')).toEqual([text('sev3, because registry is tier 1')]);
    expect(field(card, 'Alerts')).toEqual([text('3 alerts, 3 firing · RegistryPushFails')]);
    expect(field(card, 'Services')).toEqual([text('registry')]);
    expect(field(card, 'Hosts')).toEqual([text('r1, r2')]);
    expect(labels(card)).toEqual(['Declare', 'Own it', 'Snooze 1 h…', 'Dismiss…']);
    expect(button(card, 'Dismiss…').input?.required).toBe(true);
    expect(card.summary).toBe('Registry: pushes fail: sev3, 3 alerts, 3 firing, in the triage queue.');
  });

  it('shows that everything has cleared', () => {
    const room = opened('sev3');
    room.perform('i1', { type: 'resolveAlerts', count: 3, names: ['X'], receipts: [] });
    expect(field(triage(room), 'Alerts')).toEqual([text('3 alerts, all cleared · RegistryPushFails')]);
    expect(wordsOf(triage(room))).toContain('Dismissed by Muster: every alert cleared by itself');
  });

  it('snoozed, it says until when, by whom and why, and can still be decided', async () => {
    const room = opened('sev3');
    await room.press(button(triage(room), 'Snooze 1 h…'), 'Waiting for the vendor');
    const card = triage(room);
    expect(wordsOf(card)).toContain('Snoozed until  by Ada Lovelace: Waiting for the vendor');
    expect(nodes(card)).toContainEqual({ kind: 'time', at: start + minutes(60), style: 'date' });
    expect(labels(card)).toContain('Dismiss…');
  });

  it('dismissed, it says by whom and why, and leads back', async () => {
    const room = opened('sev3');
    await room.press(button(triage(room), 'Dismiss…'), 'Known noise');
    const card = triage(room);
    expect(wordsOf(card)).toContain('Dismissed by Ada Lovelace: Known noise');
    expect(labels(card)).toEqual(['Back into the queue…']);
    await room.press(button(card, 'Back into the queue…'), 'It came again');
    expect(labels(triage(room))).toContain('Declare');
    expect(wordsOf(triage(room))).not.toContain('Dismissed');
  });

  it('declared, it points to the incident and offers nothing more', async () => {
    const room = opened('sev3');
    await room.press(button(triage(room), 'Declare'));
    const card = triage(room);
    expect(wordsOf(card)).toContain('Declared as #42 by Ada Lovelace');
    expect(nodes(card)).toContainEqual({
      kind: 'channel',
      channel: { to: 'incident', incidentId: 'i1' },
      label: '#inc-42',
    });
    expect(labels(card)).toEqual([]);
    expect(card.summary).toContain('declared as #42');
  });
});

describe('text from outside', () => {
  const hostile = '<!channel> @here [x](https://evil.example)\n# big \u202e reversed';
  it('is literal on both cards, on one line, without characters that deceive', async () => {
    for (const card of [situation(opened('sev1', false, hostile)), triage(opened('sev3', false, hostile))]) {
      for (const node of nodes(card)) expect(['text', 'strong', 'time']).toContain(node.kind);
      expect(wordsOf(card)).toContain('<!channel> @here [x](https://evil.example) # big');
      expect(`${wordsOf(card)}${card.summary}`).not.toMatch(/[\n\u202e]/);
    }
  });
});
