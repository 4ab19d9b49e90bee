import type { Card, Destination } from '../messages/card.js';
import type { Words } from '../secrets/words.js';

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
  /** Only where Muster itself keeps the messages; on other platforms people delete what they said. */
  erasing?: ErasingChat;
  close(): Promise<void>;
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

/**
 * The only error an adapter throws on purpose. `permanent`: trying again cannot help, a person must look.
 * Otherwise the job is tried again and spends no try; with `retryAfterMs`, or when others fail too, the whole platform
 * is paused.
 */
export class DeliveryError extends Error {
  readonly permanent: boolean;
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: { permanent: boolean; retryAfterMs?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** What a platform hands inward: somebody typed a command, pressed a button, or said something in a channel. */
export interface Inbound {
  /**
   * @param id the platform's delivery id: the same id again gives the same reply and no second effect.
   * @returns what to show to the asker alone.
   */
  command(input: {
    id: string;
    text: string;
    personId: string;
    platform: string;
    channel: ChannelRef | null;
    incidentId?: string | null;
  }): Promise<Reply>;
}

/** The answer to whoever asked. `refusal` says that nothing was done and why. */
export interface Reply {
  text: string;
  card?: Card;
  refusal?: { code: string };
}

export const destinationKey = (destination: Destination): string =>
  destination.to === 'incident'
    ? `incident/${destination.incidentId}`
    : destination.to === 'named'
      ? `named/${destination.name}`
      : `person/${destination.personId}`;
