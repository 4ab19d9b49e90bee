import { z } from 'zod';
import { isLoopback } from '../loopback.js';
import { duration, line, name, text } from './words.js';

const issuer = text(
  (value) => {
    if (!URL.canParse(value)) return false;
    const { protocol, hostname, search, hash } = new URL(value);
    return search === '' && hash === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
  },
  'is not the address of a sign-in provider',
  'Write its issuer address, like https://id.example.com/realms/main; plain http is for this machine only.',
  '^https?://',
);

const domain = text(
  (value) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value),
  'is not a domain',
  'Write one in lower case, like example.com.',
  '^[a-z0-9-]+(\\.[a-z0-9-]+)+$',
);

const oidc = z
  .strictObject({
    issuer: issuer.describe('Address of the provider; what it offers is found below it'),
    'client-id': line.describe('What the provider knows Muster as; the secret is MUSTER_OIDC_CLIENT_SECRET'),
    label: line.optional().describe('What the button says after “Sign in with”'),
    domains: z
      .array(domain)
      .min(1)
      .optional()
      .describe('Only people whose address, as the provider has verified it, ends so'),
    'known-only': z.boolean().default(false).describe('Only people whom this file or a chat platform knows already'),
    scopes: z.array(name).optional().describe('Asked for beside openid, email and profile'),
  })
  .describe('Sign-in by OpenID Connect');

export const signIn = z
  .strictObject({
    idle: duration.optional().describe('A session that nobody uses ends after this time'),
    absolute: duration.optional().describe('A session ends after this time, used or not'),
    oidc: oidc.optional(),
  })
  .default({})
  .describe('How people sign in, and how long they stay so');
