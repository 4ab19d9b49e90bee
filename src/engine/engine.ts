import { randomUUID } from 'node:crypto';
import type { Receipt } from '../alerts/alert.js';
import type { Brought } from '../alerts/intake.js';
import { ConflictError } from '../store/port.js';
import type { Passing } from './points.js';
import { createQueue } from './queue.js';
import { type Arrival, type Item, isArrival, isOver, type Outcome, type Request } from './tick.js';
import type { Write } from './write.js';

/** Everything that changes an incident goes through here. */
export interface Engine {
  /**
   * Resolves once durable. A command id seen before gives the stored answer. @throws when the store cannot be written;
   * `TooLate` when it was not begun in time, and nothing was done. What was begun is carried through, however long the
   * store takes: until this settles nobody knows whether it was done, and the same id asked again tells.
   */
  handle(request: Omit<Request, 'kind'>): Promise<Outcome>;
  /** Resolves with the receipt once durable. */
  intake(arrival: Brought): Promise<Receipt>;
  /** Requests that wait for a commit. */
  queueDepth(): number;
  /** Resolves when everything taken has been written or refused; nothing more is taken. */
  drain(): Promise<void>;
}

const triesAlone = 5;
const failuresInARow = 3;

/**
 * Gathers what arrives within one turn of the event loop and writes it in one transaction: the group commit. Somebody
 * else's write between load and commit makes the store refuse; then each item is loaded and decided again by itself.
 */
export function createEngine(parts: {
  write: Write;
  now(): number;
  pass: Passing;
  onCommit(): void;
  /** A whole turn could not be written; its items are tried apart. */
  onSetback(error: unknown): void;
}): Engine {
  const queue = createQueue();
  let turning = false;
  let stopped = false;
  let idle: (() => void)[] = [];

  const wake = (): void => {
    if (turning) return;
    turning = true;
    setImmediate(turn);
  };

  async function turn(): Promise<void> {
    const items = queue.take().filter((each) => !isOver(each, parts.now()));
    if (items.length > 0) await write(items);
    if (queue.size() > 0) {
      setImmediate(turn);
      return;
    }
    turning = false;
    for (const resolve of idle) resolve();
    idle = [];
  }

  async function write(items: Item[]): Promise<void> {
    const arrivals = items.some(isArrival);
    const kind = arrivals ? 'intake' : 'command';
    try {
      const settle = await parts.write(items, () => parts.pass(`${kind}:before-commit`));
      parts.pass(`${kind}:after-commit`);
      settle();
      parts.onCommit();
    } catch (error) {
      // A conflict, or a bug in one of them: apart, the others need not suffer, and the culprit gets its own error.
      parts.onSetback(error);
      await apart(items);
    }
  }

  /** Where a few in a row fail the fault is the store's: waiting for it once more per item would hold everybody up. */
  async function apart(items: readonly Item[]): Promise<void> {
    let failures = 0;
    let last: unknown;
    for (const item of items) {
      if (failures >= failuresInARow) item.reject(last);
      else if (await alone(item)) failures = 0;
      else failures++;
    }

    async function alone(item: Item): Promise<boolean> {
      for (let tries = 0; tries < triesAlone; tries++) {
        try {
          const settle = await parts.write([item], () => {});
          settle();
          parts.onCommit();
          return true;
        } catch (error) {
          last = error;
          if (!(error instanceof ConflictError)) break;
        }
      }
      item.reject(last);
      // Who lost five races in a row says nothing of the store.
      return last instanceof ConflictError;
    }
  }

  function enqueue<I extends Item['item'], O>(item: I): Promise<O> {
    if (stopped) return Promise.reject(new Error('Muster is stopping and takes nothing more.'));
    return new Promise<O>((resolve, reject) => {
      queue.put({ item, resolve, reject } as unknown as Item);
      wake();
    });
  }

  return {
    handle: (request) => enqueue<Request, Outcome>({ kind: 'command', ...request }),
    intake: (arrival) =>
      enqueue<Arrival, Receipt>({ kind: 'arrival', receiptId: receiptId(arrival.receivedAt), ...arrival }),
    queueDepth: () => queue.size(),
    drain() {
      stopped = true;
      return turning ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve();
    },
  };
}

// Both sort by time, so that a table of a million stays append-mostly. Random UUIDs are drawn in batches and cost least.
const receiptId = (at: number): string => `r${at.toString(36)}${randomUUID().slice(-15).replace('-', '')}`;

/** A UUID, version 7: unique everywhere, and later ones sort after earlier ones. */
export function newId(): string {
  const ms = Date.now().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`;
}
