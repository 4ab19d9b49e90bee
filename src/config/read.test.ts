import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { isLoopback } from './loopback.js';
import { problemLines, readConfig } from './read.js';
import type { ConfigProblem, Env } from './secrets.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const api = 'a'.repeat(32);
const alerts = 'b'.repeat(32);
const tokens = { MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: alerts };

function config(env: Env): Config {
  const result = readConfig(env, folder);
  if (Array.isArray(result)) throw new Error(problemLines(result));
  return result;
}
function problems(env: Env): ConfigProblem[] {
  const result = readConfig(env, folder);
  if (!Array.isArray(result)) throw new Error('It was accepted.');
  return result;
}
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('reading the configuration', () => {
  it('needs nothing for a first start, and is then open on loopback', () => {
    expect(config({})).toMatchObject({
      host: '127.0.0.1',
      port: 7370,
      publicUrl: 'http://127.0.0.1:7370',
      dataFolder: join(folder, 'data'),
      databaseUrl: null,
      apiToken: null,
      alertsToken: null,
    });
  });

  it('finds the templates and playbooks that ship beside the source and beside the built code', () => {
    expect(config({}).templatesFolder).toBe(join(process.cwd(), 'templates'));
    expect(config({}).playbooksFolder).toBe(join(process.cwd(), 'playbooks'));
  });

  it('takes every secret from a file too, without its last line end', () => {
    const env = {
      MUSTER_API_TOKEN_FILE: file('api', `${api}\n`),
      MUSTER_ALERTS_TOKEN_FILE: file('alerts', `${alerts}\r\n`),
      DATABASE_URL_FILE: file('database', 'postgres://muster:pw@db/muster\n'),
    };
    expect(config(env)).toMatchObject({
      apiToken: api,
      alertsToken: alerts,
      databaseUrl: 'postgres://muster:pw@db/muster',
    });
  });

  it.each([
    ['both forms of a secret', () => ({ ...tokens, MUSTER_API_TOKEN_FILE: file('t', api) }), 'are both set'],
    [
      'an unreadable file, by its path',
      () => ({ ...tokens, DATABASE_URL_FILE: '/no/such/file' }),
      '"/no/such/file" cannot be read: ENOENT',
    ],
    ['an empty secret', () => ({ ...tokens, MUSTER_API_TOKEN: '' }), 'The secret is empty'],
    [
      'an empty secret file',
      () => ({ MUSTER_ALERTS_TOKEN: alerts, MUSTER_API_TOKEN_FILE: file('e', '\n') }),
      'The secret is empty',
    ],
    ['a short token', () => ({ ...tokens, MUSTER_API_TOKEN: 'hunter2' }), 'at least 16 characters'],
    [
      'one token for both doors',
      () => ({ MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: api }),
      'the same as MUSTER_API_TOKEN',
    ],
    ['only one of two tokens', () => ({ MUSTER_API_TOKEN: api }), 'Set MUSTER_ALERTS_TOKEN'],
    ['a port that is none', () => ({ MUSTER_PORT: '70000' }), 'MUSTER_PORT: It must be at most 65535'],
    ['a port in words', () => ({ MUSTER_PORT: 'http' }), 'MUSTER_PORT: It must be a whole number'],
    ['another database', () => ({ DATABASE_URL: 'mysql://db/muster' }), 'not the address of a PostgreSQL database'],
    [
      'a public address that is none',
      () => ({ MUSTER_PUBLIC_URL: 'javascript:alert(1)' }),
      'MUSTER_PUBLIC_URL: It must be an http',
    ],
    [
      'an unknown zone, by its name',
      () => ({ MUSTER_ZONES: 'Europe/Berlin,Mars/Phobos' }),
      'no time zone "Mars/Phobos"',
    ],
    ['a configuration file that is named and not there', () => ({ MUSTER_CONFIG: 'x.yaml' }), '/x.yaml.'],
  ])('refuses %s', (_, env, words) => {
    expect(problemLines(problems(env()))).toContain(words);
  });

  it('lists all problems at once and never shows a secret', () => {
    const found = problems({
      MUSTER_HOST: '0.0.0.0',
      MUSTER_PORT: 'x',
      MUSTER_ZONES: 'Nowhere',
      DATABASE_URL: 'secret-database',
      MUSTER_API_TOKEN: 'sesame',
    });
    expect(found.map(({ where }) => where)).toEqual([
      'MUSTER_PORT',
      'MUSTER_ZONES',
      'DATABASE_URL',
      'MUSTER_API_TOKEN',
      'MUSTER_HOST',
    ]);
    expect(problemLines(found)).not.toMatch(/secret-database|sesame/);
    expect(found.every(({ fix }) => fix.length > 0)).toBe(true);
  });
});

describe('starting where others can reach it', () => {
  it.each([
    '0.0.0.0',
    '::',
    '192.168.1.5',
    'muster.example.com',
    '127.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '0x7f.0.0.1',
    '::ffff:10.0.0.1',
  ])('refuses %s without tokens and says what to set', (host) => {
    expect(isLoopback(host)).toBe(false);
    const [problem] = problems({ MUSTER_HOST: host });
    expect(problem).toMatchObject({ where: 'MUSTER_HOST' });
    expect(problem?.what).toContain(host);
    expect(problem?.fix).toContain('Set MUSTER_API_TOKEN and MUSTER_ALERTS_TOKEN');
    expect(problem?.fix).toContain('openssl rand');
  });

  it('starts anywhere with both tokens', () => {
    expect(config({ MUSTER_HOST: '0.0.0.0', ...tokens }).host).toBe('0.0.0.0');
  });

  it.each(['127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
    'is open on %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
      expect(config({ MUSTER_HOST: host }).apiToken).toBeNull();
    },
  );
});

describe('a muster.yaml', () => {
  const open = 'open-on-loopback: true\n';
  function withFile<T>(content: string, read: () => T): T {
    const path = file('muster.yaml', content);
    try {
      return read();
    } finally {
      rmSync(path);
    }
  }

  it('in the working folder is read, and what it leaves out stays built in', () => {
    const text = `${open}people:\n  ada: { name: Ada }\nseverities:\n  sev1: { update-every: 20m, invite: [ada] }\n`;
    const { policy, file: path, ladder } = withFile(text, () => config({}));
    expect(path).toBe(join(folder, 'muster.yaml'));
    expect(policy.severities.sev1).toEqual({
      updateEveryMs: 1_200_000,
      acknowledgeWithinMs: 300_000,
      idleAfterMs: 2_700_000,
      postmortem: true,
      invite: ['ada'],
    });
    const bare = config({});
    expect({ ...policy, severities: { ...policy.severities, sev1: null } }).toEqual({
      ...bare.policy,
      severities: { ...bare.policy.severities, sev1: null },
    });
    expect(ladder).toEqual(bare.ladder);
  });

  it('is found where MUSTER_CONFIG says', () => {
    const named = file('other.yaml', `${open}zones: [Europe/Berlin]\n`);
    expect(config({ MUSTER_CONFIG: 'other.yaml' })).toMatchObject({
      file: named,
      policy: { zones: ['Europe/Berlin'] },
    });
    expect(config({ MUSTER_CONFIG: named, MUSTER_ZONES: 'Asia/Tokyo' }).policy.zones).toEqual(['Asia/Tokyo']);
  });

  it('asks for tokens even on loopback, unless it says otherwise', () => {
    const [problem] = withFile('zones: []\n', () => problems({}));
    expect(problem?.where).toBe(join(folder, 'muster.yaml'));
    expect(problem?.fix).toContain('Set MUSTER_API_TOKEN and MUSTER_ALERTS_TOKEN');
    expect(problem?.fix).toContain('open-on-loopback: true');
    expect(withFile('zones: []\n', () => config(tokens)).apiToken).toBe(api);
    expect(withFile(open, () => config({})).apiToken).toBeNull();
  });

  it('never opens another address than loopback', () => {
    const [problem] = withFile(open, () => problems({ MUSTER_HOST: '0.0.0.0' }));
    expect(problem?.fix).toContain('Set MUSTER_API_TOKEN and MUSTER_ALERTS_TOKEN');
  });

  it('names senders, whose tokens come from the environment or from files', () => {
    file('eu', `${'e'.repeat(20)}\n`);
    const text = `${open}sources:
  eu:
    kind: alertmanager
    tokens:
      - { file: eu, until: 2026-12-01 }
      - { env: EU_NEW, from: 2026-11-01T08:00Z }
`;
    expect(withFile(text, () => config({ EU_NEW: 'f'.repeat(20) })).sources).toEqual([
      {
        name: 'eu',
        kind: 'alertmanager',
        defaultService: null,
        expect: null,
        limits: { alertsPerRequest: 10_000, alertsWaiting: 10_000, alertsPerMinute: null },
        tokens: [
          { secret: 'e'.repeat(20), fromAt: null, untilAt: Date.UTC(2026, 11, 1) },
          { secret: 'f'.repeat(20), fromAt: Date.UTC(2026, 10, 1, 8), untilAt: null },
        ],
      },
    ]);
    const path = join(folder, 'muster.yaml');
    expect(withFile(text, () => problems({}))).toEqual([
      { where: `${path}:7:9`, what: 'EU_NEW: It is not set.', fix: 'Set EU_NEW or EU_NEW_FILE where Muster starts.' },
    ]);
    expect(withFile(text, () => problemLines(problems({ EU_NEW: 'hunter2' })))).toMatch(
      /muster\.yaml:7:9: EU_NEW: A token needs at least 16 characters/,
    );
    expect(withFile(text, () => problemLines(problems({ ...tokens, EU_NEW: api })))).toContain(
      'sources.eu: One of its tokens is the same as MUSTER_API_TOKEN',
    );
  });

  it('says which services matter: tiers for all their names, beside the built-in ones', () => {
    const { ladder } = withFile(
      `${open}services:\n  shop: { tier: 1, aliases: [Web Shop] }\n  wiki: { tier: 2 }\n`,
      () => config({}),
    );
    expect(ladder.tiers).toMatchObject({ shop: 1, 'Web Shop': 1, wiki: 2, registry: 1 });
  });

  it('replaces the triggers of the severities that have some', () => {
    const { ladder } = withFile(`${open}severities:\n  sev2: { triggers: [{ alerts: 2 }] }\n`, () => config({}));
    const built = config({}).ladder.rungs;
    expect(ladder.rungs).toEqual([
      ...built.filter(({ severity }) => severity === 'sev1'),
      { severity: 'sev2', alerts: 2 },
    ]);
  });

  it('knows groups from both sides, and warns of what too few people know', () => {
    const text = `${open}groups: { platform: [ada] }
people:
  ada: { name: Ada }
  bob: { name: Bob, groups: [platform] }
services:
  registry: { tier: 1, owner: platform }
  git: { tier: 1, owner: ada }
`;
    const { services, groups, warnings } = withFile(text, () => config({}));
    expect(groups).toEqual({ platform: ['ada', 'bob'] });
    expect(services.map(({ owners }) => owners)).toEqual([['ada', 'bob'], ['ada']]);
    expect(warnings.map(({ where, what }) => `${where.split('/').pop()} ${what}`)).toEqual([
      'muster.yaml:8:3 git is tier 1 and only ada owns it.',
    ]);
  });
});
