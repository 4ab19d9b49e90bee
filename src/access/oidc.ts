import * as client from 'openid-client';

/** A sign-in provider that speaks OpenID Connect. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** null: a public client. */
  clientSecret: string | null;
  /** What people call it. */
  label: string;
  /** Endings of verified addresses; null: any, and none. */
  domains: string[] | null;
  /** Only people who are known already. */
  knownOnly: boolean;
  /** Beside openid, email and profile. */
  scopes: string[];
}

/** What the browser keeps between leaving for the provider and coming back; nobody else may learn or choose it. */
export interface Leaving {
  state: string;
  nonce: string;
  verifier: string;
}

/** Whom the provider has signed in. */
export interface Claimed {
  /** Unique and lasting: the provider and its own name for them. */
  externalId: string;
  name: string;
  /** Lower case; null: none, or not verified by the provider. */
  email: string | null;
}

/** Why the provider did not sign anybody in. `answer`: it said no, or said it wrongly; `silence`: it cannot be used now. */
export class OidcError extends Error {
  constructor(
    readonly kind: 'answer' | 'silence',
    message: string,
    options: { cause: unknown },
  ) {
    super(message, options);
    this.name = 'OidcError';
  }
}

export interface Provider {
  /** Where to send the browser. @throws OidcError */
  leave(): Promise<{ url: URL; leaving: Leaving }>;
  /** @param back the address the browser came back to, query included. @throws OidcError */
  comeBack(back: URL, leaving: Leaving): Promise<Claimed>;
}

const answersWithinSeconds = 10;
const nameAtMost = 60;

/**
 * Authorization code with PKCE, state and nonce; the library checks issuer, audience, signature and times. What the
 * provider offers is asked for once it is needed, and again after a failure.
 */
export function openProvider(settings: OidcSettings, redirectUri: string): Provider {
  let found: Promise<client.Configuration> | null = null;

  function discovered(): Promise<client.Configuration> {
    found ??= discover(settings).catch((error) => {
      found = null;
      throw error;
    });
    return found;
  }

  return {
    async leave() {
      const configuration = await asked(settings, discovered);
      const leaving = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', 'email', 'profile', ...settings.scopes])].join(' '),
        state: leaving.state,
        nonce: leaving.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(leaving.verifier),
        code_challenge_method: 'S256',
      });
      return { url, leaving };
    },
    comeBack: (back, { state, nonce, verifier }) =>
      asked(settings, async () => {
        const configuration = await discovered();
        const at = new URL(redirectUri);
        at.search = back.search;
        const tokens = await client.authorizationCodeGrant(configuration, at, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims() as client.IDToken;
        const more =
          claims.email === undefined && configuration.serverMetadata().userinfo_endpoint
            ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
            : {};
        return claimed({ ...more, ...claims });
      }),
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const insecure = issuer.startsWith('http:');
  const configuration = await client.discovery(
    new URL(issuer),
    clientId,
    undefined,
    // Basic is what every provider must take.
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
    { timeout: answersWithinSeconds, ...(insecure && { execute: [client.allowInsecureRequests] }) },
  );
  configuration.timeout = answersWithinSeconds;
  return configuration;
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().replace(/\s+/g, ' ') : null;

function claimed(claims: client.IDToken): Claimed {
  const email = claims.email_verified === true ? text(claims.email) : null;
  const name = text(claims.name) ?? text(claims.preferred_username) ?? text(claims.email) ?? claims.sub;
  return {
    externalId: `${claims.iss} ${claims.sub}`,
    name: [...name].slice(0, nameAtMost).join(''),
    email: email?.toLowerCase() ?? null,
  };
}

/** What was asked of the provider, its failures told apart. */
async function asked<T>({ label }: OidcSettings, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const silence = isSilence(error);
    throw new OidcError(silence ? 'silence' : 'answer', `${label} ${silence ? 'does not answer' : reason(error)}.`, {
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError) return `did not sign you in (${known(error.error)})`;
  return 'gave an answer that Muster does not trust';
}
/** The provider's own short word; the address it came in could have been made by anybody. */
const known = (word: string): string => (/^[a-z_]{1,40}$/.test(word) ? word : 'for a reason it did not give');

function isSilence(error: unknown): boolean {
  const { name, code, cause } = error as { name?: string; code?: string; cause?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'OAUTH_TIMEOUT') return true;
  // A fetch that fails on the network is a TypeError, whatever it is wrapped in.
  if (error instanceof TypeError && error.message === 'fetch failed') return true;
  if (cause instanceof Response) return cause.status >= 500;
  return cause instanceof Error && isSilence(cause);
}
