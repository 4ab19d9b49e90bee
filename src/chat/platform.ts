import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Card, Destination } from '../messages/card.js';
import type { Form } from '../messages/form.js';
import type { Words } from '../secrets/words.js';
import type { Finding } from './finding.js';

/** What a platform can do. Code asks for an ability, never for a platform's name. */
export interface Abilities {
  channels: boolean;
  threads: boolean;
  buttons: boolean;
  edits: boolean;
  /** A reply only the asker sees. */
  whispers: boolean;
  forms: boolean;
  pins: boolean;
}

/** The platform's own id of a channel or message. Opaque outside the adapter. */
export type ChannelRef = string;
export type MessageRef = string;

export interface OpenChannel {
  /** Muster's key for the channel, the same on every try: a channel already opened under it is returned, not doubled. */
  key: string;
  /** Lower case `a-z0-9-`, at most 64 characters. Taken by somebody else: the adapter appends `-2`, `-3`, … */
  name: string;
  title: string;
  purpose: string;
  private: boolean;
}

export interface PostMessage {
  channel: ChannelRef;
  card: Card;
  /** The job key; stored with the message so that `find` sees it. */
  key: string;
  pin?: boolean;
}

/**
 * A chat platform. Every call is made by the job runner after the commit that asked for it, may be repeated after a
 * crash, and either answers, or throws `DeliveryError`. A call that has not answered within 10 s is given up as
 * ambiguous. Adapters never retry by themselves: the runner owns waiting.
 */
export interface ChatPlatform {
  readonly name: string;
  readonly abilities: Abilities;
  openChannel(request: OpenChannel): Promise<ChannelRef>;
  /** Adding somebody who is in already is a success. Unknown people are returned, not thrown. */
  invite(channel: ChannelRef, people: { personId: string; name: string }[]): Promise<{ unknown: string[] }>;
  post(message: PostMessage): Promise<MessageRef>;
  /** Replaces the whole card. A message that is gone is a permanent DeliveryError. */
  edit(message: { channel: ChannelRef; message: MessageRef; card: Card; key: string }): Promise<void>;
  /** The message posted under this key, or null. Asked before posting again after an ambiguous failure. */
  find(channel: ChannelRef, key: string): Promise<MessageRef | null>;
  /** The channel of a direct message with this person. */
  directChannel(person: { personId: string; name: string }): Promise<ChannelRef>;
  /** Says at the head of the channel how things stand. The same again is a success and says nothing in the channel. */
  describe?(channel: ChannelRef, head: ChannelHead): Promise<void>;
  /** Puts a text file into the channel, once per key as far as the platform can tell. */
  attach?(file: { channel: ChannelRef; key: string; name: string; title: string; text: string }): Promise<MessageRef>;
  /** Puts the channel away; it can still be read. Away already is a success. */
  archive?(channel: ChannelRef): Promise<void>;
  /** Proves by a real call that the platform can be used. Throws DeliveryError. */
  probe?(): Promise<void>;
  /** Only where Muster itself keeps the messages; on other platforms people delete what they said. */
  erasing?: ErasingChat;
  close(): Promise<void>;
}

export interface ChannelHead {
  /** One line, literal. The adapter shortens it. */
  topic: string;
  /** Kept at the top of the channel: the call, the incident's page, the playbook. */
  links: { label: string; href: string }[];
}

/** Who is who: what adapters ask about people. */
export interface Accounts {
  /**
   * The account a person has on this platform. `externalId` null: none is known yet; `email` is what to find it by, and
   * `identify` keeps what was found. null: nobody has that id.
   */
  accountOf(
    platform: string,
    personId: string,
  ): Promise<{ externalId: string | null; email: string | null; name: string } | null>;
  /** Finds or makes the person behind an account. `email` only when the platform has made sure of it. */
  identify(
    platform: string,
    externalId: string,
    name: string,
    email?: string | null,
  ): Promise<{ personId: string; name: string }>;
}

/** What an adapter has of the rest of Muster. */
export interface AdapterParts {
  accounts: Accounts;
  /** No trailing slash. */
  publicUrl(): string;
  now(): number;
  log: Logger;
  /** The channels there of incidents that are not closed. */
  channels(): Promise<ChannelRef[]>;
  /** Short notes of the adapter's own that outlive it, such as how far it has read. */
  marks: { read(key: string): Promise<string | null>; write(key: string, value: string): Promise<void> };
  /**
   * Told how each request to the platform ended. `method` is one of the platform's own names for what it can do, never
   * an address with ids in it.
   */
  counted?(method: string, outcome: CallOutcome, retryAfterMs?: number): void;
}

/** refused: the platform said no. limited: later. failed: it or the way there is broken. unanswered: no answer in time. */
export type CallOutcome = 'ok' | 'refused' | 'limited' | 'failed' | 'unanswered';

/** A chat platform with its way in. */
export interface ChatAdapter {
  platform: ChatPlatform;
  /** Called once, when everything it may hand inward stands. */
  wayIn(inbound: ChatInbound): WayIn;
  /**
   * Looks at everything Muster needs there, these channels too, and says no word that anybody sees. What keeps it from
   * looking is a finding too; it never throws.
   */
  examine?(channels: readonly ExpectedChannel[]): Promise<Finding[]>;
}

/** A channel that Muster means to speak in. */
export interface ExpectedChannel {
  /** What it is to people, e.g. `the channel of incident 42`. */
  what: string;
  /** As it is or will be opened. */
  key: string;
  name: string;
  /** Where the incident has it; null: only the adapter knows, if it was ever opened. */
  channel: ChannelRef | null;
}

export interface WayIn {
  /** Routes, all under `/chat/<platform>/`. They ask for credentials themselves. */
  mount?(app: FastifyInstance): Promise<void>;
  /** Begins to take what people do there. A platform that is away does not make it fail: it goes on trying. */
  start(): Promise<void>;
  /** Whether what people do there arrives now. `why` says what is missing. */
  state(): { ready: boolean; sinceAt: number; why: string | null };
  /** Takes nothing more; what is in hand is finished. */
  stop(): Promise<void>;
}

export interface ErasingChat {
  /**
   * Writes `instead` where any of these words stand, in messages of Muster and private answers too. What a person said
   * that holds one becomes `note`, all of it. Secrets go everywhere; other words only in `channel`, since elsewhere they
   * are somebody else's, and without one nowhere.
   */
  scrub(what: Words, instead: string, note: string, channel: ChannelRef | null): Promise<void>;
  /** What a person said, as they typed it; null: no such message there, or it is Muster's. */
  said(channel: ChannelRef, message: MessageRef): Promise<{ personId: string; text: string } | null>;
}

/** Whose trouble it is, as far as an adapter can tell. */
export type TroubleOf = 'message' | 'channel' | 'platform';

/**
 * The only error an adapter throws on purpose. Its message says what a person must do, if anything.
 * `permanent`: trying again cannot help, a person must look; of a `channel`, nothing else gets there either.
 * Otherwise the job is tried again and spends no try, after `retryAfterMs` when that is given. Trouble of the
 * `platform` pauses all of it, as do several that fail one after the other; any other holds up its own lane alone.
 */
export class DeliveryError extends Error {
  readonly permanent: boolean;
  readonly retryAfterMs: number | undefined;
  /** Left out: with `retryAfterMs` the platform's, else the message's. */
  readonly of: TroubleOf;
  constructor(
    message: string,
    options: { permanent: boolean; retryAfterMs?: number | undefined; of?: TroubleOf | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent;
    this.retryAfterMs = options.retryAfterMs;
    this.of = options.of ?? (options.retryAfterMs === undefined ? 'message' : 'platform');
  }
}

/** Where somebody acts. */
export interface Spot {
  personId: string;
  platform: string;
  channel: ChannelRef | null;
  incidentId?: string | null;
  /** Said to Muster in a conversation, not typed as a command: words that are none declare nothing, they are asked about. */
  spoken?: boolean;
  /** Asked by a program, which is told rather than asked back. */
  byProgram?: boolean;
}

/** What somebody said in a channel. */
export interface SaidMessage {
  platform: string;
  channel: ChannelRef;
  message: MessageRef;
  text: string;
  /** Who said it; null: nobody Muster knows, another bot perhaps. */
  personId: string | null;
  at: number;
}

/** What a platform hands inward: somebody typed a command or pressed a button. */
export interface Inbound {
  /**
   * @param id the platform's delivery id: the same id again gives the same reply and no second effect.
   * @param from what was declared from: it is kept on the timeline of the incident that the command is about.
   * @param notAfter not begun by then, nothing is done: it throws `TooLate`. Begun is when it has been decided for the
   * commit under way; from then on it is carried through, however long the database takes. Until this settles nobody
   * knows whether it was done: whoever must answer sooner says so, and the same id asked again tells. Any other error
   * says no more than that.
   * @returns what to show to the asker alone.
   */
  command(input: Spot & { id: string; text: string; from?: SaidMessage; notAfter?: number }): Promise<Reply>;
}

/** The same for platforms where people have more ways to say something. */
export interface ChatInbound extends Inbound {
  /** The form to show instead of running this line; null: the line says all, run it. Changes nothing. */
  form(input: Spot & { text: string; from?: SaidMessage }): Promise<Form | null>;
  /** What is somebody's own: the incidents they are in, and their follow-ups. */
  home(personId: string): Promise<Card>;
  /**
   * Somebody marked a message as worth keeping: it stands on the timeline of its channel's incident with the time it was
   * said, once, however often it is marked. Answers false where there is no such incident. Resolves once durable.
   */
  keep(input: SaidMessage & { keptBy: string; notAfter?: number }): Promise<boolean>;
  /** A message was changed, or deleted (`text` null). Only one that was kept matters. Resolves once durable. */
  revise(input: {
    platform: string;
    channel: ChannelRef;
    message: MessageRef;
    text: string | null;
    at: number;
    notAfter?: number;
  }): Promise<void>;
}

/** It was not begun in time, and nothing was done. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** The answer to whoever asked. `refusal` says that nothing was done and why. */
export interface Reply {
  text: string;
  card?: Card;
  refusal?: { code: string };
  /** The incident whose channel is shown the same card; to whoever asked in it the text says enough. */
  shownIn?: string;
}

export const destinationKey = (destination: Destination): string =>
  destination.to === 'incident'
    ? `incident/${destination.incidentId}`
    : destination.to === 'named'
      ? `named/${destination.name}`
      : `person/${destination.personId}`;
