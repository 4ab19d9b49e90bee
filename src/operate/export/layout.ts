import { z } from 'zod';
import { channelName } from '../../messages/names.js';
import { partName } from '../manifest.js';

export const manifestFile = 'manifest.json';
const head = z.object({ seq: z.int().min(1), hash: z.string() });

/** What an export says of itself. */
export const exportManifest = z.object({
  format: z.literal(1),
  kind: z.literal('muster-export'),
  muster: z.string(),
  madeAt: z.number(),
  /** false: private incidents were left out, so that nobody can make a whole Muster of it. */
  complete: z.boolean(),
  leftOut: z.object({ incidents: z.int(), channels: z.int() }),
  figures: z.object({ incidents: z.int(), events: z.int(), alerts: z.int(), people: z.int(), chatMessages: z.int() }),
  /** Head of each stream. */
  streams: z.record(z.string(), head),
  files: z.array(z.object({ name: partName, bytes: z.int(), sha256: z.string() })),
  /** sha256 over one line per file, `<sha256>  <name>`, in the order of their names: what `sha256sum` writes. */
  digest: z.string(),
});
export type ExportManifest = z.output<typeof exportManifest>;

/** One event, a line of `timeline.jsonl`: as it is stored. An erased one has neither salt nor body. */
export const eventLine = z.strictObject({
  seq: z.int().min(1),
  type: z.string(),
  at: z.number(),
  recordedAt: z.number(),
  actor: z.record(z.string(), z.unknown()),
  salt: z.string().nullable(),
  /** Its canonical JSON (sorted keys, no spaces), with the salt before it, has this digest. */
  body: z.unknown(),
  bodyDigest: z.string(),
  hash: z.string(),
});

/** `incident.json`: the row, and what goes with it. */
export const incidentFile = z.strictObject({
  seq: z.int(),
  head: z.string(),
  /** Up to here the `system` stream vouches for the timeline. */
  checkpointSeq: z.int(),
  people: z.array(z.string()),
  channels: z.array(z.strictObject({ platform: z.string(), channel: z.string() })),
  incident: z.looseObject({ id: z.string() }),
});

/** `inc-000012-registry-pushes-fail`: in the order of their numbers, as channels are called. */
export function folderOf(incident: { id: string; number: number | null; title: string; visibility: string }): string {
  const { id, number, title, visibility } = incident;
  if (number === null) return `triage-${id}`;
  const name = channelName(number, title, visibility === 'private');
  return name.replace(/^inc-\d+/, `inc-${String(number).padStart(6, '0')}`);
}

export const readme = `# An export of Muster

| what | where |
|---|---|
| incidents | \`incidents/inc-<number>-<title>/\`; entries of the triage queue in \`incidents/triage-<id>/\` |
| what happened, to read | \`timeline.md\`, \`postmortem.md\` in each of them |
| the same as it is stored, one event per line | \`timeline.jsonl\` |
| how it stands | \`incident.json\` |
| its alerts, messages, what was told outside chat, all drafts | \`alerts.json\`, \`messages.json\`, \`notices.json\`, \`postmortems.json\` |
| alerts of no incident, what became of requests, senders | \`alerts.json\`, \`receipts.jsonl\`, \`senders.json\` |
| who is who | \`people.json\` |
| what happened to Muster itself | \`system.jsonl\` |
| playbooks as they were when they were used | \`playbooks/\`, \`playbooks.json\` |
| the web chat | \`chat/\` |
| what was still to be done | \`jobs.json\` |
| digests of all of it | \`manifest.json\` |

Times are milliseconds since 1970, in UTC. An event's \`bodyDigest\` is the sha256, in hex, of its salt and then its body as JSON
with sorted keys and no spaces. Its \`hash\` is the sha256 of the JSON array \`[hash before it or "", seq, type, at, recordedAt,
actor as such JSON in a string, bodyDigest]\`. An erased event has neither salt nor body; its digest and its hash stay.

\`muster import <this folder>\` makes a Muster of it again.
`;
