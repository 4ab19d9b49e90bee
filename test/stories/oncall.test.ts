import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/messages/card.js';
import { plainText } from '../../src/messages/plain.js';
import { type Story, story } from './story.js';

/** 21 November 2026, 12:00 UTC: a Saturday. */
const people = `open-on-loopback: true
people:
  ada: { name: Ada Lovelace, email: ada@example.com, zone: Europe/Berlin }
  bob: { name: Bob Stone, email: bob@example.com }
  cleo: { name: Cleo }
`;
const rotation = `${people}
on-call:
  schedules:
    primary:
      zone: Europe/Berlin
      layers:
        - { people: [ada, bob], handoff: Mon 09:00, from: 2026-11-16 }
`;
const calendar = (who: string): string => `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:one
DTSTART:20261116T080000Z
DTEND:20261123T080000Z
RRULE:FREQ=WEEKLY
SUMMARY:${who}
END:VEVENT
END:VCALENDAR
`;

let told: Story;
let server: Server | null = null;
afterEach(async () => {
  await told?.end();
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const empty: Card = { tone: 'neutral', summary: '', blocks: [] };

interface OnCall {
  schedules: {
    schedule: string;
    people: { name: string }[];
    next: { at: number } | null;
    copyOf: number | null;
    error: string | null;
  }[];
}
const onCall = async (): Promise<OnCall['schedules']> => (await told.get('/api/oncall')).json<OnCall>().schedules;
const names = async (): Promise<string[]> =>
  (await onCall()).map(({ people: all }) => all.map(({ name }) => name).join(' and '));

describe('on call', () => {
  it('somebody takes it from whoever is planned, for as long as they say, across a restart', async () => {
    told = await story({ file: rotation });
    expect(await names()).toEqual(['Ada Lovelace']);
    const taken = await told.say('cleo', '/incident oncall take primary for 2h');
    expect(taken.text).toBe(
      'You are on call for primary from 21 Nov 12:00 UTC until 21 Nov 14:00 UTC, instead of Ada Lovelace.',
    );
    expect(await names()).toEqual(['Cleo']);
    await told.restart();
    expect(await names()).toEqual(['Cleo']);
    await told.forward({ hours: 2 });
    expect(await names()).toEqual(['Ada Lovelace']);
    const events = await told.bot.store.systemEvents(0, 500);
    expect(events.filter(({ type }) => type === 'overrideSet').map(({ body }) => body)).toMatchObject([
      { schedule: 'primary', untilAt: told.now() },
    ]);
    expect((await told.bot.store.verify()).problems).toEqual([]);
  });

  it('whoever is put on call is told, and can drop it again', async () => {
    told = await story({ file: rotation });
    await told.say('bob', '/incident list');
    await told.say('ada', '/incident oncall @bob primary from 18:00 until mon 09:00');
    await told.forward({ minutes: 1 });
    const direct = (await told.bot.web.channels('bob')).find(({ name }) => name === 'direct-bob');
    const messages = await told.bot.web.messages(direct?.id ?? '', 10);
    expect(plainText(messages.at(-1)?.card ?? empty)).toContain(
      'You are on call for primary from 21 Nov 17:00 UTC until 23 Nov 08:00 UTC',
    );
    await told.forward({ hours: 6 });
    expect(await names()).toEqual(['Bob Stone']);
    expect((await told.say('bob', '/incident oncall drop')).text).toContain('Dropped: primary');
    expect(await names()).toEqual(['Ada Lovelace']);
    expect((await told.say('bob', '/incident oncall drop')).refusal?.code).toBe('no-override');
  });
});

describe('the calendar of a schedule', () => {
  const file = (place: string): string => `${people}
on-call:
  schedules:
    primary: { ical: "${place}" }
`;

  it('is gone on with from its copy while it cannot be read, which operators are told once, and a restart keeps it', async () => {
    let answer: () => [number, string] = () => [200, calendar('Ada Lovelace')];
    server = createServer((_, response) => {
      const [status, body] = answer();
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}/private/SECRET.ics`;
    told = await story({ file: file(place) });
    await told.bot.onCall.look();
    expect(await names()).toEqual(['Ada Lovelace']);
    const readAt = told.now();

    answer = () => [500, 'boom'];
    await told.forward({ minutes: 20 });
    for (let tries = 0; tries < 4; tries++) {
      await told.bot.onCall.look();
      await told.forward({ minutes: 2 });
    }
    await told.restart();
    expect(await onCall()).toMatchObject([
      { people: [{ name: 'Ada Lovelace' }], copyOf: readAt, error: 'its server answers 500' },
    ]);
    const said = await told.say('ada', '/incident oncall');
    expect(plainText(said.card ?? empty)).toContain(
      'from the copy of 21 Nov 13:00 +01:00 Europe/Berlin; its calendar cannot be read: its server answers 500',
    );
    const warned = (await told.channel('operators')).filter(({ text }) => text.includes('calendar'));
    expect(warned.map(({ text }) => text)).toEqual([expect.stringContaining('The calendar of primary at 127.0.0.1:')]);
    expect(JSON.stringify(warned)).not.toContain('SECRET');

    answer = () => [200, calendar('Bob Stone')];
    await told.forward({ minutes: 2 });
    await told.bot.onCall.look();
    await told.forward({ minutes: 1 });
    expect(await names()).toEqual(['Bob Stone']);
    expect((await told.channel('operators')).at(-1)?.text).toContain('The calendar of primary is read again.');
  });

  it('is read at once when the configuration names another, and its people are found by the new one', async () => {
    told = await story({ file: rotation });
    const path = join(told.folder, 'other.ics');
    writeFileSync(path, calendar('Night shift'));
    await told.write(file(path));
    expect(await onCall()).toMatchObject([{ people: [], why: expect.stringContaining('Night shift') }]);
    await told.write(`${file(path).replace(/ }\n$/, ', names: { Night shift: cleo } }\n')}`);
    expect(await names()).toEqual(['Cleo']);
  });
});
