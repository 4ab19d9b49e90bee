import { afterEach, describe, expect, it } from 'vitest';
import { buttonsOf } from '../commands/room.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const file = `open-on-loopback: true
severities:
  sev1: { page: [ada] }
  sev3: { triage-within: 1h }
platform-lead: lea
people:
  ada: { name: Ada }
  bob: { name: Bob }
  lea: { name: Lea }
services:
  wiki: { owner: bob }
`;
async function send(name: string, severity: string, service: string): Promise<void> {
  const alerts = [{ title: name, status: 'firing', severity, service, fingerprint: name }];
  const response = await fetch(`${told.bot.url}/alerts/generic`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alerts }),
  });
  expect(response.status).toBe(202);
  await told.bot.runner.untilIdle();
}
const direct = async (personId: string): Promise<string[]> => {
  const channels = await told.bot.web.channels(personId);
  const own = channels.filter(({ key }) => key === `person/${personId}`);
  const all = await Promise.all(own.map(({ id }) => told.bot.web.messages(id, 50)));
  return all.flat().map((message) => JSON.stringify(message));
};

describe('turns at night', () => {
  it('it is one press from the page to acknowledged, and a second to the first step of the playbook', async () => {
    told = await story({ file });
    await send('PushFails', 'critical', 'registry');
    const page = (await direct('ada')).find((each) => each.includes('/incident ack'));
    expect(page).toBeDefined();
    const { incidentId } = JSON.parse(/\{[^{}]*"\/incident ack"[^{}]*\}/.exec(page!)![0]) as { incidentId: string };
    const press = async (command: string) =>
      told.bot.inbound.command({
        ...{ id: command, text: command, personId: 'ada', platform: 'web', channel: null, incidentId },
      });
    const first = await press('/incident ack');
    expect((await told.incident(1)).acknowledgedBy).toBe('ada');
    const [start] = buttonsOf(first.card);
    expect(start).toMatchObject({ label: 'Start the playbook', command: '/incident next', incidentId });
    await press(start!.command);
    expect((await told.incident(1)).walk).toMatchObject({ current: 0 });
  });

  it('an entry nobody decides about is chased: owner, queue, platform lead', async () => {
    told = await story({ file });
    await send('WikiSlow', 'warning', 'wiki');
    expect((await told.say('ada', '/incident list triage')).text).toBe('1 entry in the triage queue.');
    await told.forward({ minutes: 61 });
    expect((await direct('bob')).join()).toContain('is yours, and waits past its time');
    expect((await told.say('ada', '/incident list triage')).text).toBe('1 entry in the triage queue, 1 past its time.');
    const queue = async () =>
      ((await told.channel('triage')) ?? []).filter(({ text }) => text.includes('waits past its time'));
    expect(await queue()).toHaveLength(0);
    await told.forward({ hours: 4 });
    expect(await queue()).toHaveLength(1);
    expect((await direct('lea')).join()).not.toContain('triage queue');
    await told.forward({ hours: 25 });
    expect((await direct('lea')).join()).toContain('Its owner and the queue were told before');
    await told.forward({ hours: 48 });
    expect(await queue()).toHaveLength(1);
  });

  it('whoever comes later is told alone what happened, and a slip is taken back', async () => {
    told = await story({ file });
    await told.say('ada', '/incident declare --sev 1 Registry: pushes fail');
    await told.say('ada', '/incident impact Nobody can publish images', 1);
    await told.forward({ minutes: 12 });
    const before = ((await told.channel('inc-1')) ?? []).length;
    await told.say('bob', '/incident join', 1);
    const [briefing] = (await direct('bob')).filter((each) => each.includes('What happened'));
    expect(briefing).toContain('Nobody can publish images');
    expect(briefing).toContain('Who does what');
    await told.say('bob', '/incident sev 3 I thought of another', 1);
    expect((await told.say('bob', '/incident undo', 1)).text).toContain('Taken back: the change of severity');
    expect(await told.incident(1)).toMatchObject({ severity: 'sev1' });
    expect((await told.say('bob', '/incident brief', 1)).card).toBeDefined();
    expect((await direct('bob')).filter((each) => each.includes('What happened'))).toHaveLength(1);
    expect(((await told.channel('inc-1')) ?? []).length - before).toBeLessThanOrEqual(2);
    expect((await told.bot.store.verify()).ok).toBe(true);
  });
});
