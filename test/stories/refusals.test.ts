import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Story, story } from './story.js';

const token = 'the-alerts-token-of-this-test';
const api = 'the-api-token-of-this-test';
const secret = 'a-wrong-token-nobody-should-read';

let muster: Story;
beforeEach(async () => {
  muster = await story({
    env: { MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: token },
    file: 'sources:\n  eu: { kind: alertmanager }\n',
  });
});
afterEach(() => muster.end());

async function post(name: string, given: string | null, body: unknown = { title: 'Pushes fail' }): Promise<number> {
  const response = await fetch(`${muster.bot.url}/alerts/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(given && { authorization: `Bearer ${given}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await response.text();
  // Looked for at once, and carried out as the runner would within the minute.
  await muster.forward({ seconds: 1 });
  return response.status;
}

const told = async (): Promise<string[]> => {
  await muster.forward({ seconds: 50 });
  try {
    return (await muster.channel('operators')).map(({ text }) => text);
  } catch {
    return [];
  }
};

describe('a sender that is refused', () => {
  it('is told to the operators within a minute, with what to do, and no secret', async () => {
    expect(await post('eu', secret)).toBe(401);
    const [first = '', ...more] = await told();
    expect(more).toEqual([]);
    expect(first).toMatch(
      /Alerts of eu are refused \(401\)\. The alerts token is missing or wrong\. Send Authorization: Bearer <MUSTER_ALERTS_TOKEN>/,
    );
    expect(first).toMatch(/12:00 UTC.*\/api\/sources\/eu/s);
    expect(first).not.toContain(secret);
  });

  it('is told once while nothing changes, again when something else is wrong, and again after a day', async () => {
    for (let i = 0; i < 20; i++) await post('generic', null);
    expect(await told()).toHaveLength(1);
    await post('generic', token, '{"broken');
    expect(await told()).toHaveLength(1);
    muster.sleep({ hours: 1 });
    await post('generic', token, '{"broken');
    const after = await told();
    expect(after).toHaveLength(2);
    expect(after[1]).toMatch(/Alerts of generic are refused \(400\)\./);
    for (let nth = 1; nth <= 35; nth++) {
      muster.sleep({ seconds: 2_400 });
      await post('generic', token, '{"broken');
    }
    expect(await told()).toHaveLength(2);
    muster.sleep({ seconds: 2_400 });
    await post('generic', token, '{"broken');
    const [, , third = '', ...more] = await told();
    expect(more).toEqual([]);
    expect(third).toMatch(/36 requests, the last at 13:\d\d UTC/);
  }, 30_000);

  it('is told again when it was well for an hour in between', async () => {
    await post('generic', null);
    expect(await post('generic', token)).toBe(202);
    await muster.forward({ minutes: 59 });
    await post('generic', null);
    expect(await told()).toHaveLength(1);
    await muster.forward({ minutes: 61 });
    await post('generic', null);
    expect(await told()).toHaveLength(2);
  });

  it('is not told again by a Muster that has just started', async () => {
    await post('generic', null);
    expect(await told()).toHaveLength(1);
    await muster.restart();
    await post('generic', null);
    expect(await told()).toHaveLength(1);
    await post('eu', null);
    expect(await told()).toHaveLength(2);
  });
});

describe('names that are not there', () => {
  it('are told together once a day, as plain text, however many there are', async () => {
    expect(await post('prometeus', token)).toBe(404);
    for (let i = 0; i < 60; i++) await post(encodeURIComponent(`@all <!here> ${i}`), i % 2 === 0 ? token : null);
    const [first = '', ...more] = await told();
    expect(more).toEqual([]);
    expect(first).toMatch(/posts alerts to a source that is not there: \/alerts\/prometeus/);
    expect(first).toMatch(/Known: .*generic.*eu/s);
    await muster.forward({ hours: 25 });
    await post('grafanna', token);
    const [, second = ''] = await told();
    expect(second).toMatch(/and others\. They are answered with 404.*61 requests/s);
    const figures = await fetch(`${muster.bot.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const text = await figures.text();
    expect(text).toContain('muster_alert_requests_refused_total{source="other",status="404"}');
    expect(text).not.toMatch(/prometeus|grafanna/);
  }, 30_000);
});

it('is on the ledger', async () => {
  await post('eu', secret);
  await told();
  const { ok, events } = await muster.bot.store.verify();
  expect({ ok, some: events > 0 }).toEqual({ ok: true, some: true });
});
