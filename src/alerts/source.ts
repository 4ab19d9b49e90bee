import type { z } from 'zod';
import type { Alert } from './alert.js';
import type { Changed } from './changed.js';

/** A request as it came. */
export interface Received {
  method: string;
  /** Names in lower case; of a repeated one all values, joined by `, `. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** The body's bytes as they were signed: unpacked, else as sent. Empty: there was none. */
  raw: Buffer;
  /** What `payload` is given: JSON as it was read, the fields of a form, the query of a GET, or text. */
  body: unknown;
}

/**
 * What a request proves by more than a token. `right`: it knows the secret. `wrong`, `stale`: it is refused, whatever
 * else it brings. `absent`: it says nothing of the kind, or nothing that would be proof; then a token has to.
 */
export type Authenticity = 'right' | 'wrong' | 'stale' | 'absent';

export interface AboutProof {
  /** Those of the named source that are taken now, or the one for all alerts; none where nobody is asked. */
  secrets: readonly string[];
  now: number;
  /** The text at an https address of a host that the source has checked; bounded, kept for a while. @throws when it cannot be had. */
  fetchText(url: string): Promise<string>;
}

export interface AboutReading {
  /** The name it came in under: what alerts carry as their `source`. */
  source: string;
  receivedAt: number;
  /** As in `Received`; empty when a body is read from a file without them. */
  headers: Received['headers'];
  query: Received['query'];
}

/** Something authentic and understood that is no alert: a ping, a red feature branch. */
export interface PassedOver {
  /** What it was, as people will read it, e.g. `push to main`. */
  name: string;
  /** Why nothing comes of it, one line. */
  why: string;
  /** What the open incidents it is about take note of; left out: nothing. */
  tells?: Telling;
}

/** A line for a timeline, from outside: `text` as it will be read, about one alert of the source or about a service. */
export interface Telling {
  text: string;
  of: { fingerprint: string } | { service: string | null };
  /** It was a change: what begins on that service soon after says so. */
  change?: Changed;
}

/** How its requests come, beside `POST` with JSON. */
export interface Takes {
  methods?: readonly ('GET' | 'PUT' | 'OPTIONS')[];
  /**
   * `form`: `application/x-www-form-urlencoded`, `multipart`: fields of `multipart/form-data`; the body is their texts by
   * name. `json-text`: JSON that calls itself text, or nothing. `text`: plain text as it is. `any`: whatever it calls
   * itself, JSON if it is.
   */
  bodies?: readonly ('form' | 'multipart' | 'json-text' | 'text' | 'any')[];
  /** A POST without a body is read too: all is said in its headers. */
  empty?: boolean;
}

/** What is said to the sender once its alerts are stored. */
export interface Answer {
  status: number;
  body?: object | string;
  headers?: Record<string, string>;
}

/** A door for one kind of sender: one file per source, one line in `sources.ts`. */
export interface Source<T = unknown> {
  /** Its path: `/alerts/<kind>`. */
  kind: string;
  /** The sender as it calls itself, e.g. `GitHub`. */
  sender: string;
  /** How it shows who it is, one line for the table of sources, e.g. `HMAC-SHA256 of the body (X-Hub-Signature-256)`. */
  authentication: string;
  /** `proven`: real bodies of a beginning and an end are tested to be one episode. Else why not, one line. */
  episode: 'proven' | (string & {});
  takes?: Takes;
  /** Where the token may stand beside `Authorization: Bearer`, Basic and `?token=`: header names in lower case. */
  tokenHeaders?: readonly string[];
  /** Another word than Bearer in `Authorization`, e.g. `GenieKey`. */
  tokenScheme?: string;
  /** Another name in the query, beside `token`. */
  tokenQuery?: string;
  /** It may stand in the path, `/alerts/<name>/<token>/<routing key>`: then both are `token` and `routing_key` of the query. */
  tokenPath?: boolean;
  /** Signatures, and secrets that stand in the body. */
  authentic?(received: Received, about: AboutProof): Authenticity | Promise<Authenticity>;
  /** Names this delivery, the same on every try of it; the second time the first answer is given. */
  delivery?(received: Received): string | null;
  /** Requests that want an answer of their own before anything is read: a challenge, a confirmation. null: none. */
  greeting?(received: Received, about: AboutProof): Answer | null | Promise<Answer | null>;
  /** Kinds of the same sender, of other generations: a body that has their shape and not this one's is read as theirs. */
  kin?: readonly string[];
  /** The shape of an authentic body. A well-formed one that fails this still becomes an `unknown` alert. */
  payload: z.ZodType<T>;
  /** Pure; never throws on what `payload` took. */
  alerts(payload: T, about: AboutReading): Alert[] | PassedOver;
  /** The sender's own success; left out: 202 `{ accepted, receipt }`. */
  answer?(taken: { accepted: number; receipt: string; alerts: readonly Alert[] }, received: Received): Answer;
}

/** A source with its body's type closed in, so that a list can hold many. */
export type Door = Source<unknown>;

/** Checks that `payload` and `alerts` speak of the same shape. */
export const defineSource = <T>(source: Source<T>): Door => source as unknown as Door;
