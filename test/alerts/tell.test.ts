import { describe, expect, it } from 'vitest';
import type { Telling } from '../../src/alerts/source.js';
import { alertOf, minute, noon, World } from './world.js';

/** Two open incidents, and what a third request says beside an alert of each. */
function told(of: Telling['of'], text = 'Deployed v2') {
  const world = new World();
  const registry = alertOf({ fingerprint: 'r', service: 'registry', severity: 'critical' });
  const shop = alertOf({ fingerprint: 's', service: 'shop', severity: 'critical' });
  world.take([registry, shop]);
  const batch = { source: 'alertmanager', receivedAt: noon + minute };
  const planned = world.takeAll([
    { ...batch, receipt: 'r2', alerts: [registry, shop] },
    { ...batch, receipt: 'r3', alerts: [], passedOver: { name: 'a change', why: 'is no alert', tells: { text, of } } },
  ]);
  const notes = planned.incidents.flatMap(({ title, commands }) =>
    commands.flatMap((each) => (each.type === 'addNote' ? [`${title} ${each.text}`] : [])),
  );
  return { world, notes, outcome: planned.receipts[1]?.outcomes[0] };
}

describe('what is understood and no alert', () => {
  it('is noted on the incident of the alert it is about, and on no other', () => {
    const { notes, outcome } = told({ fingerprint: 's' }, 'Acknowledged at its sender');
    expect(notes).toEqual([expect.stringMatching(/^shop.* Acknowledged at its sender$/)]);
    expect(outcome).toMatchObject({ name: 'a change', outcome: 'attached', why: expect.stringContaining('noted on') });
  });

  it('is noted on what is open of the service it is about, and on no other', () => {
    expect(told({ service: 'registry' }).notes).toEqual([expect.stringMatching(/^registry.* Deployed v2$/)]);
  });

  it.each([[{ service: 'git' }], [{ service: null }], [{ fingerprint: 'x' }]])(
    'is about nothing that is open: %j, and its receipt says so',
    (of) => {
      const { notes, outcome } = told(of);
      expect(notes).toEqual([]);
      expect(outcome).toMatchObject({
        outcome: 'ignored',
        incidentId: null,
        why: 'is no alert; no open incident is about it',
      });
    },
  );

  it('of which nothing is open, and which is a change, is kept for what begins there', () => {
    const world = new World();
    const why = (service: string | null) => {
      const tells: Telling = { text: 'Deployed', of: { service }, change: { text: 'v2', link: null } };
      const passedOver = { name: 'a change', why: 'is no alert', tells };
      const batch = { receipt: 'r', source: 'ci', receivedAt: noon, alerts: [], passedOver };
      return world.takeAll([batch]).receipts[0]?.outcomes[0]?.why;
    };
    expect(why('git')).toBe('is no alert; no open incident is about it; what begins there within 2 h says so');
    expect(why(null)).toBe('is no alert; no open incident is about it');
  });

  it('is one line, whatever stands in it', () => {
    expect(told({ service: 'shop' }, `a\n\u202eb${'x'.repeat(10_000)}`).notes[0]).toMatch(/ a bx+…$/);
  });
});
