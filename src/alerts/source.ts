import type { Source } from './alert.js';

/** A source with its body's type closed in, so that a list can hold many. */
export interface Door {
  kind: string;
  payload: Source['payload'];
  /** Takes only what `payload` accepted. */
  alerts: Source['alerts'];
}

/** Checks that `payload` and `alerts` speak of the same shape. */
export const defineSource = <T>(source: Source<T>): Door => source as unknown as Door;
