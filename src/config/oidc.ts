import type { OidcSettings } from '../access/oidc.js';
import type { ConfigFile } from './file.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';
import type { Located } from './yaml.js';

const secretName = 'MUSTER_OIDC_CLIENT_SECRET';

/** The sign-in provider with its secret; without one Muster is a public client, which providers must allow. */
export function readOidc(
  { 'sign-in': { oidc } }: ConfigFile,
  { env, located, problems }: { env: Env; located: Located; problems: ConfigProblem[] },
): OidcSettings | null {
  if (oidc === undefined) return null;
  const clientSecret = readSecret(env, secretName, problems);
  if (clientSecret === null && env[secretName] === undefined && env[`${secretName}_FILE`] === undefined)
    problems.push({
      where: located.at(['sign-in', 'oidc', 'client-id']),
      what: `${secretName} is not set: Muster shows the provider no secret.`,
      fix: `Set ${secretName} or ${secretName}_FILE, unless the provider has Muster as a public client.`,
      level: 'warning',
    });
  return {
    issuer: oidc.issuer,
    clientId: oidc['client-id'],
    clientSecret,
    label: oidc.label ?? new URL(oidc.issuer).hostname,
    domains: oidc.domains ?? null,
    knownOnly: oidc['known-only'],
    scopes: oidc.scopes ?? [],
  };
}
