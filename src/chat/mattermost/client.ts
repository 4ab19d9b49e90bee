// CommonJS: Node finds no named exports in it.
import mattermost from '@mattermost/client';
import type { AdapterParts, CallOutcome } from '../platform.js';
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

/** It cannot be reached (`unreached`: nothing was asked of it), or did not answer: what was asked may have been done. */
export class Silent extends Error {
  override readonly name = 'Silent';
  constructor(
    message: string,
    readonly unreached: boolean,
    /** The deadline is over. */
    readonly late: boolean,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

export interface Connecting extends Pick<AdapterParts, 'counted'> {
  /** Ends what is under way. */
  closing?: AbortSignal;
  deadlineMs?: number;
}

/** Talks to the server as the bot. Every method throws `Answered` or `Silent`, and nothing is tried twice. */
export function connect(
  { url, token }: Pick<MattermostSettings, 'url' | 'token'>,
  { closing, deadlineMs = ANSWER_WITHIN, counted }: Connecting = {},
): Client {
  class WithDeadline extends mattermost.Client4 {
    constructor() {
      super();
      this.setUrl(url);
      this.setToken(token);
      this.doFetch = async <T>(at: string, options: Parameters<typeof this.getOptions>[0]): Promise<T> => {
        // Not `AbortSignal.any`: Node 20 keeps what that makes for as long as `closing` lives.
        const giveUp = new AbortController();
        const end = (): void => giveUp.abort();
        const late = (): void => giveUp.abort(new DOMException('no answer in time', 'TimeoutError'));
        const timer = setTimeout(late, deadlineMs);
        if (closing?.aborted) end();
        closing?.addEventListener('abort', end);
        try {
          // A server that has moved is for a person to see, and the token is not for whoever is elsewhere.
          const { signal } = giveUp;
          const asked = { ...this.getOptions(options), signal, redirect: 'manual' } as RequestInit;
          return (await contentOf(await fetch(at, asked))) as T;
        } catch (error) {
          if (error instanceof Answered) throw error;
          throw silence(error, deadlineMs);
        } finally {
          clearTimeout(timer);
          closing?.removeEventListener('abort', end);
        }
      };
    }
  }
  const client = new WithDeadline();
  return counted ? counting(client, counted) : client;
}

/** The same client, each of whose requests is told by the name of its method. */
const counting = (client: Client, counted: NonNullable<Connecting['counted']>): Client =>
  new Proxy(client, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const answer: unknown = member.apply(target, args);
        if (answer instanceof Promise)
          answer.then(
            () => counted(String(name), 'ok'),
            (error) =>
              counted(String(name), outcomeOf(error), error instanceof Answered ? error.retryAfterMs : undefined),
          );
        return answer;
      };
    },
  });

function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof Silent) return error.late ? 'unanswered' : 'failed';
  if (!(error instanceof Answered)) return 'failed';
  if (error.status === 429) return 'limited';
  return error.status >= 500 || error.id === null ? 'failed' : 'refused';
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
  if (name === 'TimeoutError') return new Silent(`no answer within ${deadlineMs / 1000} s`, false, true, error);
  const code = String(cause?.code ?? cause?.errors?.[0]?.code ?? name);
  return new Silent(code, UNREACHED.includes(code), false, error);
}
