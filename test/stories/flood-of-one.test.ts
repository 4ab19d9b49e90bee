import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/state.js';
import { isQuiet } from './noise.js';
import { databases, type Story, story } from './story.js';

const perRequest = 50;
const requests = 100;
const atOnce = 8;

describe.each(databases)('a storm of alerts of one service, on %s', (database) => {
  let told: Story;
  afterEach(async () => {
    await isQuiet(told).finally(() => told.end());
  });

  it('5,000 in a hundred requests are one incident, a readable channel and right counts', async () => {
    told = await story({ database });
    const post = (request: number, status: 'firing' | 'resolved') =>
      fetch(`${told.bot.url}/alerts/generic`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          alerts: Array.from({ length: perRequest }, (_, n) => ({
            title: 'Disk full',
            service: 'registry',
            severity: 'critical',
            host: `node-${n}`,
            fingerprint: `${request}-${n}`,
            status,
          })),
        }),
      });
    async function storm(status: 'firing' | 'resolved'): Promise<string[]> {
      const receipts: string[] = [];
      let next = 0;
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          while (next < requests) {
            const response = await post(next++, status);
            expect(response.status).toBe(202);
            const { accepted, receipt } = (await response.json()) as { accepted: number; receipt: string };
            expect(accepted).toBe(perRequest);
            receipts.push(receipt);
            await told.bot.runner.untilIdle();
          }
        }),
      );
      await told.forward({ seconds: 5 });
      return receipts;
    }

    const receipts = await storm('firing');
    expect(new Set(receipts).size).toBe(requests);
    const { incidents, total } = (await told.get('/api/incidents')).json<{ incidents: Incident[]; total: number }>();
    expect(total).toBe(1);
    expect(incidents[0]).toMatchObject({
      severity: 'sev1',
      alerts: { firing: 5_000, total: 5_000, names: ['Disk full'] },
    });
    expect((await told.get('/api/incidents/1/alerts?limit=1')).json<{ total: number }>().total).toBe(5_000);
    const outcomes = new Map<string, number>();
    for (const receipt of receipts)
      for (const { outcome } of (await told.bot.store.receipt(receipt))!.outcomes)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    expect((outcomes.get('opened') ?? 0) + (outcomes.get('attached') ?? 0)).toBe(5_000);

    const room = await told.channel('inc-1');
    expect(room.length).toBeLessThan(20);
    expect(room[0]?.text).toContain('5000 firing of 5000');
    expect(await told.channel('stakeholders')).toHaveLength(1);

    await storm('firing');
    expect((await told.incident(1)).alerts.total).toBe(5_000);
    await storm('resolved');
    expect(await told.incident(1)).toMatchObject({
      status: 'investigating',
      statusProposal: { status: 'monitoring' },
      alerts: { firing: 0, total: 5_000 },
    });
    expect((await told.channel('inc-1')).length).toBeLessThan(22);
    expect((await told.bot.store.verify()).problems).toEqual([]);
  }, 60_000);
});
