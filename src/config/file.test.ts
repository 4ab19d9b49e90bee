import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileSchema, readFileText } from './file.js';

const said = (text: string): string[] =>
  readFileText('muster.yaml', text).problems.map(
    ({ where, what, fix, level }) => `${level === 'warning' ? 'warning ' : ''}${where} ${what} ${fix}`,
  );
const writeDuration = 'Write a number and a unit, like 30m or 2h, or never.';

describe('a file that is wrong', () => {
  it.each<[string, string[]]>([
    ['zonse: [UTC]', ['muster.yaml:1:1 There is no key "zonse". Did you mean "zones"?']],
    [
      'zones: [Mars/Phobos]',
      ['muster.yaml:1:9 zones[0]: "Mars/Phobos" is not a time zone. Write an IANA name, like Europe/Berlin.'],
    ],
    ['zones: UTC', ['muster.yaml:1:8 zones: "UTC" is not a list. Write a list.']],
    ['- a', ['muster.yaml:1:1 The file: It is not a map of keys to values. Write a map of keys to values.']],
    [
      'a: b: c',
      [
        'muster.yaml:1:4 This is not YAML: Nested mappings are not allowed in compact mappings Look at the indentation, and put quotes around a text that has a colon.',
      ],
    ],
    [
      'people: { ada: { name: Ada }, ada: { name: Bob } }',
      [
        'muster.yaml:1:31 This is not YAML: Map keys must be unique Look at the indentation, and put quotes around a text that has a colon.',
      ],
    ],
    ['people: { __proto__: { name: Ada } }', ['muster.yaml:1:11 "__proto__" is not a name. Choose another.']],
    ['severities:\n  sev4: {}', ['muster.yaml:2:3 severities: There is no key "sev4". Did you mean "sev1"?']],
    [
      'severities:\n  sev1:\n    update-every: soon\n    acknowledge-within: 5',
      [
        `muster.yaml:3:19 severities.sev1.update-every: "soon" is not a duration. ${writeDuration}`,
        `muster.yaml:4:25 severities.sev1.acknowledge-within: "5" is not a duration. ${writeDuration}`,
      ],
    ],
    [
      'severities:\n  sev1:\n    triggers: [{}, { grade: criticl }]',
      [
        'muster.yaml:3:16 severities.sev1.triggers[0]: It has no condition. Give at least one of grade, tier, alerts, services, compromise.',
        'muster.yaml:3:29 severities.sev1.triggers[1].grade: "criticl" is not known here. Did you mean "critical"?',
      ],
    ],
    [
      'people:\n  ada: { name: Ada }\nseverities:\n  sev1: { invite: [adda], page: [platform] }',
      [
        'muster.yaml:4:20 There is no person or group "adda". Did you mean "ada"?',
        'muster.yaml:4:34 There is no person or group "platform". Known: ada.',
      ],
    ],
    [
      'people:\n  Ada L: { name: Ada }\n  bob: {}',
      [
        'muster.yaml:2:3 people: "Ada L" is not a name. Use lower case letters, digits, dots and dashes, beginning with a letter or digit.',
        'muster.yaml:3:3 people.bob.name: It is missing. Give a text.',
      ],
    ],
    [
      'people:\n  ada: { name: Ada, email: ada, zone: Berlin, groups: [platfrom] }',
      [
        'muster.yaml:2:28 people.ada.email: "ada" is not an e-mail address. Write one like ada@example.com.',
        'muster.yaml:2:39 people.ada.zone: "Berlin" is not a time zone. Write an IANA name, like Europe/Berlin.',
      ],
    ],
    [
      'groups: { platform: [ada], ada: [], web: [] }\npeople:\n  ada: { name: Ada, groups: [platfrom] }',
      [
        'muster.yaml:1:28 "ada" is a person and a group. Rename one.',
        'warning muster.yaml:1:37 Nobody is in web. Add people, or remove it.',
        'muster.yaml:3:30 There is no group "platfrom". Did you mean "platform"?',
      ],
    ],
    [
      'services:\n  registry: { tier: 4, data: secret, owners: ada }',
      [
        'muster.yaml:2:21 services.registry.tier: "4" is too large. Write 3 at most.',
        'muster.yaml:2:30 services.registry.data: "secret" is not known here. Known: public, internal, confidential, restricted.',
        'muster.yaml:2:38 services.registry: There is no key "owners". Did you mean "owner"?',
      ],
    ],
    [
      'services:\n  registry: { owner: ada, call-link: meet }',
      [
        'muster.yaml:2:38 services.registry.call-link: "meet" is not an http or https address. Write a whole address, like https://muster.example.com.',
      ],
    ],
    [
      'services:\n  registry: { owner: ada }',
      ['muster.yaml:2:22 There is no person or group "ada". Name it under `groups` first.'],
    ],
    [
      'services:\n  registry: { tier: 1 }',
      [
        'warning muster.yaml:2:3 registry is tier 1 and nobody owns it. Give owner and second-owner, or a group of two people or more.',
      ],
    ],
    [
      'services:\n  git: { depends-on: [dns] }\n  dns: { depends-on: [git, registri] }\n  registry: {}',
      [
        'muster.yaml:3:23 Services depend on each other in a circle: git -> dns -> git. Keep the direction in which a failure spreads, and take the other away.',
        'muster.yaml:3:28 There is no service "registri". Did you mean "registry"?',
      ],
    ],
    [
      'services:\n  git: { depends-on: [git], aliases: [dns] }\n  dns: {}',
      [
        'muster.yaml:2:23 Services depend on each other in a circle: git -> git. Keep the direction in which a failure spreads, and take the other away.',
        'muster.yaml:2:39 "dns" already stands for dns. Take it away from one of them.',
      ],
    ],
    [
      'sources:\n  eu: { kind: alertmangler }\n  us: {}',
      [
        'muster.yaml:2:15 sources.eu.kind: "alertmangler" is not known here. Did you mean "alertmanager"?',
        expect.stringMatching(
          /^muster\.yaml:3:3 sources\.us\.kind: It is missing\. Give one of alerta-api, alertmanager, .* and \d+ more, all in docs/,
        ),
      ],
    ],
    [
      'sources:\n  generic: { kind: alertmanager, default-service: registri }\nservices: { registry: {} }',
      [
        'muster.yaml:2:20 "generic" is a kind of sender itself, and not alertmanager. Call it generic-2, or make it of that kind.',
        'muster.yaml:2:51 There is no service "registri". Did you mean "registry"?',
      ],
    ],
    [
      'sources:\n  eu: { kind: generic, tokens: [{ env: A, file: b }, { env: EU, until: soon }], limits: { alerts-per-request: 0 } }',
      [
        'muster.yaml:2:33 sources.eu.tokens[0]: It needs env or file, and only one of them. Write { env: NAME } or { file: /path }.',
        'muster.yaml:2:72 sources.eu.tokens[1].until: It is not a time. Write a day like 2026-11-01, or 2026-11-01T08:00Z.',
        'muster.yaml:2:111 sources.eu.limits.alerts-per-request: "0" is too small. Write 1 at least.',
      ],
    ],
    [
      'channels: { operators: "#ops", triag: x }\npublic-url: javascript:alert(1)\nopen-on-loopback: maybe\nautomatic-updates: 1.5',
      [
        'muster.yaml:1:24 channels.operators: "#ops" is not the name of a channel. Use lower case letters, digits and dashes, at most 64.',
        'muster.yaml:1:32 channels: There is no key "triag". Did you mean "triage"?',
        'muster.yaml:2:13 public-url: "javascript:alert(1)" is not an http or https address. Write a whole address, like https://muster.example.com.',
        'muster.yaml:3:19 open-on-loopback: "maybe" is not true or false. Write true or false.',
        'muster.yaml:4:20 automatic-updates: "1.5" is not a whole number. Write a whole number.',
      ],
    ],
    [
      'people: { me: { name: Ada }, muster: { name: Bob } }',
      [
        'muster.yaml:1:11 "me" stands for whoever types. Choose another id.',
        'muster.yaml:1:30 "muster" stands for Muster itself. Choose another id.',
      ],
    ],
  ])('%s', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it.each([
    'tokens: [hunter2-hunter2-hunter2]',
    'tokens: [{ env: hunter2-hunter2 }]',
    'tokens: [{ secret: hunter2-hunter2 }]',
    'tokens: hunter2-hunter2-hunter2',
    'tokens: [{ env: A, until: hunter2-hunter2 }]',
  ])('never shows a token that stands where its place should: %s', (tokens) => {
    const problems = said(`sources:\n  eu: { kind: generic, ${tokens} }`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toMatch(/hunter2/);
  });

  it('of aliases that unfold without end is refused', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'.split('').map((key, i) => {
        const before = 'abcdefgh'[i];
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(said(bomb).join()).toMatch(/cannot be read: Excessive alias count/);
  });
});

describe('any text', () => {
  it('is read or refused with a place, never thrown', () => {
    const bits = fc.constantFrom(
      'people:',
      '\n',
      '  ',
      'ada',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '- ',
      '&a',
      '*a',
      '"',
      'null',
      'sev1',
      '\t',
      '!!js',
      '<<',
      '1',
      '#',
      '|',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 30 }), (parts) => {
        const { file, problems } = readFileText('f', parts.join(''));
        expect(file === null).toBe(problems.some(({ level }) => level !== 'warning'));
        for (const { where } of problems) expect(where).toMatch(/^f:\d+:\d+$/);
      }),
    );
  });

  it('that is empty, or whose sections are all commented out, is an empty file', () => {
    for (const text of ['', '# nothing\n', 'people:\n  # ada: { name: Ada }\nservices:\n'])
      expect(readFileText('f', text)).toMatchObject({ problems: [], file: { people: {}, services: {} } });
  });
});

describe('the shipped schema', () => {
  it('is what the file is read by', () => {
    const schema = `${JSON.stringify(fileSchema(), null, 2)}\n`;
    if (process.env.MUSTER_WRITE_SCHEMA) writeFileSync('docs/muster.schema.json', schema);
    const shipped = JSON.parse(readFileSync('docs/muster.schema.json', 'utf8'));
    expect(shipped, 'MUSTER_WRITE_SCHEMA=1 writes it again').toEqual(JSON.parse(schema));
  });

  it('knows every section and describes it to editors', () => {
    const { properties } = fileSchema() as { properties: Record<string, object> };
    expect(Object.keys(properties)).toContain('severities');
    expect(JSON.stringify(properties.sources)).toContain('Where a token is, never the token');
  });
});
