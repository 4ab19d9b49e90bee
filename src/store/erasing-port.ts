import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Words } from '../secrets/words.js';
import type { Delivery, Redaction } from './port.js';

/** What it takes for words to be nowhere any more. An event is erased by itself; the rest is searched. */
export interface Erasing {
  /** Erases salt and body of one event and appends `redacted`; the row is evolved again by `refold`. */
  redact(
    stream: string,
    seq: number,
    redaction: Redaction,
    refold: (events: TimelineEvent[]) => Incident,
  ): Promise<void>;
  /**
   * Writes `instead` where any of these words stand beside the timeline: in jobs, alerts, notices and postmortems of
   * this incident, and in all stored answers, receipts and changes. Records stay records, whatever the words are: only secrets
   * are taken out of what ties them together. Answers the postmortems that read differently now.
   */
  scrub(incidentId: string, what: Words, instead: string): Promise<{ version: number; markdown: string }[]>;
  /** Every message this incident has posted. */
  deliveries(incidentId: string): Promise<Delivery[]>;
  /**
   * Empties what the database keeps of before: the write-ahead log of SQLite. False: somebody reads in it just now, and
   * it goes with the next time. PostgreSQL clears up by itself (vacuum), in its own time.
   */
  forget(): Promise<boolean>;
}
