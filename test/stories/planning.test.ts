import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PlanShown } from '../../src/alerts/plan-print.js';
import { type Story, story } from './story.js';

let told: Story;
beforeEach(async () => {
  told = await story();
});
afterEach(() => told.end());

const push = { title: 'push fails', service: 'registry', severity: 'critical' };
const ask = async (body: object, user = 'Ada'): Promise<{ status: number; shown: PlanShown }> => {
  const response = await fetch(new URL('/api/plan', told.bot.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `muster_name=${user}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, shown: (await response.json()) as PlanShown };
};

test('a running Muster says what a request would come to now, and does nothing of it', async () => {
  const before = await ask({ source: 'generic', body: push });
  expect(before).toMatchObject({
    status: 200,
    shown: { request: { admitted: 'yes' }, incidents: [{ becomes: 'incident', severity: 'sev1' }] },
  });
  expect((await told.get('/api/incidents')).json<{ total: number }>().total).toBe(0);

  await told.alerts('generic', push);
  const other = { ...push, title: 'pull fails' };
  const after = await ask({ source: 'generic', body: JSON.stringify(other) });
  expect(after.shown.alerts).toMatchObject([{ outcome: 'attached' }]);
  expect(after.shown.incidents).toMatchObject([{ becomes: 'existing', title: 'registry: push fails' }]);
  expect((await told.get('/api/incidents/1/alerts')).json<{ total: number }>().total).toBe(1);
});

test('what cannot be planned says why', async () => {
  expect(await ask({ source: 'nobody', body: {} })).toMatchObject({
    status: 404,
    shown: { error: expect.any(String) },
  });
  expect(await ask({ source: 'generic', body: '{"a": ' })).toMatchObject({
    status: 400,
    shown: { error: 'The body is not JSON.' },
  });
  expect(await ask({ body: {} })).toMatchObject({ status: 400, shown: { error: expect.stringMatching(/^source/) } });
});
