/**
 * The neutral message every platform renders. Everything Muster says is a Card; a platform turns it into HTML, Block
 * Kit or Markdown and never parses text for formatting. A `text` node is literal: whatever it contains can neither
 * mention, link nor format. Only Muster itself makes `person`, `link` and `channel` nodes.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong'; children: Inline[] }
  | { kind: 'emphasis'; children: Inline[] }
  | { kind: 'code'; text: string }
  /** `href` is http(s) only; anything else is turned into text where the card is made. */
  | { kind: 'link'; text: string; href: string }
  /** An instant in ms since the epoch. `clock` 02:41 UTC, `date` 21 Nov 02:41 UTC, `relative` "in 4 min". */
  | { kind: 'time'; at: number; style: 'clock' | 'date' | 'relative' }
  /** The one way to address somebody. `name` is what to show where the platform does not know the person. */
  | { kind: 'person'; personId: string; name: string; notify: boolean }
  /** A link to a channel of this platform, by Muster's own name for it. */
  | { kind: 'channel'; channel: Destination; label: string };

/** Where a message goes, in Muster's words; the platform adapter knows the real id. */
export type Destination =
  | { to: 'incident'; incidentId: string }
  | { to: 'named'; name: NamedChannel }
  | { to: 'person'; personId: string };

/** Channels that exist once: updates for stakeholders, the triage queue, and Muster's own troubles. */
export type NamedChannel = 'stakeholders' | 'triage' | 'operators';

export type Block =
  | { kind: 'heading'; content: Inline[] }
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string; language?: string }
  | { kind: 'quote'; content: Inline[] }
  | { kind: 'fields'; fields: { label: string; value: Inline[] }[] }
  /** Small print. */
  | { kind: 'note'; content: Inline[] }
  | { kind: 'buttons'; buttons: Button[] }
  | { kind: 'divider' };

/** Every button carries a command, so a click and a typed line are the same act with the same answer. */
export interface Button {
  label: string;
  /** e.g. `/incident ack`; with `input` the typed text is appended after a space. */
  command: string;
  /** The incident the command is for, so that it works outside the incident's channel too. */
  incidentId?: string;
  style?: 'primary' | 'danger';
  /** Ask for one line of text first (a reason, evidence). */
  /** `value`: what stands there to begin with; a platform that cannot show it leaves it out. */
  input?: { label: string; placeholder?: string; value?: string; required: boolean };
}

export type Tone = 'neutral' | 'sev1' | 'sev2' | 'sev3' | 'good' | 'warning';

export interface Card {
  tone: Tone;
  /** Plain text for notifications, screen readers and platforms without blocks. Literal, like a `text` node. */
  summary: string;
  blocks: Block[];
}

export const text = (value: string): Inline => ({ kind: 'text', text: value });
export const strong = (value: string): Inline => ({ kind: 'strong', children: [text(value)] });
export const code = (value: string): Inline => ({ kind: 'code', text: value });
export const time = (at: number, style: 'clock' | 'date' | 'relative' = 'clock'): Inline => ({
  kind: 'time',
  at,
  style,
});
export const paragraph = (...content: Inline[]): Block => ({ kind: 'paragraph', content });
export const note = (...content: Inline[]): Block => ({ kind: 'note', content });
export const buttons = (...all: Button[]): Block => ({ kind: 'buttons', buttons: all });
