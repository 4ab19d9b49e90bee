import { createContext, Script } from 'node:vm';

const room: { work: () => unknown } = { work: () => null };
const context = createContext(room);
const call = new Script('work()');

/** Runs what might never end. @throws when it has not ended after `ms`, or what it throws. */
export function bounded<T>(ms: number, work: () => T): T {
  room.work = work;
  try {
    return call.runInContext(context, { timeout: ms }) as T;
  } finally {
    room.work = () => null;
  }
}
