import type { Card } from '../../../messages/card.js';
import type { AdapterParts, ChatInbound, Reply, SaidMessage } from '../../platform.js';
import type { Known } from '../inline.js';
import type { SlackSettings } from '../settings.js';
import type { Calls } from './calls.js';
import type { Pace } from './pace.js';
import type { Self } from './self.js';
import type { Who } from './who.js';

/** What everything that listens to people at Slack works with. */
export interface InboundParts {
  platform: string;
  settings: SlackSettings;
  adapter: Pick<AdapterParts, 'publicUrl' | 'now' | 'log'>;
  inbound: ChatInbound;
  calls: Calls;
  who: Who;
  self(): Promise<Self>;
  /** What Slack calls the people and channels of a card. Answers soon, and never throws: then names are shown. */
  known(card: Card): Promise<Known>;
  pace: Pace;
  /** Goes on after Slack has its answer. Stopping waits for it; that it fails is logged as `what`. */
  later(what: string, work: Promise<unknown>): void;
}

/** When a delivery arrived: `at` by Muster's clock, `tick` by the one that only goes forward. */
export interface Arrival {
  at: number;
  tick: number;
}

/** Somebody asked for something. */
export interface Asked {
  id: string;
  userId: string;
  /** Their name, as the delivery gives it. */
  userName?: string;
  channel: string | null;
  incidentId: string | null;
  /** Said in a conversation; it may be no command at all. */
  spoken?: boolean;
  /** What they typed, pressed or filled in. @throws while Slack does not say who is meant in it. */
  line(): Promise<string>;
  /** What it is declared from. */
  from?(): Promise<SaidMessage>;
  arrival: Arrival;
}

/** What became of it. `slow` goes on: its answer comes, or null when nothing was recorded after all. */
export type Outcome =
  | { kind: 'reply'; reply: Reply }
  | { kind: 'opened' }
  | { kind: 'notRecorded'; error: unknown }
  | { kind: 'slow'; answer: Promise<Reply | null> };
