/** The part of Block Kit that Muster writes. Words from outside are only ever in plain text objects and literal text elements. */
export interface SlackMessage {
  /** For notifications and screen readers; where there are blocks Slack shows those. Escaped. */
  text: string;
  blocks: SlackBlock[];
  /**
   * Said on every call: an edit defaults to another `parse` than a post, and any other value finds mentions and
   * addresses in `text`.
   */
  parse: 'none';
  link_names: false;
  mrkdwn: false;
  unfurl_links: false;
  unfurl_media: false;
}

/** `emoji: false`: `:skull:` stays these seven characters. */
export interface PlainText {
  type: 'plain_text';
  text: string;
  emoji: false;
}

/** Ours alone, never with a word from outside: it holds one time and nothing else. */
export interface TimeText {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

export interface Style {
  bold?: true;
  italic?: true;
  code?: true;
}

/** What stands in a line of rich text. */
export type Leaf =
  | { type: 'text'; text: string; style?: Style }
  | { type: 'link'; url: string; text: string; style?: Style }
  | { type: 'user'; user_id: string; style?: Style }
  | { type: 'channel'; channel_id: string; style?: Style }
  /** `timestamp` in whole seconds; shown in the reader's zone, `fallback` where that fails. */
  | { type: 'date'; timestamp: number; format: string; fallback: string; style?: Style };

export interface Section {
  type: 'rich_text_section';
  elements: Leaf[];
}

export type RichElement =
  | Section
  | { type: 'rich_text_quote'; elements: Leaf[] }
  | { type: 'rich_text_preformatted'; elements: Leaf[] }
  | { type: 'rich_text_list'; style: 'bullet' | 'ordered'; offset?: number; elements: Section[] };

export interface ButtonElement {
  type: 'button';
  /** `run-3`, or `ask-3` when a line of text is asked for first. */
  action_id: string;
  text: PlainText;
  value: string;
  style?: 'primary' | 'danger';
}

export type SlackBlock =
  | { type: 'header'; text: PlainText }
  | { type: 'rich_text'; elements: RichElement[] }
  | { type: 'context'; block_id?: string; elements: (PlainText | TimeText)[] }
  | { type: 'actions'; elements: ButtonElement[] }
  | { type: 'divider' };

export const plain = (text: string): PlainText => ({ type: 'plain_text', text, emoji: false });
