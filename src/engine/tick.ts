import type { Receipt } from '../alerts/alert.js';
import type { Brought } from '../alerts/intake.js';
import { type Reply, TooLate } from '../chat/platform.js';
import type { Asked } from '../incident/commands.js';
import type { IncidentEvent } from '../incident/events.js';
import type { Incident, Refusal } from '../incident/state.js';
import type { Change, Delivery, Lease } from '../store/port.js';

/** A command on its way in, with what belongs into the same commit. */
export interface Request {
  kind: 'command';
  incidentId: string;
  asked: Asked;
  /** Given by whoever asked; the same id again gives the same answer and no second effect. */
  commandId: string | null;
  answer: ((after: Incident, events: readonly IncidentEvent[]) => Reply) | null;
  done?: Lease;
  delivery?: Delivery;
  postmortem?: Change['postmortem'];
  /** Not begun by then, it is not done: `TooLate`. Begun is when it has been decided for the commit under way. */
  notAfter?: number;
  /** What goes with it into the same commit once it is granted; a refusal of one of these leaves the others. */
  also?: readonly Asked[];
}

/** What a request came to. `incident` is the row after it. */
export type Outcome =
  | { refusal: Refusal; reply: Reply }
  | { refusal: null; reply: Reply | null; events: readonly IncidentEvent[]; incident: Incident };

/** One webhook on its way in. */
export interface Arrival extends Brought {
  kind: 'arrival';
  receiptId: string;
}

export type Item = Waiting<Request, Outcome> | Waiting<Arrival, Receipt>;
interface Waiting<I, O> {
  item: I;
  /** Given back as too late: nothing is done any more, whatever the clock says later. */
  over?: true;
  resolve(outcome: O): void;
  reject(error: unknown): void;
}

export const isRequest = (waiting: Item): waiting is Waiting<Request, Outcome> => waiting.item.kind === 'command';
export const isArrival = (waiting: Item): waiting is Waiting<Arrival, Receipt> => waiting.item.kind === 'arrival';

/** Whether its time has passed before it was begun; whoever asked is told at once. */
export function isOver(waiting: Item, now: number): boolean {
  if (waiting.over) return true;
  const { notAfter } = waiting.item as Partial<Request>;
  if (notAfter === undefined || now <= notAfter) return false;
  waiting.over = true;
  waiting.reject(new TooLate('It waited for its turn until its time had passed. Nothing was done.'));
  return true;
}

export const refused = (refusal: Refusal): Outcome => ({
  refusal,
  reply: { text: refusal.message, refusal: { code: refusal.code } },
});
