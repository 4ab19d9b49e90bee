// CommonJS: Node finds no named exports in it.
import mattermost from '@mattermost/client';
import type { MattermostSettings } from './settings.js';

export type Client = InstanceType<typeof mattermost.Client4>;

/** What is given up after this long may have been done. */
const ANSWER_WITHIN = 10_000;

/** The server answered, and not as hoped. */
export class Answered extends Error {
  override readonly name = 'Answered';
  constructor(
    /** Of the HTTP answer; 200 too, when what answers is not Mattermost. */
    readonly status: number,
    /** The server's own name of the error; null: it is no error of its API. */
    readonly id: string | null,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** It cannot be reached, or did not answer in time. What was asked may have been done, unless it is `refused`. */
export class Silent extends Error {
  override readonly name = 'Silent';
  constructor(
    message: string,
    readonly refused: boolean,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * Talks to the server as the bot. Every method throws `Answered` or `Silent`, and nothing is tried twice. `closing` ends
 * what is under way.
 */
export function connect(
  { url, token }: Pick<MattermostSettings, 'url' | 'token'>,
  { closing, deadlineMs = ANSWER_WITHIN }: { closing?: AbortSignal; deadlineMs?: number } = {},
): Client {
  class WithDeadline extends mattermost.Client4 {
    constructor() {
      super();
      this.setUrl(url);
      this.setToken(token);
      this.doFetch = async <T>(at: string, options: Parameters<typeof this.getOptions>[0]): Promise<T> => {
        const deadline = AbortSignal.timeout(deadlineMs);
        const signal = closing ? AbortSignal.any([deadline, closing]) : deadline;
        try {
          // A server that has moved is for a person to see, and the token is not for whoever is elsewhere.
          const asked = { ...this.getOptions(options), signal, redirect: 'manual' } as RequestInit;
          return (await contentOf(await fetch(at, asked))) as T;
        } catch (error) {
          if (error instanceof Answered) throw error;
          throw silence(error, deadlineMs);
        }
      };
    }
  }
  return new WithDeadline();
}

async function contentOf(response: Response): Promise<unknown> {
  const { status, headers } = response;
  const body = await response.text();
  const content = headers.get('content-type')?.startsWith('application/json') ? parsed(body) : undefined;
  if (response.ok && content !== undefined) return content;
  const { id, message } = (content ?? {}) as { id?: unknown; message?: unknown };
  const waitFor = Number(headers.get('retry-after') ?? Number.NaN);
  throw new Answered(
    status,
    typeof id === 'string' ? id : null,
    typeof message === 'string' ? message : (headers.get('location') ?? ''),
    Number.isFinite(waitFor) ? Math.max(0, waitFor * 1000) : undefined,
  );
}

/** undefined: that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** No request has left for the server. */
const UNREACHED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

function silence(error: unknown, deadlineMs: number): Silent {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown; errors?: { code?: unknown }[] } };
  if (name === 'TimeoutError') return new Silent(`no answer within ${deadlineMs / 1000} s`, false, error);
  const code = String(cause?.code ?? cause?.errors?.[0]?.code ?? name);
  return new Silent(code, UNREACHED.includes(code), error);
}
