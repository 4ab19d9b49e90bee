/** One post as `POST /api/v4/posts` takes it; channel and the key it is found by are added where it is sent. */
export interface Post {
  /** Markdown. */
  message: string;
  props: { attachments?: Attachment[] };
}

export interface Attachment {
  /** Plain text for notifications. */
  fallback?: string;
  color?: string;
  /** Markdown. */
  text?: string;
  fields?: Field[];
  actions?: Action[];
}

/** `title` and `value` are Markdown; two short ones stand side by side. */
export interface Field {
  title: string;
  value: string;
  short: boolean;
}

export interface Action {
  /** Unique in all posts of a card. */
  id: string;
  name: string;
  type: 'button';
  style?: 'primary' | 'danger';
  /** `context` comes back with the click, unsigned and unchecked by the server. */
  integration: { url: string; context: Record<string, unknown> };
}

/** Characters `value` takes as the server keeps it: it writes `<`, `>` and `&` as six characters. */
export const jsonSize = (value: unknown): number =>
  (JSON.stringify(value) ?? '').replace(/[<>&\u2028\u2029]/g, '\\u0000').length;
