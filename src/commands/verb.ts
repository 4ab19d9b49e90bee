import type { Reply } from '../chat/platform.js';
import type { Command, PlaybookChoice } from '../incident/commands.js';
import type { IncidentEvent } from '../incident/events.js';
import type { Incident, Policy, Refusal, Status } from '../incident/state.js';
import type { Button, Card } from '../messages/card.js';
import type { OnCallDesk } from '../oncall/desk.js';
import type { Viewer } from '../people/viewer.js';
import type { MatchPlaybook, Playbook } from '../playbooks/playbook.js';
import type { QuietDesk } from '../quiet/desk.js';
import type { OverrideWrite } from '../store/oncall-port.js';
import type { NewEvent, Store } from '../store/port.js';
import type { SilenceWrite } from '../store/quiet-port.js';
import type { SubscriptionWrite } from '../store/subscriptions-port.js';

/** The reads a verb may make; writing goes through `do` only. */
export type Reads = Pick<
  Store,
  | 'incident'
  | 'incidents'
  | 'timeline'
  | 'alerts'
  | 'postmortem'
  | 'people'
  | 'person'
  | 'subscriptionsOf'
  | 'episodesSince'
  | 'heldBy'
  | 'heldCounts'
  | 'nextSilence'
>;

/** Who asks, where they are, and what can be looked up. Frozen for one command. */
export interface About {
  asker: { personId: string; name: string };
  viewer: Viewer;
  /** The incident whose channel this was typed in, or that a button named. */
  incident: Incident | null;
  /** Said in a conversation: free text declares nothing by itself. */
  spoken?: boolean;
  /** Asked by a program, which cannot be asked back: what would be a question is done, and said. */
  byProgram?: boolean;
  now: number;
  policy: Policy;
  /** Parsed at start, by content hash, the running incidents' kept versions included. */
  playbooks: readonly Playbook[];
  /** The playbook text an incident started with. */
  playbookOf(incident: Incident): Playbook | null;
  /** Playbooks of today that match these facts, the best first, with the reason as words after *because*. */
  matching(facts: Parameters<MatchPlaybook>[1]): { playbook: Playbook; reason: string }[];
  /** For a playbook chosen at declare. */
  choosePlaybook(services: readonly string[]): PlaybookChoice | null;
  newIncidentId(): string;
  names: ReadonlyMap<string, string>;
  /** Person ids of the groups of the configuration, by name. */
  groups: ReadonlyMap<string, readonly string[]>;
  /** Whether the asker may do what this verb stands for; null: yes. */
  may(act: string, incident: Incident | null): Refusal | null;
  reads: Reads;
  onCall: OnCallDesk;
  quiet: QuietDesk;
  publicUrl: string;
  /** The secret of a new link that signs the asker in, once, and leads to this path; null: nobody signs in here. */
  signInLink(leadsTo: string): Promise<string | null>;
  /** Sends the asker a test page by every way they are called by; the ways. What becomes of each is told them later. */
  tryWays(): Promise<string[]>;
}
/** The same, where the incident is known. */
export type Within = About & { incident: Incident };

/** What a line comes to: something to do, or something to say at once. */
export type Act =
  | {
      kind: 'do';
      incidentId: string;
      command: Command;
      /** When it happened, where that is not now. */
      happenedAt?: number;
      /** The asker's private answer, from what the command changed. Stored with the command's id and repeated on a replay. */
      answer(after: Incident, events: readonly IncidentEvent[]): Reply;
    }
  /** Words are to be nowhere any more; `reason` is what stands in their place on the timeline. */
  | { kind: 'erase'; incident: Incident | null; what: Erasable; reason: string }
  /** Something that is no incident's: written to Muster's own stream with the answer, or not at all. */
  | {
      kind: 'arrange';
      events: Pick<NewEvent, 'type' | 'body'>[];
      overrides?: OverrideWrite[];
      silences?: SilenceWrite[];
      subscriptions?: SubscriptionWrite[];
      /** People who must know, told directly. */
      tell?: { personId: string; card: Card }[];
      /** Told in the channels of incidents. */
      post?: { incidentId: string; platform: string; card: Card }[];
      reply: Reply;
    }
  | { kind: 'say'; reply: Reply };

/** Entries of the timeline by number, what alerts of the incident hold, or something somebody said in this channel. */
export type Erasable = { seqs: readonly number[] } | { alerts: readonly string[] } | { message: string };

/** The headings of `/incident help`, in order. */
export const groups = [
  'Open and find',
  'Lead',
  'Walk the playbook',
  'Keep people posted',
  'End',
  'Triage queue',
] as const;

interface Words {
  /** The word people type; lower case. */
  name: string;
  /** Stand for the name. One with a dash may be typed as two words. */
  aliases: readonly string[];
  /** Words that stand for the name and the first of its arguments: `mitigated` for `status monitoring`. */
  presets?: Readonly<Record<string, string>>;
  group: (typeof groups)[number];
  /** e.g. `sev <1|2|3> <reason>` */
  usage: string;
  /** Whole lines without `/incident`; each one works as it stands. */
  examples: readonly string[];
  /** One line, for `/incident help`. */
  help: string;
  /** What a button asks for when nothing was typed after the verb. */
  asks?: NonNullable<Button['input']>;
  /** Takes no free text, so that `#12` after it can only name an incident. */
  plain?: true;
  /** Takes nothing at all, or only what this matches: words after it are a sign that something else was meant, and are asked about. */
  alone?: true | RegExp;
  /** Which incidents to offer when none is named, the likeliest first. Without it: open ones, then ended ones. */
  offers?: readonly (readonly Status[])[];
}

/**
 * One file per verb. `where: 'incident'`: it needs one; typed elsewhere `interpret` offers the right ones, and `read`
 * is not called. Bad arguments give a `say` with a refusal that says what was wrong and shows the usage.
 */
export type Verb = Words &
  (
    | { where: 'incident'; read(args: string, about: Within): Act | Promise<Act> }
    | { where: 'anywhere'; read(args: string, about: About): Act | Promise<Act> }
  );
