import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookie a browser keeps a session in: no script sees it, no other site's form sends it. */
export interface SessionCookie {
  read(request: FastifyRequest): string | null;
  set(reply: FastifyReply, secret: string, lastsMs: number): void;
  clear(reply: FastifyReply): void;
}

/** Over https it is bound to this very host: no other one below the same domain can set it. */
export function sessionCookie(publicUrl: string): SessionCookie {
  return cookieOf(publicUrl, publicUrl.startsWith('https:') ? '__Host-muster_session' : 'muster_session', '/');
}

/** For a few minutes, and for the addresses below `path` only. */
export function briefCookie(publicUrl: string, name: string, path: string): SessionCookie {
  return cookieOf(publicUrl, publicUrl.startsWith('https:') ? `__Secure-${name}` : name, path);
}

function cookieOf(publicUrl: string, name: string, path: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const write = (reply: FastifyReply, value: string, maxAge: number): void => {
    const attributes = `Max-Age=${maxAge}; Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
    reply.header('set-cookie', `${name}=${value}; ${attributes}`);
  };
  return {
    read(request) {
      for (const pair of (request.headers.cookie ?? '').split(';')) {
        const [key, value] = pair.trim().split('=', 2);
        if (key === name && value) return value;
      }
      return null;
    },
    set: (reply, secret, lastsMs) => write(reply, secret, Math.floor(lastsMs / 1_000)),
    clear: (reply) => write(reply, '', 0),
  };
}
