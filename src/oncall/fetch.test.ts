import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { KeptRoster } from '../store/oncall-port.js';
import { fetchCalendar } from './fetch.js';
import { dueAt, refreshed } from './refresh.js';
import type { CalendarSchedule } from './schedule.js';

const calendar = `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:one
DTSTART:20261121T080000Z
DTEND:20261128T080000Z
SUMMARY:Ada
END:VEVENT
END:VCALENDAR
`;
const minuteMs = 60_000;
const now = Date.UTC(2026, 10, 21, 12);
const server: { running: Server | null; asked: { headers: NodeJS.Dict<string | string[]>; url: string }[] } = {
  running: null,
  asked: [],
};

async function serve(answer: RequestListener): Promise<string> {
  const running = createServer((request, response) => {
    server.asked.push({ headers: request.headers, url: request.url ?? '' });
    answer(request, response);
  });
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve));
  server.running = running;
  return `http://127.0.0.1:${(running.address() as AddressInfo).port}/private/SECRET/feed`;
}

afterEach(async () => {
  const { running } = server;
  server.running = null;
  server.asked = [];
  running?.closeAllConnections();
  if (running) await new Promise((resolve) => running.close(resolve));
});

const schedule = (place: string, about: Partial<CalendarSchedule> = {}): CalendarSchedule => ({
  name: 'primary',
  kind: 'calendar',
  place,
  refreshEveryMs: 15 * minuteMs,
  zone: null,
  names: {},
  ...about,
});
const read = (place: string, before: KeptRoster | null = null, at = now, withinMs = 8_000): Promise<KeptRoster> =>
  refreshed(schedule(place), before, at, { withinMs });

describe('reading a calendar from a server', () => {
  it('asks only for what has changed, and keeps what has not', async () => {
    const place = await serve((request, response) => {
      const known = request.headers['if-none-match'] === '"v1"';
      response.writeHead(known ? 304 : 200, { etag: '"v1"', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' });
      response.end(known ? undefined : calendar);
    });
    const first = await read(place);
    expect(first).toMatchObject({ readAt: now, failures: 0, error: null });
    expect(first.times).toHaveLength(1);
    const second = await read(place, first, now + minuteMs);
    expect(second).toEqual({ ...first, readAt: now + minuteMs, triedAt: now + minuteMs });
    expect(server.asked[1]?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sat, 21 Nov 2026 10:00:00 GMT',
    });
  });

  it('asks for all of it when the copy does not reach far enough ahead any more', async () => {
    const place = await serve((_, response) => response.writeHead(200, { etag: '"v1"' }).end(calendar));
    const first = await read(place);
    const weeks = await read(place, first, now + 50 * 24 * 60 * minuteMs);
    expect(server.asked[1]?.headers).not.toHaveProperty('if-none-match');
    expect(weeks.coversUntil).toBeGreaterThan(first.coversUntil);
  });

  const faults: [string, RequestListener, RegExp, withinMs?: number][] = [
    ['an error', (_, response) => response.writeHead(500).end('boom'), /^its server answers 500$/],
    ['that it is not there', (_, response) => response.writeHead(404).end(), /^its server answers 404$/],
    ['a sign-in page', (_, response) => response.end('<html>Sign in</html>'), /^it is a web page and no calendar$/],
    ['rubbish', (_, response) => response.end(Buffer.from([0, 159, 146, 150, 255])), /^it is not a calendar$/],
    ['half of it', (_, response) => response.end(calendar.slice(0, 60)), /^it ends in the middle$/],
    ['nothing, ever', () => {}, /^its server has not answered within 0.3 s$/, 300],
    [
      'an endless trickle',
      (_, response) => {
        const trickle = setInterval(() => response.write('X'), 20);
        response.on('close', () => clearInterval(trickle));
      },
      /^its server has not answered within 0.3 s$/,
      300,
    ],
    [
      'half an answer',
      (_, response) => void response.write(calendar, () => response.destroy()),
      /^its server cannot be reached/,
    ],
  ];
  it.each(faults)('goes on with the copy when the server answers %s', async (_, answer, error, withinMs) => {
    let well = true;
    const place = await serve((request, response) => (well ? response.end(calendar) : answer(request, response)));
    const first = await read(place);
    well = false;
    const failed = await read(place, first, now + minuteMs, withinMs);
    expect(failed).toMatchObject({ readAt: now, times: first.times, failures: 1, failingSince: now + minuteMs });
    expect(failed.error).toMatch(error);
    expect(failed.error).not.toContain('SECRET');
    const again = await read(place, failed, now + 2 * minuteMs, withinMs);
    expect(again).toMatchObject({ failures: 2, failingSince: now + minuteMs, readAt: now });
    well = true;
    expect(await read(place, again, now + 3 * minuteMs)).toMatchObject({
      failures: 0,
      failingSince: null,
      error: null,
    });
  });

  it.each([true, false])('stops reading at its bound, whether the server says the size first or not', async (says) => {
    let sent = 0;
    const size = 50 * 1024 * 1024;
    const piece = Buffer.alloc(256 * 1024, 'X');
    const place = await serve((_, response) => {
      if (says) response.setHeader('content-length', size);
      const more = (): void => {
        while (sent < size && !response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    await expect(fetchCalendar(place, null)).rejects.toThrow('it is larger than 4 MB');
    expect(sent).toBeLessThan(size / 2);
  });

  it('says that nobody is there, and has nothing, when there never was a copy', async () => {
    const place = await serve((_, response) => response.end(calendar));
    await new Promise((resolve) => server.running?.close(resolve));
    server.running = null;
    const none = await read(place);
    expect(none).toMatchObject({ readAt: null, times: [], failures: 1 });
    expect(none.error).toBe('its server cannot be reached (ECONNREFUSED)');
  });

  it('sends a name and a password that stand in the address', async () => {
    const place = await serve((_, response) => response.end(calendar));
    await fetchCalendar(place.replace('://', '://ada:pass%20word@'), null);
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:pass word').toString('base64')}`);
  });

  it('does not take the copy of another address for its own', async () => {
    const place = await serve((request, response) =>
      request.url?.includes('SECRET') ? response.end(calendar) : response.writeHead(500).end(),
    );
    const first = await read(place);
    const other = await read(place.replace('SECRET', 'other'), first, now + minuteMs);
    expect(other).toMatchObject({ readAt: null, times: [], failures: 1 });
  });
});

describe('reading a calendar from a file', () => {
  it('reads it again only when it has changed, and says what keeps it from it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-oncall-'));
    const path = join(folder, 'primary.ics');
    try {
      expect((await read(path)).error).toBe('its file cannot be read (ENOENT)');
      writeFileSync(path, calendar);
      const first = await read(path);
      expect(first.times).toHaveLength(1);
      expect(await fetchCalendar(path, first)).toEqual({ unchanged: true });
      writeFileSync(path, calendar.replace('Ada', 'Bob'));
      utimesSync(path, new Date(), new Date(Date.now() + 5_000));
      expect((await read(path, first)).times[0]?.title).toBe('Bob');
      writeFileSync(path, 'x'.repeat(5 * 1024 * 1024));
      expect((await read(path, first)).error).toBe('it is larger than 4 MB');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('a calendar is due at its time, within a minute while it fails, and at once when its address has changed', () => {
  const of = schedule('https://a.example/x');
  const kept = { source: '', triedAt: now, failingSince: null } as KeptRoster;
  expect(dueAt(of, null)).toBe(Number.NEGATIVE_INFINITY);
  expect(dueAt(of, kept)).toBe(Number.NEGATIVE_INFINITY);
  const own = async (): Promise<KeptRoster> => refreshed(schedule('/nowhere/x.ics'), null, now);
  return own().then((failed) => {
    const file = schedule('/nowhere/x.ics');
    expect(dueAt(file, failed)).toBe(now + minuteMs);
    expect(dueAt(file, { ...failed, failingSince: null })).toBe(now + 15 * minuteMs);
  });
});
