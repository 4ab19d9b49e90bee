import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from './read.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-oidc-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(oidc: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\nsign-in:\n  oidc:\n${oidc}`);
  return readConfig(env, folder);
}
const good = '    issuer: https://id.example.com/realms/main\n    client-id: muster\n';

describe('single sign-on in muster.yaml', () => {
  it('is read with its secret', () => {
    const config = read(`${good}    domains: [example.com]\n`, { MUSTER_OIDC_CLIENT_SECRET: 'shown to the provider' });
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    expect(config.oidc).toEqual({
      issuer: 'https://id.example.com/realms/main',
      clientId: 'muster',
      clientSecret: 'shown to the provider',
      label: 'id.example.com',
      domains: ['example.com'],
      knownOnly: false,
      scopes: [],
    });
    expect(config.warnings).toEqual([]);
  });

  it('runs as a public client without one, and says so', () => {
    const config = read(good);
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    expect(config.oidc?.clientSecret).toBeNull();
    expect(config.warnings).toEqual([
      {
        where: expect.stringMatching(/muster\.yaml:5:\d+$/),
        what: 'MUSTER_OIDC_CLIENT_SECRET is not set: Muster shows the provider no secret.',
        fix: 'Set MUSTER_OIDC_CLIENT_SECRET or MUSTER_OIDC_CLIENT_SECRET_FILE, unless the provider has Muster as a public client.',
        level: 'warning',
      },
    ]);
  });

  it.each([
    ['http://id.example.com', 'is not the address of a sign-in provider'],
    ['https://id.example.com/?tenant=1', 'is not the address of a sign-in provider'],
    ['id.example.com', 'is not the address of a sign-in provider'],
  ])('refuses the issuer %s', (issuer, what) => {
    const problems = read(`    issuer: ${JSON.stringify(issuer)}\n    client-id: muster\n`);
    expect(problems).toMatchObject([{ where: expect.stringMatching(/muster\.yaml:4:\d+$/) }]);
    expect(JSON.stringify(problems)).toContain(what);
  });

  it('takes plain http on this machine, for trying it out', () => {
    expect(Array.isArray(read('    issuer: http://127.0.0.1:9000\n    client-id: muster\n'))).toBe(false);
  });
});
