import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import type { PlanShown } from '../../src/alerts/plan-print.js';
import { planRoutes } from '../../src/http/plan.js';
import { person } from '../../src/people/viewer.js';
import { alertOf, noon, World } from './world.js';

test('what is open and not theirs to see is not told to whoever asks', async () => {
  const world = new World();
  world.take([alertOf({ startsAt: noon, severity: 'critical', service: 'registry' })]);
  const incidents = [...world.incidents.values()];
  const plans = async (visible: boolean): Promise<PlanShown> => {
    const app = fastify();
    await app.register(planRoutes, {
      store: {
        episodes: async () => [],
        byGroupKey: async () => incidents.map((incident) => ({ incident, seq: 1, head: '' })),
        load: async () => null,
        openUngrouped: async () => [],
        incident: async (_, by) => (visible && 'id' in by ? (incidents.find(({ id }) => id === by.id) ?? null) : null),
      },
      who: { viewerOf: async () => person('eve') },
      config: { alertsToken: null },
      rules: () => world.rules,
      names: () => ({ playbook: () => null, person: String, channel: String }),
      now: () => noon,
    });
    const payload = { source: 'generic', body: { title: 'pull fails', service: 'registry' } };
    const answer = await app.inject({ method: 'POST', url: '/api/plan', payload });
    return answer.json();
  };
  expect(await plans(true)).toMatchObject({ incidents: [{ becomes: 'existing', title: incidents[0]?.title }] });
  const outside = await plans(false);
  expect(outside).toMatchObject({ alerts: [{ incidentId: null, why: 'was taken' }], incidents: [] });
  expect(JSON.stringify(outside)).not.toContain('push fails');
});
