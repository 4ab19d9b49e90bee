import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from './read.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-pages-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${text}`);
  return readConfig(env, folder);
}
function said(text: string, env: Record<string, string> = {}): string {
  const result = read(text, env);
  return (Array.isArray(result) ? result : result.warnings).map(({ what, fix }) => `${what} ${fix}`).join('\n');
}
const ada = (...ways: string[]) => `people: { ada: { name: Ada, page: [${ways.join(', ')}] } }\n`;

describe('how people are called', () => {
  it('is one way or several, each with its secrets read and an id of its own', () => {
    const config = read(
      `${ada(
        '{ via: chat }',
        '{ via: ntfy, topic: a1 }',
        '{ via: ntfy, url: https://ntfy.example.com, topic: a2, token: { env: T }, severities: [sev1] }',
        '{ via: gotify, url: https://g.example.com, token: { env: T } }',
        '{ via: pagerduty, routing-key: { env: K }, after: 5m }',
        '{ via: webhook, name: sms }',
      )}page-webhooks: { sms: { url: "https://sms.example.com", body: { to: "{{person.phone}}" }, secrets: { a: { env: T } } } }`,
      { T: 'token', K: 'k'.repeat(32) },
    );
    if (Array.isArray(config)) throw new Error(JSON.stringify(config));
    expect(config.people[0]?.ways).toEqual([
      { id: 'chat', severities: null, afterMs: 0, via: 'chat' },
      { id: 'ntfy', severities: null, afterMs: 0, via: 'ntfy', url: 'https://ntfy.sh', topic: 'a1', token: null },
      {
        ...{ id: 'ntfy-2', severities: ['sev1'], afterMs: 0, via: 'ntfy' },
        ...{ url: 'https://ntfy.example.com', topic: 'a2', token: 'token' },
      },
      { id: 'gotify', severities: null, afterMs: 0, via: 'gotify', url: 'https://g.example.com', token: 'token' },
      {
        ...{ id: 'pagerduty', severities: null, afterMs: 300_000, via: 'pagerduty' },
        ...{ url: 'https://events.pagerduty.com/v2/enqueue', routingKey: 'k'.repeat(32) },
      },
      { id: 'webhook-sms', severities: null, afterMs: 0, via: 'webhook', name: 'sms' },
    ]);
    expect(config.pageWebhooks[0]).toMatchObject({ name: 'sms', method: 'POST', secrets: { a: 'token' } });
  });

  it.each([
    ['a way that lacks what it needs', ada('{ via: gotify, url: https://g.example.com }'), /lacks what this way needs/],
    ['a key of another way', ada('{ via: mail, topic: x }'), /has a key that this way does not take/],
    ['a way there is none of', ada('{ via: fax }'), /fax.*is not known here/],
    ['mail without a server', ada('{ via: mail }'), /No mail server is set up/],
    ['a webhook nobody has named', ada('{ via: webhook, name: sms }'), /There is no page webhook "sms"/],
    ['a push without an address', ada('{ via: push }'), /has no push address/],
    ['a token that is not set', ada('{ via: ntfy, topic: a, token: { env: TOPSECRET } }'), /TOPSECRET: It is not set/],
    ['http on the way', ada('{ via: ntfy, url: http://ntfy.example.com, topic: a }'), /Use https/],
    [
      'a text that names what there is not',
      'page-webhooks: { sms: { url: "https://sms.example.com", body: { to: "{{person.fone}}" } } }',
      /page-webhooks\.sms: A text cannot be filled in: "fone" not defined/,
    ],
    [
      'a body that is no JSON',
      'page-webhooks: { sms: { url: "https://sms.example.com", body: "to={{person.phone}}" } }',
      /A text cannot be filled in/,
    ],
    ['an address that is none', 'page-webhooks: { sms: { url: "ftp://x" } }', /makes no http or https address/],
    ['a body with GET', 'page-webhooks: { sms: { url: "https://x.example.com", method: GET, body: "{}" } }', /GET/],
  ])('says what is wrong with %s', (_, text, words) => {
    expect(said(text)).toMatch(words);
  });

  it('never repeats a secret that stands in the file', () => {
    const words = said(
      ada('{ via: ntfy, topic: a, token: tk_verysecret }', '{ via: pagerduty, routing-key: rk_verysecret }'),
    );
    expect(words).toMatch(/must not stand in this file/);
    expect(words).not.toContain('verysecret');
  });
});
