import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { startServer, type TestServer } from '../../test/fakes/http-server.js';
import { numbered, past, registryOutage, said } from '../../test/fakes/registry-outage.js';
import type { Episode } from '../alerts/alert.js';
import { feedRoutes } from '../audiences/feed.js';
import type { TimelineEvent } from '../incident/events.js';
import { openDesk } from '../oncall/desk.js';
import type { Schedule } from '../oncall/schedule.js';
import type { Store } from '../store/port.js';
import { alertRoutes } from './alerts.js';
import { onCallRoutes } from './on-call.js';
import { onCallShape } from './on-call-shape.js';
import { operations } from './operations.js';
import { planRoutes } from './plan.js';
import * as shapes from './shapes.js';
import { sourceRoutes } from './sources.js';

const opened = registryOutage()[0] as TimelineEvent;
/** The same opening for another incident. */
function incident(number: number, visibility: 'public' | 'private'): TimelineEvent[] {
  if (opened.type !== 'declared' || !opened.body.opening) throw new Error('The outage begins differently now.');
  const opening = {
    ...opened.body.opening,
    incidentId: `i-${number}`,
    title: `Incident ${number}`,
    visibility,
    groupKey: null,
  };
  return numbered([
    said(100 + number, 'declared', { kind: 'person', personId: adaId }, { ...opened.body, number, opening }),
  ]);
}
function triaged(): TimelineEvent[] {
  if (opened.type !== 'declared' || !opened.body.opening) throw new Error('The outage begins differently now.');
  return numbered([said(1, 'triaged', opened.actor, { ...opened.body.opening, incidentId: 'i-t', groupKey: null })]);
}
const alert: Episode = {
  id: 'e1',
  source: 'generic',
  fingerprint: 'f',
  incidentId: 'i-42',
  state: 'firing',
  startedAt: past(0),
  endedAt: null,
  reported: { firing: [past(0)], clearFrom: null },
  lastSeenAt: past(0),
  name: 'RegistryDown',
  summary: 'down',
  service: null,
  host: null,
  severity: null,
  groupKey: 'g',
  labels: {},
  annotations: {},
  links: [],
};

/** Ada is on call for `primary` for ever, and nobody for `nights`. */
const desk = openDesk(() => ({
  schedules: [primary, { ...primary, name: 'nights', layers: [] }],
  people: [],
  personIds: new Map([['ada', adaId]]),
  rosters: new Map(),
  gone: new Map(),
  overrides: [],
}));
const layer = { people: ['ada'], turnFor: 86_400_000, startsAt: 0, endsAt: null, only: [] };
const primary: Schedule = { name: 'primary', kind: 'rotation', zone: 'UTC', layers: [layer], holidays: [] };

let server: TestServer;
let stored: Store;
let adaId: string;
beforeAll(async () => {
  server = await startServer({
    seed: async (store) => {
      stored = store;
      adaId = (await store.identify('web', 'ada', 'Ada')).personId;
      return {
        timelines: [registryOutage(), incident(43, 'private'), incident(44, 'public'), triaged()],
        alerts: [alert],
        postmortem: { incidentId: 'i-42', markdown: '# Postmortem: Registry\n' },
      };
    },
    statusView: () => ({ tone: 'neutral', summary: '', blocks: [] }),
    doors: (door, who) => {
      door.register(planRoutes, {
        store: stored,
        who,
        config: { alertsToken: null },
        rules: () => {
          throw new Error('nothing is planned here');
        },
        names: () => ({ playbook: () => null, person: String, channel: String }),
        now: () => past(200),
      });
      door.register(sourceRoutes, {
        store: stored,
        who,
        config: { alertsToken: null },
        engine: { intake: async () => ({ accepted: 0, receipt: 'r', outcomes: [] }) },
        rules: () => {
          throw new Error('nothing is planned here');
        },
        names: () => ({ playbook: () => null, person: String, channel: String }),
      });
      const names = new Map([[adaId, 'Ada']]);
      door.register(onCallRoutes, { desk: () => desk, names, now: () => past(200) });
      door.register(feedRoutes, { store: stored, publicUrl: () => 'http://muster.test:7370', isToken: () => false });
      door.register(alertRoutes, {
        engine: { queueDepth: () => 0, intake: async () => ({ accepted: 0, receipt: 'r', outcomes: [] }) },
        store: stored,
        config: { alertsToken: null },
        clock: { now: () => past(200) },
      });
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
});

const get = (path: string, headers: Record<string, string> = {}) => server.ask(path, { headers });
const json = async <T extends z.ZodType>(path: string, shape: T, headers = {}): Promise<z.output<T>> => {
  const answer = await get(path, headers);
  expect(answer.status, path).toBe(200);
  return shape.parse(await answer.json());
};
const command = (body: unknown) => server.command(body);

describe('who is on call', () => {
  it('is told by schedule, with why there is nobody', async () => {
    const { schedules } = await json('/api/oncall', onCallShape);
    expect(schedules).toMatchObject([
      { schedule: 'primary', people: [{ personId: adaId, name: 'Ada' }], why: null },
      { schedule: 'nights', people: [], why: 'nobody is planned on nights then' },
    ]);
    expect((await json(`/api/oncall?at=${past(900)}`, onCallShape)).at).toBe(past(900));
    for (const at of ['soon', '1']) expect((await get(`/api/oncall?at=${at}`)).status).toBe(400);
  });
});

describe('incidents', () => {
  it('are listed with what decides, the triage queue only when asked for', async () => {
    const { incidents, total } = await json('/api/incidents', shapes.incidents);
    expect(total).toBe(2);
    expect(incidents[1]).toMatchObject({
      number: 42,
      title: 'Registry: pushes fail',
      severity: 'sev1',
      severityReason: 'nobody can publish',
      status: 'closed',
      services: ['registry'],
      roles: { commander: { personId: 'p-ada' } },
    });
    const triage = await json('/api/incidents?status=triage', shapes.incidents);
    expect(triage.incidents.map(({ number, status }) => [number, status])).toEqual([[null, 'triage']]);
  });

  it('are picked by status words, repeated or with commas, and by page', async () => {
    const numbers = async (query: string) =>
      (await json(`/api/incidents?${query}`, shapes.incidents)).incidents.map(({ number }) => number);
    expect(await numbers('status=closed')).toEqual([42]);
    expect(await numbers('status=open')).toEqual([44]);
    expect(await numbers('status=closed,investigating')).toEqual([44, 42]);
    expect(await numbers('status=closed&status=investigating')).toEqual([44, 42]);
    expect(await numbers('limit=1&offset=1')).toEqual([42]);
  });

  it.each(['status=broken', 'status=triage,closed', 'limit=0', 'limit=501', 'limit=x', 'offset=-1', 'limit=1&limit=2'])(
    'refuse the query %s, and list the words',
    async (query) => {
      const answer = await get(`/api/incidents?${query}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({
        error: expect.any(String),
        hint: expect.stringContaining(
          query === 'status=triage,closed' ? 'apart' : 'investigating, identified, monitoring, resolved, closed',
        ),
      });
    },
  );

  it('that are private are there for their responders alone', async () => {
    expect((await get('/api/incidents/43')).status).toBe(404);
    expect((await get('/api/incidents/43/timeline')).status).toBe(404);
    await json('/api/incidents/43', shapes.incident, { cookie: 'muster_name=Ada' });
    const seen = await json('/api/incidents', shapes.incidents, { cookie: 'muster_name=Ada' });
    expect(seen.total).toBe(3);
  });

  it('are read by a new name without making anybody known; who writes is known from then on', async () => {
    const before = await stored.people();
    const cookie = 'muster_name=Nova';
    expect((await get('/api/incidents', { cookie })).status).toBe(200);
    expect((await get('/api/incidents/43', { cookie })).status).toBe(404);
    expect((await get('/incidents/44/timeline', { cookie })).status).toBe(200);
    expect(await stored.people()).toEqual(before);
    await server.command({ text: '/incident list' }, { cookie });
    expect((await stored.people()).map(({ name }) => name)).toContain('Nova');
  });

  it.each(['99', '0', '-1', 'abc', '42.0', '042', '1e1', '99999999999999'])(
    'under the number %s: none',
    async (number) => {
      const answer = await get(`/api/incidents/${number}`);
      expect([answer.status, await answer.json()]).toEqual([
        404,
        { error: expect.stringContaining(number), hint: expect.any(String) },
      ]);
    },
  );
});

describe('one incident', () => {
  it('shows its playbook in steps as people count them, with names', async () => {
    const { playbook, followUps } = await json('/api/incidents/42', shapes.incident);
    expect(playbook?.steps[0]).toMatchObject({ number: 1, state: 'done', said: '503 from both' });
    expect(followUps[0]).toMatchObject({ owner: { personId: 'p-bob' }, dueOn: '2030-01-15' });
  });

  it('has a timeline in plain words, each event with an address of its own', async () => {
    const { timeline, total } = await json('/api/incidents/42/timeline', shapes.timeline);
    expect(total).toBe(registryOutage().length);
    expect(timeline[4]).toMatchObject({ seq: 5, type: 'acknowledged', at: past(3), redacted: false });
    expect(await json('/api/incidents/42/timeline/5', shapes.event)).toEqual(timeline[4]);
    expect((await get('/api/incidents/42/timeline/999')).status).toBe(404);
  });

  it('has its alerts by page', async () => {
    expect((await json('/api/incidents/42/alerts', shapes.alerts)).alerts[0]).toMatchObject({ name: 'RegistryDown' });
    expect(await json('/api/incidents/42/alerts?offset=1', shapes.alerts)).toEqual({ alerts: [], total: 1 });
  });

  it('has a postmortem in Markdown once there is one', async () => {
    const answer = await get('/api/incidents/42/postmortem');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
    expect(await answer.text()).toBe('# Postmortem: Registry\n');
    const none = await get('/api/incidents/44/postmortem');
    expect([none.status, await none.json()]).toEqual([
      404,
      { error: expect.any(String), hint: expect.stringContaining('it is investigating now') },
    ]);
  });
});

describe('commands', () => {
  it('go to the incident of the number, of the channel, or nowhere', async () => {
    await command({ text: ' /incident ack ', incident: 42 });
    await command({ text: 'b', channel: 'inc-42-registry-pushes-fail' });
    await command({ text: 'c', channel: 'c1' });
    await command({ text: 'd', channel: 'stakeholders' });
    await command({ text: 'e' });
    expect(server.asked.map(({ text, incidentId, channel }) => [text, incidentId, channel])).toEqual([
      ['/incident ack', 'i-42', 'c1'],
      ['b', 'i-42', 'c1'],
      ['c', 'i-42', 'c1'],
      ['d', null, 'stakeholders'],
      ['e', null, null],
    ]);
  });

  it('carry an id of the person, so that nobody replays the answer of another', async () => {
    await command({ id: 'x1', text: 'a', user: 'Ada' });
    await command({ id: 'x1', text: 'a', user: 'Bob' });
    await command({ text: 'a', user: 'Bob' });
    const ids = server.asked.map(({ id }) => id);
    expect(ids[0]).toBe(`api/${adaId}/x1`);
    expect(ids[1]).toMatch(/^api\/.+\/x1$/);
    expect(new Set(ids).size).toBe(3);
  });

  it('that are refused are answers', async () => {
    const answer = await command({ text: '/incident sev 9', incident: 42 });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { text: 'There is no sev9.', refusal: { code: 'misused' } },
    ]);
  });

  it.each([
    [{}, 400],
    [{ text: '  ' }, 400],
    [{ text: 1 }, 400],
    [[], 400],
    [null, 400],
    [{ text: 'x', incident: '42' }, 400],
    [{ text: 'x', incident: 99 }, 404],
    [{ text: 'x', incident: 43, user: 'Bob' }, 404],
    [{ text: 'x', channel: 'inc-99-gone' }, 404],
    [{ text: 'x', user: 'Muster' }, 400],
    [{ text: 'x', id: 'a\0' }, 400],
    [{ text: 'x', id: '\ud800' }, 400],
    [{ text: 'x', channel: '\0' }, 400],
  ])('that cannot be placed do nothing: %j is %i', async (body, status) => {
    const answer = await command(body);
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: expect.any(String), hint: expect.any(String) },
    ]);
    expect(server.asked).toEqual([]);
  });

  it('reach a private incident for those in it', async () => {
    expect((await command({ text: 'x', incident: 43, user: 'Ada' })).status).toBe(200);
  });
});

describe('the description of the API', () => {
  it('has every route, and no route that is not there', async () => {
    const document = (await (await get('/openapi.json')).json()) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const isPage = (each: string): boolean =>
      /^\w+ \/(?:sign-(?:in|out)(?:\/.*)?$|incidents\/(?!.*\/status$))/.test(each);

    expect(described.sort()).toEqual([...server.routes].filter((each) => !isPage(each)).sort());
  });

  it('has examples that fit their shapes', () => {
    for (const { path, body, answer } of operations) {
      if (body) expect(body.shape.safeParse(body.example).error, path).toBeUndefined();
      if (answer.shape) expect(answer.shape.safeParse(answer.example).error, path).toBeUndefined();
    }
  });

  it('has the calls that Muster makes itself, and how a feed reader gets in', async () => {
    const document = JSON.stringify(await (await get('/openapi.json')).json());
    expect(document).toMatch(/"webhooks":\{"incident":\{"post":.*"webhook-id".*"incident\.severity_changed"/);
    expect(document).toMatch(/"name":"service","in":"query","description":"[^"]*","schema":\{"type":"string"\}/);
    expect(document).toMatch(/"security":\[\{"token":\[\]\},\{"password":\[\]\},\{"feed":\[\]\},\{\}\]/);
  });

  it('is made of schemas that say what they mean', async () => {
    const document = JSON.stringify(await (await get('/openapi.json')).json());
    expect(document).toContain('"enum":["sev1","sev2","sev3"]');
    expect(document).toContain('"required":["text"]');
  });
});
