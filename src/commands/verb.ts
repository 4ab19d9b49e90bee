import type { Reply } from '../chat/platform.js';
import type { Command } from '../incident/commands.js';
import type { IncidentEvent } from '../incident/events.js';
import type { Incident, Policy } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import type { Playbook } from '../playbooks/playbook.js';
import type { Store } from '../store/port.js';

/** The reads a verb may make; writing goes through `do` only. */
export type Reads = Pick<Store, 'incident' | 'incidents' | 'timeline' | 'alerts' | 'postmortem' | 'people' | 'person'>;

/** Who asks, where they are, and what can be looked up. Frozen for one command. */
export interface About {
  asker: { personId: string; name: string };
  viewer: Viewer;
  /** The incident whose channel this was typed in, or that a button named. */
  incident: Incident | null;
  now: number;
  policy: Policy;
  /** Parsed at start, by content hash, the running incidents' kept versions included. */
  playbooks: readonly Playbook[];
  /** The playbook text an incident started with. */
  playbookOf(incident: Incident): Playbook | null;
  /** For a playbook chosen at declare. */
  choosePlaybook(services: readonly string[]): { hash: string; reason: string } | null;
  newIncidentId(): string;
  names: ReadonlyMap<string, string>;
  reads: Reads;
  publicUrl: string;
}

/** What a line comes to: something to do, or something to say at once. */
export type Act =
  | {
      kind: 'do';
      incidentId: string;
      command: Command;
      /** The asker's private answer, from what the command changed. Stored with the command's id and repeated on a replay. */
      answer(after: Incident, events: readonly IncidentEvent[]): Reply;
    }
  | { kind: 'say'; reply: Reply };

/** One file per verb. */
export interface Verb {
  /** The word people type; lower case. */
  name: string;
  aliases: readonly string[];
  /** e.g. `sev <1|2|3> <reason>` */
  usage: string;
  /** One line, for `/incident help`. */
  help: string;
  /** `incident`: needs one; typed elsewhere it offers the right ones. */
  where: 'incident' | 'anywhere';
  /** Bad arguments give a `say` with a refusal that says what was wrong and shows the usage. */
  read(args: string, about: About): Act | Promise<Act>;
}
