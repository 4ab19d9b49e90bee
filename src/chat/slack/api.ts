import { type AdapterParts, type CallOutcome, DeliveryError } from '../platform.js';
import type { Answers } from './answers.js';
import { createPacing, type Pace, realPace } from './pacing.js';
import { isRefused, refusal } from './refusals.js';
import type { SlackSettings } from './settings.js';
import { type Method, retryAfterUnsaidMs } from './tiers.js';

/** Slack's Web API, paced. Every call is one request at most, and throws nothing but `DeliveryError`. */
export interface SlackApi {
  /**
   * @param args `channel`, or `channel_id`, is whose trouble a refusal may be.
   */
  call<M extends Method>(method: M, args?: Record<string, unknown>): Promise<Answers[M]>;
  /** Puts bytes where Slack has said. */
  upload(address: string, bytes: Uint8Array): Promise<void>;
  /** What is under way is given up. */
  close(): void;
}

/** https://docs.slack.dev/tools/node-slack-sdk/web-api: left to itself the client waits for ever. */
const callWithinMs = 10_000;
/** A job has 10 s for all its calls: what has to wait longer for its turn comes again later. */
const turnWithinMs = 3_000;

export interface ApiParts extends Pick<AdapterParts, 'counted'> {
  pace?: Pace;
  callWithinMs?: number;
}

export function slackApi(
  { botToken, apiUrl }: Pick<SlackSettings, 'botToken' | 'apiUrl'>,
  { pace = realPace, callWithinMs: withinMs = callWithinMs, counted }: ApiParts = {},
): SlackApi {
  const underWay = new Set<AbortController>();
  let closed = false;
  const pacing = createPacing(pace);
  let opening: Promise<Client> | undefined;

  /** The deadline is over all of the answer: one that trickles in would outlast one over its beginning. */
  const outward = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const giveUp = new AbortController();
    if (closed) giveUp.abort();
    underWay.add(giveUp);
    const timer = setTimeout(() => giveUp.abort(new DOMException('no answer in time', 'TimeoutError')), withinMs);
    try {
      const response = await fetch(url, { ...init, signal: giveUp.signal });
      const { status, headers } = response;
      // The client has no word for one without a time.
      if (status === 429) {
        await response.body?.cancel();
        throw new TooMany(headers.get('retry-after'));
      }
      return new Response(await response.arrayBuffer(), { status, headers });
    } finally {
      clearTimeout(timer);
      underWay.delete(giveUp);
    }
  };

  const client = (): Promise<Client> => {
    opening ??= openClient(botToken, apiUrl, outward);
    return opening;
  };

  async function turn(method: Method, channel: string | null): Promise<void> {
    silenceKept(method, channel);
    const { taken, waitMs } = pacing.take(method, channel, turnWithinMs);
    if (!taken) throw later(`Slack takes no more ${method} for now`, waitMs);
    if (waitMs === 0) return;
    await pace.sleep(waitMs);
    silenceKept(method, channel);
  }

  function silenceKept(method: Method, channel: string | null): void {
    const forMs = pacing.silentForMs(method, channel);
    if (forMs > 0) throw later(`Slack has asked for no more ${method} for now`, forMs);
  }

  function told(error: unknown, method: Method, channel: string | null): DeliveryError {
    const ended = (outcome: CallOutcome, made: DeliveryError): DeliveryError => {
      counted?.(method, outcome, made.retryAfterMs);
      return made;
    };
    const passing = (words: string): DeliveryError => new DeliveryError(words, { permanent: false, cause: error });
    const original = error instanceof Error && 'original' in error ? error.original : error;
    if (isLimit(error) || original instanceof TooMany) {
      const forMs = original instanceof TooMany && original.forMs !== null ? original.forMs : retryAfterUnsaidMs;
      pacing.silence(method, channel, forMs);
      return ended('limited', later(`Slack has asked for no more ${method} for now`, forMs, error));
    }
    if (isRefused(error)) {
      const { error: code, needed, response_metadata } = error.data;
      const details = response_metadata?.messages ?? [];
      return ended('refused', refusal({ method, channel, code, needed, details, cause: error }));
    }
    if (error instanceof Error && 'statusCode' in error)
      return ended('failed', passing(`Slack answered ${error.statusCode} to ${method}.`));
    return original instanceof Error && /Timeout/.test(original.name)
      ? ended('unanswered', passing(`Slack did not answer ${method} within ${withinMs / 1_000} s.`))
      : ended('failed', passing(`Slack could not be reached for ${method}.`));
  }

  return {
    async call(method, args = {}) {
      const channel = channelIn(args);
      await turn(method, channel);
      const connected = await client();
      let answer: unknown;
      try {
        answer = await connected.apiCall(method, args);
      } catch (error) {
        throw told(error, method, channel);
      }
      counted?.(method, 'ok');
      return answer as never;
    },
    async upload(address, bytes) {
      let status: number;
      try {
        status = (await outward(address, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> })).status;
      } catch (cause) {
        throw new DeliveryError('Slack did not take the file.', { permanent: false, cause });
      }
      if (status !== 200) throw new DeliveryError(`Slack answered ${status} to a file.`, { permanent: false });
    },
    close() {
      closed = true;
      for (const each of underWay) each.abort();
    },
  };
}

interface Client {
  apiCall(method: string, args: Record<string, unknown>): Promise<unknown>;
}

/** The first call pays for loading it, not a Muster without Slack. */
async function openClient(
  botToken: string,
  apiUrl: string,
  outward: (url: string | URL, init?: RequestInit) => Promise<Response>,
): Promise<Client> {
  const { WebClient, LogLevel } = await import('@slack/web-api');
  const silent = (): void => {};
  return new WebClient(botToken, {
    slackApiUrl: apiUrl,
    fetch: outward,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // What it has to say is in what it throws; its notes hold whole messages.
    logger: {
      debug: silent,
      info: silent,
      warn: silent,
      error: silent,
      setLevel: silent,
      getLevel: () => LogLevel.ERROR,
      setName: silent,
    },
  });
}

class TooMany extends Error {
  /** null: Slack has not said for how long. */
  readonly forMs: number | null;
  constructor(retryAfter: string | null) {
    super('too many requests');
    const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
    this.forMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
  }
}

/** Now and then Slack says so with a 200. */
const isLimit = (error: unknown): boolean => isRefused(error) && /^rate_?limited$/.test(error.data.error);

function channelIn({ channel, channel_id }: Record<string, unknown>): string | null {
  const named = channel ?? channel_id;
  return typeof named === 'string' ? named : null;
}

/** Only this job waits, and its lane: one channel's limit, or one method's, is no trouble of the rest. */
const later = (words: string, waitMs: number, cause?: unknown): DeliveryError =>
  new DeliveryError(`${words}; again in ${Math.ceil(waitMs / 1_000)} s.`, {
    permanent: false,
    of: 'channel',
    retryAfterMs: Math.ceil(waitMs),
    cause,
  });
