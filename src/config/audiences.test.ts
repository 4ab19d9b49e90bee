import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { readConfig } from './read.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-audiences-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${text}`);
  return readConfig(env, folder);
}
function accepted(text: string, env: Record<string, string> = {}): Config {
  const result = read(text, env);
  if (Array.isArray(result)) throw new Error(JSON.stringify(result));
  return result;
}
/** Line and column count from the line after `open-on-loopback`. */
function said(text: string, env: Record<string, string> = {}): string[] {
  const result = read(text, env);
  const problems = Array.isArray(result) ? result : result.warnings;
  return problems.map(({ where, what, fix, level }) => {
    const at = where.replace(join(folder, 'muster.yaml'), '').replace(/^:(\d+)/, (_, line) => `:${Number(line) - 1}`);
    return `${level === 'warning' ? 'warning ' : ''}${at} ${what} ${fix}`;
  });
}

const mail = 'mail: { host: mail.example.com, from: Muster <muster@example.com> }';

describe('whom to tell outside chat', () => {
  it('is nobody without a word of it', () => {
    expect(accepted('')).toMatchObject({ audiences: [], mailServer: null, feedToken: null });
    expect(accepted('').policy.audiences).toBeUndefined();
  });

  it('is by name an address or several, or a webhook with its secrets; the rules keep neither', () => {
    writeFileSync(join(folder, 'next'), `${secret}\n`);
    const { audiences, mailServer, policy, feedToken } = accepted(
      `${mail}
services: { registry: { tier: 2 } }
audiences:
  leads: { mail: [cto@example.com, cto@example.com, ceo@example.com], severities: [sev1] }
  page: { webhook: https://status.example.com/in?key=1, secrets: [{ env: HOOK }, { file: next }], services: [registry] }`,
      { HOOK: secret, MUSTER_FEED_TOKEN: 'f'.repeat(32) },
    );
    expect(audiences).toEqual([
      { name: 'leads', kind: 'stakeholders', reach: { by: 'mail', to: ['cto@example.com', 'ceo@example.com'] } },
      {
        name: 'page',
        kind: 'stakeholders',
        reach: { by: 'webhook', url: 'https://status.example.com/in?key=1', secrets: [secret, secret] },
      },
    ]);
    expect(policy.audiences).toEqual([
      { name: 'leads', severities: ['sev1'] },
      { name: 'page', services: ['registry'] },
    ]);
    expect(mailServer).toEqual({
      host: 'mail.example.com',
      port: 587,
      security: 'starttls',
      user: null,
      password: null,
      from: { name: 'Muster', address: 'muster@example.com' },
      ca: null,
    });
    expect(feedToken).toBe('f'.repeat(32));
  });

  it.each([
    ['starttls', 587],
    ['tls', 465],
    ['none', 25],
  ])('reaches a server with %s at port %d unless another is named', (security, port) => {
    const of = (more: string) =>
      accepted(`mail: { host: localhost, security: ${security}, from: a@example.com${more} }`).mailServer?.port;
    expect(of('')).toBe(port);
    expect(of(', port: 2525')).toBe(2525);
  });

  it.each<[string, string[]]>([
    [
      'audiences: { leads: { mial: [a@example.com] } }',
      [
        ':1:21 audiences.leads: It needs mail or webhook, and only one of them. Give mail: [ada@example.com], or webhook: https://…',
        ':1:23 audiences.leads: There is no key "mial". Did you mean "mail"?',
      ],
    ],
    [
      `${mail}\naudiences: { leads: { mail: ["a@example.com\\r\\nBcc: b@example.com", "<x@y.z>"], severities: [sev0] } }`,
      [
        ':2:30 audiences.leads.mail[0]: "a@example.com Bcc: b@example.com" is not an e-mail address. Write one like ada@example.com.',
        ':2:69 audiences.leads.mail[1]: "<x@y.z>" is not an e-mail address. Write one like ada@example.com.',
        ':2:94 audiences.leads.severities[0]: "sev0" is not known here. Did you mean "sev1"?',
      ],
    ],
    [
      'audiences: { leads: { mail: [a@example.com] } }',
      [':1:29 No mail server is set up. Give `mail` with host and from.'],
    ],
    [
      'services: { registry: { tier: 2 } }\naudiences: { p: { webhook: https://a.example, secrets: [{ env: HOOK }], services: [registri] } }',
      [':2:84 There is no service "registri". Did you mean "registry"?'],
    ],
    [
      'audiences: { p: { webhook: https://a.example, secrets: [{ env: HOOK }] } }',
      [':1:57 HOOK: It is not set. Set HOOK or HOOK_FILE where Muster starts.'],
    ],
    [
      'audiences: { p: { webhook: https://a.example } }',
      [
        ':1:17 audiences.p: It has a webhook without a secret. Give secrets: [{ env: NAME }]; the calls are signed with it.',
      ],
    ],
    [
      'audiences: { p: { webhook: "ftp://a.example", secrets: [{ env: A, file: b }] } }',
      [
        ':1:28 audiences.p.webhook: "ftp://a.example" is not an http or https address. Write a whole address, like https://muster.example.com.',
        ':1:57 audiences.p.secrets[0]: It needs env or file, and only one of them. Write { env: NAME } or { file: /path }.',
      ],
    ],
    [
      'mail: { host: mail.example.com, from: Muster, security: ssl, password: hunter2 }',
      [
        ':1:39 mail.from: "Muster" is not an address to send from. Write one like muster@example.com, or Muster <muster@example.com>.',
        ':1:57 mail.security: "ssl" is not known here. Known: starttls, tls, none.',
        ':1:62 mail: There is no key "password". Secrets stand in the environment or in files of their own, docs/configuration.md says under which names. Make a new one: this one was written down.',
      ],
    ],
    [
      'mail: { host: mail.example.com, from: a@example.com, user: muster }',
      [
        ':1:60 mail.user: The password of muster is not set. Set MUSTER_SMTP_PASSWORD or MUSTER_SMTP_PASSWORD_FILE where Muster starts, or take user out.',
      ],
    ],
    [
      'mail: { host: mail.example.com, from: a@example.com, ca: nowhere.pem }',
      [
        expect.stringMatching(
          /^:1:58 mail\.ca: .*nowhere\.pem cannot be read: ENOENT\. Name a file that Muster may read\.$/,
        ),
      ],
    ],
    [
      'mail: { host: mail.example.com, from: a@example.com, security: none }',
      [
        'warning :1:64 mail.security: Mail to mail.example.com can be read on its way. Use starttls or tls, if the server can.',
      ],
    ],
  ] as [string, string[]][])('says what is wrong and where: %s', (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it.each([
    [`secrets: [${secret}]`, {}],
    ['secrets: [{ env: HOOK }]', { HOOK: 'hunter2-hunter2-hunter2' }],
    ['secrets: [{ env: HOOK }]', { HOOK: `${secret}x` }],
  ] as [string, Record<string, string>][])('never shows a secret: %s', (secrets, env) => {
    const problems = said(`audiences: { p: { webhook: https://a.example, ${secrets} } }`, env);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toMatch(/hunter2|MfKQ9r8/);
  });
});
