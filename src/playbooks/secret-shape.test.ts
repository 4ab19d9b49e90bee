import { expect, it } from 'vitest';
import { looksLikeSecret } from './secret-shape.js';

// In pieces, so that no scanner takes this file for a leak.
const secrets = [
  `GitLab token ${'glpat'}-${'x1Y2z3A4b5C6d7E8f9G0'}`,
  `AWS ${'AKIA'}${'IOSFODNN7Q2R4T6V'}`,
  `GitHub ${'ghp'}_${'0123456789abcdefghijABCDEFGHIJ012345'}`,
  `vault root ${'hvs'}.${'CAESIJ0a1b2c3d4e5f6g7h8i9j0k1l2'}`,
  `Slack ${'xoxb'}-2412341234-2412341234-q1w2e3r4t5y6`,
  '-----BEGIN OPENSSH PRIVATE KEY-----',
  'database postgres://muster:letmein@db.example.com/muster',
  'registry password: Hunter2024!',
  'restic passphrase is correct1horse',
  'key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'the token Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5',
];
const places = [
  'registry administrator (Harbor, or shell on registry-1): vault kv/registry/admin',
  'registry robot account ops-canary (push and pull): vault kv/registry/canary',
  'SSH to registry-1 and proxy-1 with sudo: group platform-oncall',
  'backup repository password: vault kv/backup/restic',
  'restic password: /etc/restic/password on every host',
  'restore key: safe in room 2, envelope 7',
  'CI token: password manager, entry "Jenkins breakglass 2"',
  'root token: op://infra/vault-root/2zq7ykmvbfe3m5zq6c4w7ynxfi/password',
  'deploy key: 5f0c1a52-6f4e-4d0a-9c55-0d4b2f6c8e11 in the password manager',
  'SSH key: vault-1',
  'where the unseal keys are: docs/UnsealKeysAndWhoHoldsThem2026.md',
  'none',
];

it.each(secrets)('takes %s for a secret', (line) => {
  expect(looksLikeSecret(line)).toBe(true);
});

it.each(places)('takes %s for a place', (line) => {
  expect(looksLikeSecret(line)).toBe(false);
});
