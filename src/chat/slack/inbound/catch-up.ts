import { setTimeout as pause } from 'node:timers/promises';
import { type AdapterParts, DeliveryError } from '../../platform.js';
import type { Message } from '../answers.js';
import { isFinal } from './calls.js';
import { isGone, keep, keeps, revise } from './keeping.js';
import type { InboundParts } from './parts.js';
import { instantOf } from './plain-text.js';

const mark = 'heard-until';
/** Marks and changes of messages said longer before the gap are not looked for. */
const lookBackMs = 24 * 60 * 60_000;
/** What Slack itself delivers late or twice has one effect: better a little twice. */
const overlapMs = 10 * 60_000;
const perPage = 200;
const pagesAtMost = 25;
const callWithinMs = 10_000;
const triesAtMost = 5;

type Reading = 'conversations.history' | 'conversations.replies';

export interface CatchUp {
  /** Everything up to then was heard. */
  heardUntil(at: number): Promise<void>;
  /**
   * Reads what was marked and changed while nobody listened, from the history of the channels of open incidents. Not to
   * be had there: which of the marks is new, deleted messages that nobody answered, threads that nobody answered
   * meanwhile, and what was said to Muster itself, which may be long out of date and is not run. @throws when Slack does not tell it.
   */
  run(signal: AbortSignal): Promise<void>;
}

export function catchesUp(parts: InboundParts, { channels, marks }: Pick<AdapterParts, 'channels' | 'marks'>): CatchUp {
  const { adapter, calls } = parts;

  /** Waits when Slack asks for it: nobody waits for this. */
  async function asked(method: Reading, given: Record<string, unknown>, signal: AbortSignal) {
    for (let tries = 1; ; tries++) {
      try {
        return await unlessStopped(calls.call(method, given, callWithinMs), signal);
      } catch (error) {
        if (signal.aborted || tries >= triesAtMost || isFinal(error)) throw error;
        const waitMs = error instanceof DeliveryError ? error.retryAfterMs : undefined;
        await pause(waitMs ?? parts.pace.againAfterMs * tries, undefined, { signal });
      }
    }
  }

  async function* pages(
    method: Reading,
    given: Record<string, unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<Message[]> {
    let cursor: string | undefined;
    for (let page = 0; page < pagesAtMost && !signal.aborted; page++) {
      const answer = await asked(method, { ...given, limit: perPage, ...(cursor && { cursor }) }, signal);
      yield answer.messages ?? [];
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (!cursor) return;
    }
    if (!signal.aborted)
      adapter.log.warn({ channel: given.channel }, 'a Slack channel has more to catch up on than is read');
  }

  async function one(channel: string, said: Message, since: number): Promise<void> {
    const editedAt = said.edited?.ts ? instantOf(said.edited.ts) : 0;
    if (editedAt >= since || isGone(said)) await revise(parts, channel, said, editedAt || adapter.now(), null);
    const pinnedBy = said.pinned_to?.includes(channel) ? said.pinned_info?.pinned_by : undefined;
    const by = said.reactions?.find((reaction) => keeps(parts, reaction.name))?.users?.[0] ?? pinnedBy;
    if (by) await keep(parts, channel, said, by, null);
  }

  async function channel(id: string, since: number, signal: AbortSignal): Promise<void> {
    const oldest = ((since - lookBackMs) / 1_000).toFixed(6);
    for await (const page of pages('conversations.history', { channel: id, oldest }, signal)) {
      for (const said of page) {
        await one(id, said, since);
        if (!said.latest_reply || instantOf(said.latest_reply) < since) continue;
        for await (const replies of pages('conversations.replies', { channel: id, ts: said.ts, oldest }, signal))
          for (const reply of replies) if (reply.ts !== said.ts) await one(id, reply, since);
      }
    }
  }

  return {
    heardUntil: (at) => marks.write(mark, String(at)),
    async run(signal) {
      const until = await marks.read(mark);
      if (until === null) return;
      const since = Number(until) - overlapMs;
      for (const id of await channels()) {
        if (signal.aborted) return;
        await channel(id, since, signal).catch((error) => {
          // Archived or left meanwhile: there is nothing to be had, and the others are read.
          if (!isFinal(error)) throw error;
          adapter.log.warn({ err: error, channel: id }, 'a Slack channel could not be caught up on');
        });
      }
    },
  };
}

/** Stopping does not wait for an answer. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('Muster stops.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
