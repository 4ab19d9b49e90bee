import { SocketModeReceiver } from '@slack/bolt';
import type { InboundParts } from './parts.js';
import { ForeignDelivery, type Take } from './receive.js';
import { sdkLogger } from './sdk-log.js';

const openWithinMs = 10_000;

/** One connection of Socket Mode. */
export interface Line {
  /** When it is over: `refresh`, Slack asks for another one; `lost`, it is gone. */
  readonly ended: Promise<'refresh' | 'lost'>;
  close(): Promise<void>;
}

/** What the client hands out for each envelope. */
interface Envelope {
  ack(answer?: unknown): Promise<void>;
  body?: Record<string, unknown>;
  retry_num?: number;
  retry_reason?: string;
}

/**
 * Connects with Slack's own client, which is kept from connecting again by itself: what fails there ends the process. An
 * envelope is acknowledged once it is stored; what is not comes again. @throws what Slack answered, or that it did not.
 */
export async function openLine(parts: InboundParts, take: Take): Promise<Line> {
  const { settings, adapter, pace } = parts;
  const { client } = new SocketModeReceiver({
    appToken: settings.appToken ?? '',
    logger: sdkLogger(adapter.log),
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        slackApiUrl: settings.apiUrl,
        timeout: openWithinMs,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
      },
    },
  });
  let end: (how: 'refresh' | 'lost') => void = () => {};
  const ended = new Promise<'refresh' | 'lost'>((resolve) => {
    end = resolve;
  });
  client.on('disconnected', () => end('lost'));

  // The client reads messages in a function nobody awaits: what it cannot read would be an unhandled rejection.
  const [read] = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (text: unknown, isBinary: boolean) => {
    const what = lookAt(text);
    if (what === 'refresh') return end('refresh');
    if (what === 'limited') return void adapter.log.warn({}, 'Slack holds back events: there were too many in an hour');
    if (what === 'strange') return void adapter.log.warn({}, 'Slack sent something that cannot be read');
    Promise.resolve(read?.call(client, text, isBinary)).catch((error) =>
      adapter.log.error({ err: error }, 'an envelope from Slack could not be read'),
    );
  });
  client.removeAllListeners('slack_event');
  client.on('slack_event', (envelope: Envelope) => void taken(parts, take, envelope));

  const close = async (): Promise<void> => {
    const gone = client.disconnect().catch(() => {});
    await settledWithin(gone, pace.closeWithinMs);
    // A second time it does not wait for Slack's goodbye.
    client.websocket?.disconnect();
  };
  const started = client.start();
  try {
    if ((await settledWithin(started, pace.connectWithinMs)) === 'late')
      throw new Error('Slack did not say hello in time.');
  } catch (error) {
    started.catch(() => {});
    await close();
    throw error ?? new Error('Slack closed the connection before it said hello.');
  }
  return { ended, close };
}

async function taken(
  { adapter }: InboundParts,
  take: Take,
  { ack, body, retry_num, retry_reason }: Envelope,
): Promise<void> {
  const { log } = adapter;
  if (!body) return;
  let answer: unknown;
  try {
    answer = await take({
      body,
      arrival: { at: adapter.now(), tick: performance.now() },
      retryNum: retry_num,
      retryReason: retry_reason,
    });
  } catch (error) {
    // Somebody else's: taken and left, so that it does not come again.
    if (!(error instanceof ForeignDelivery)) {
      log.warn(
        { err: error, type: body.type ?? 'command', retry: retry_num ?? 0 },
        'a delivery from Slack was not recorded',
      );
      return;
    }
    log.warn({ team: body.team_id }, 'Slack delivered something for another workspace');
  }
  // The connection may be gone by now: it comes again, and has one effect.
  await ack(answer || undefined).catch((error) => log.debug({ err: error }, 'an envelope could not be acknowledged'));
}

function lookAt(text: unknown): 'refresh' | 'limited' | 'strange' | 'envelope' {
  let message: { type?: unknown; payload?: { type?: unknown; event?: { type?: unknown } } } | null;
  try {
    message = JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text as ArrayBuffer));
  } catch {
    return 'strange';
  }
  if (typeof message !== 'object' || message === null || typeof message.type !== 'string') return 'strange';
  if (message.type === 'disconnect') return 'refresh';
  if (message.type === 'app_rate_limited' || message.payload?.type === 'app_rate_limited') return 'limited';
  return message.type === 'events_api' && typeof message.payload?.event?.type !== 'string' ? 'strange' : 'envelope';
}

async function settledWithin(work: Promise<unknown>, ms: number): Promise<'settled' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    return await Promise.race([work.then(() => 'settled' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
