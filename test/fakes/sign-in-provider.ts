import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

export interface ProviderAccount {
  name?: string;
  email?: string;
  email_verified?: boolean;
}

/** A real OpenID Connect provider on this machine, with its own pages; any password signs in. */
export async function signInProvider(about: {
  redirectUri: string;
  clientSecret: string | null;
  accounts: Record<string, ProviderAccount>;
}): Promise<{ issuer: string; close(): Promise<void> }> {
  const { createServer } = await import('node:http');
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'muster',
        redirect_uris: [about.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        ...(about.clientSecret === null
          ? { token_endpoint_auth_method: 'none' }
          : { client_secret: about.clientSecret, token_endpoint_auth_method: 'client_secret_basic' }),
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true, methods: ['S256'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...about.accounts[sub] }) }),
    cookies: { keys: ['signs the cookies of this test'] },
  };
  const provider = new Provider(issuer, configuration);
  server.on('request', provider.callback());
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A browser without scripts: keeps cookies, follows redirects, and fills in the forms of the provider. */
export class PlainBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();
  /** Every address it was led to. */
  readonly visited: string[] = [];

  async open(url: string, init: RequestInit = {}): Promise<{ url: URL; response: Response }> {
    let at = new URL(url);
    let next = init;
    for (let hops = 0; hops < 20; hops++) {
      this.visited.push(at.href);
      const jar = this.#jar(at);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(at, { ...next, redirect: 'manual', headers: { accept: 'text/html', cookie } });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '' || /max-age=0\b/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) return { url: at, response };
      at = new URL(location, at);
      next = {};
    }
    throw new Error(`Led in circles: ${this.visited.join(' ')}`);
  }

  /** Signs in as this account at the provider and agrees to what it asks, until it leads elsewhere. */
  async signIn(url: string, account: string): Promise<{ url: URL; response: Response; page: string }> {
    let { url: at, response } = await this.open(url);
    for (;;) {
      const page = await response.text();
      const prompt = /name="prompt" value="(login|consent)"/.exec(page)?.[1];
      if (prompt === undefined) return { url: at, response, page };
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? at.href;
      const fields = new URLSearchParams({ prompt, ...(prompt === 'login' && { login: account, password: 'x' }) });
      ({ url: at, response } = await this.open(new URL(action, at).href, { method: 'POST', body: fields }));
    }
  }

  cookiesOf(url: string): ReadonlyMap<string, string> {
    return this.#jar(new URL(url));
  }

  #jar({ host }: URL): Map<string, string> {
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    return jar;
  }
}
