import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, it } from 'vitest';
import { findSecrets, maskAll, maskSecrets, secretsIn } from './find.js';
import { made, others, pasted } from './testing.js';

const samples = (): [string, string][] => [
  ...Object.entries(pasted()),
  ...others().map(([k, t]): [string, string] => [k, t]),
];

describe('a secret that somebody pastes', () => {
  it.each(samples())('is known as what it is: %s', (kind, text) => {
    const around = `We found ${text}\nin the log`;
    expect(findSecrets(around).map((each) => each.kind)).toEqual([kind]);
    expect(maskSecrets(around)).toContain(`[${kind} hidden]`);
  });

  it.each(samples())('is hidden to its last character: %s', (_, text) => {
    const masked = maskSecrets(`See ${text} .`);
    for (let at = 0; at + 12 <= text.length; at++) {
      const piece = text.slice(at, at + 12);
      if (
        !/^[\w+/-]{12}$/.test(piece) ||
        /aws_|secret|access|PRIVATE|postgres|hooks|services|registry|internal|uthoriz|Bearer/i.test(piece)
      )
        continue;
      expect(masked).not.toContain(piece);
    }
  });

  it('is hidden as well in quotes, brackets, code, addresses, JSON and on one line', () => {
    const { 'GitHub token': token } = pasted();
    for (const around of [
      `"${token}"`,
      `(${token})`,
      `\`${token}\``,
      `x=${token};`,
      `https://a/?t=${token}&b=1`,
      `{"t":"${token}"}`,
    ])
      expect(maskSecrets(around)).toBe(around.replace(token, '[GitHub token hidden]'));
  });

  it('is hidden wherever it lies in a value', () => {
    const { JWT, 'GitLab token': token } = pasted();
    const hidden = maskAll({ a: [{ b: `x ${JWT}` }], [token]: 1, n: null, ok: true });
    expect(hidden).toEqual({ a: [{ b: 'x [JWT hidden]' }], '[GitLab token hidden]': 1, n: null, ok: true });
    expect(secretsIn({ a: [JWT], b: { c: `${token} and ${JWT}` } }).map(({ kind }) => kind)).toEqual([
      'JWT',
      'GitLab token',
    ]);
  });

  it('makes the other half of an AWS pair one too', () => {
    const [id, half] = [pasted()['AWS access key'], `${made(37)}aZ7`];
    expect(maskSecrets(half)).toBe(half);
    expect(maskSecrets(`${id} ${half}`)).toBe('[AWS access key hidden] [AWS secret key hidden]');
  });

  it('leaves nothing that secretlint finds', async () => {
    const found = async (text: string): Promise<number> => {
      const source = { content: text, filePath: 'said.txt', ext: '.txt', contentType: 'text' as const };
      const config = { rules: [{ id: 'preset', rule: creator }] };
      return (await lintSource({ source, options: { config, noPhysicFilePath: true } })).messages.length;
    };
    const all = samples()
      .map(([, text]) => text)
      .join('\n\n');
    expect(await found(all)).toBeGreaterThan(8);
    expect(await found(maskSecrets(all))).toBe(0);
  });
});

describe('what only looks like one', () => {
  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    `ghp_${'x'.repeat(36)}`,
    `glpat-${'x'.repeat(20)}`,
    `ghp_${'0'.repeat(36)}`,
    'curl -H "Authorization: Bearer $MUSTER_ALERTS_TOKEN"',
    'Authorization: Bearer <your token here>',
    'export TOKEN=$TOKEN',
    'postgres://muster:$PASSWORD@db:5432/muster',
    ['postgres://muster:$', '{PASSWORD}@db:5432/muster'].join(''),
    'postgres://user:password@localhost/db',
    'https://registry.example.com:5000/v2/@scope/package',
    'mail ada@example.com, see https://git.example.com/a/b',
    'xoxb-your-token-goes-here',
    'The bearer of bad news came with authorization: basic reasoning',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
    'c0ffee00-1234-7abc-8def-0123456789ab',
    'the line -----BEGIN RSA PRIVATE KEY----- stands in a log',
    "grep -E 'AKIA[0-9A-Z]{16}' -r .",
    'eyJhbGciOi.is.no token',
    'task-force sk-learn gl-matrix session secret bearer',
  ])('is left alone: %s', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe('looking', () => {
  const hostile = [
    'A',
    '-----BEGIN RSA PRIVATE KEY-----',
    'http://a:',
    'xoxb-1',
    'ghp_',
    'eyJhbG.',
    'eyJ',
    'eyJeyJeyJa.',
    '-eyJa',
    'AKIA',
    'secret_access_key = ',
    'secretkey',
    ' ',
    '://',
    'a://b:c',
    'a:b@',
    '-',
    '\n',
    '"',
    '_',
    'SG.',
    'glpat-',
    'glpat-a.',
    'Bearer ',
    'authorization: ',
    'session_token=',
    'xoxe.xoxp-',
    'hooks.slack.com/services/',
    'npm_',
    'AKIAAAAAAAAAAAAAAAAA ',
    `AKIA${'B'.repeat(16)} ${'a'.repeat(39)}`,
    `-----BEGIN PRIVATE KEY-----${'a-'.repeat(20)}`,
  ];
  it('takes time in proportion to the text, whatever it is', () => {
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      const began = performance.now();
      maskSecrets(text);
      expect([piece, performance.now() - began < 400]).toEqual([piece, true]);
    }
  });
});
