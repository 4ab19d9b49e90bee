/** A playbook as parsed from Markdown. Pure values; the text itself is kept by content hash with every incident that uses it. */
export interface Playbook {
  /** sha256 of the file's text, hex. An open incident keeps this text whatever happens to the file. */
  hash: string;
  /** The file's name without `.md`. */
  id: string;
  title: string;
  owner: string | null;
  /** ISO date of the last review, and how often one is due, in ms. */
  reviewed: string | null;
  reviewEveryMs: number | null;
  /** One of them has to hold; none: it is attached by hand. */
  matches: PlaybookMatch[];
  severity: 'sev1' | 'sev2' | 'sev3' | null;
  /** Credentials: where they are, never what. */
  needs: string[];
  steps: PlaybookStep[];
  /** Headings that have notes of their own, in order of the page. */
  phases: PlaybookPhase[];
  text: string;
}

/** All given keys must hold. A list means any of its values; they are compared whole, and `*` is any text. */
export interface PlaybookMatch {
  service?: string[];
  alertname?: string[];
  labels?: Record<string, string[]>;
}

export interface PlaybookStep {
  /** 0-based position in reading order; what people see is index + 1. */
  index: number;
  /** The heading it stands under. */
  phase: string;
  title: string;
  /** The step's own Markdown below the checkbox, notes taken out: commands and prose, verbatim, in order. */
  body: { kind: 'code' | 'text'; text: string; language?: string }[];
  role: string | null;
  withinMs: number | null;
  approve: string | null;
  expect: string | null;
  /** What to do when it is not as expected; `goto` is the index of the step its link leads to. */
  ifNot: { text: string; goto: number | null } | null;
  /** Index of the step that follows when this one is done; null: the next on the page. */
  thenTo: number | null;
  /** Names this step asks for; only these are substituted as `{name}` in later bodies. */
  ask: string[];
  substeps: string[];
  /** Its end is owed: see `docs/playbooks.md`. */
  required: boolean;
  /** A question, with the words of its answers: yes goes on as *done* does, no where `ifNot` leads. */
  check: { yes: string; no: string } | null;
  /** What is said beside *yes*; its link is `thenTo`. */
  ifYes: string | null;
  /** Where the change this step makes is taken back: the steps from `to` up to, and without, `end`. */
  rollBack: { to: number; end: number } | null;
  line: number;
}

/** The steps from `from` up to, and without, `to`: those under a heading, its sub-headings included. */
export interface PlaybookPhase {
  title: string;
  from: number;
  to: number;
  /** All of them are in hand at once, and end in any order. */
  parallel: boolean;
  /** What follows when all of them have ended; null: the next on the page. Only of a parallel phase. */
  thenTo: number | null;
  withinMs: number | null;
  /** What happens when it has taken longer than that. */
  otherwise: Otherwise[];
  /** When the commander is asked whether to go on with it, and where the other way leads. */
  decide: { afterMs: number; to: number; label: string } | null;
  line: number;
}

/** `whom`: a role, `platform-lead`, `owners`, or `on-call <schedule>`. */
export type Otherwise =
  | { do: 'severity'; severity: 'sev1' | 'sev2' | 'sev3'; propose: boolean }
  | { do: 'page'; whom: string };

/** Something wrong with a playbook: where, what, and what to do. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  level: 'error' | 'warning';
  message: string;
  hint: string;
}

/**
 * Reads a text that a running incident keeps, whatever the rules for playbooks have become: what has errors is read as
 * far as it goes, so that the steps are there in their places.
 */
export type ReadKeptPlaybook = (kept: { id: string; text: string }) => Playbook;

/** With `now` in ms an overdue review is a warning. */
export type ParsePlaybook = (
  source: { id: string; file: string; text: string },
  now?: number,
) => { playbook: Playbook | null; problems: Problem[] };

/** The best playbook for these facts with the reason as words after *because*, or null. */
export type MatchPlaybook = (
  playbooks: readonly Playbook[],
  facts: { services: readonly string[]; alerts: readonly { name: string; labels: Readonly<Record<string, string>> }[] },
) => { playbook: Playbook; reason: string } | null;

/** Every playbook that matches, the best first. */
export type MatchPlaybooks = (
  playbooks: readonly Playbook[],
  facts: Parameters<MatchPlaybook>[1],
) => NonNullable<ReturnType<MatchPlaybook>>[];
