import type { Severity, Status } from '../incident/state.js';
import type { ChannelValue, Person, SafeUrl } from './values.js';

/** As in every template; see `values.ts`. */
interface About {
  number: number | null;
  title: string;
  severity: Severity;
  drill: boolean;
}

/** The values of what is said around promises, to executives and to everybody. */
export interface PromisingValues {
  /** To one person, after those before them. */
  'update-chased': About & {
    /** What this person is called as. */
    rungs: readonly string[];
    /** Who was called before. */
    before: readonly string[];
    /** What is owed is the next word to everybody. */
    everybody: boolean;
    dueAt: number;
    lateMs: number;
    draft: string;
    channel: ChannelValue | null;
  };
  'publish-due': About & { person: Person | null; dueAt: number; draft: string };
  /** In the incident's channel, of what everybody reads now. */
  published: About & { by: Person | null; headline: string; words: string; nextAt: number | null };
  /** For everybody. `title` and `words` are what a person confirmed; there is nothing else of the incident in it. */
  'public-update': About & {
    status: Status;
    words: string;
    nextAt: number | null;
    zones: readonly string[];
  };
  /** For executives, in the place of every other message. */
  'executive-brief': About & {
    status: Status;
    impact: string | null;
    expectedAt: number | null;
    expectedWhy: string | null;
    /** What they have to decide. */
    decision: string | null;
    zones: readonly string[];
    page: SafeUrl | null;
  };
}
