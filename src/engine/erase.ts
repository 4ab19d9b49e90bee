import type { ChatPlatform } from '../chat/platform.js';
import type { TimelineEvent } from '../incident/events.js';
import { evolve, fold } from '../incident/evolve.js';
import { cardJob } from '../incident/jobs.js';
import { pageOverJob } from '../incident/pages.js';
import { placesOf } from '../incident/places.js';
import { react } from '../incident/react.js';
import { redactedForm } from '../incident/redact.js';
import { type Incident, isDeclared } from '../incident/state.js';
import { type Card, paragraph, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { cellMarkdown, escapeMarkdown } from '../messages/plain.js';
import { machine } from '../people/viewer.js';
import { holdsAny, telling, type Words, without, wordsOf } from '../secrets/words.js';
import type { JobWrite, Store } from '../store/port.js';
import type { Clock } from './clock.js';
import { deadline } from './deadline.js';
import { type Compose, placesPerEvent } from './streams.js';

/** What shall be nowhere any more: entries of an incident's timeline by their numbers, or what its alerts hold. */
export type Erasing = { seqs: readonly number[] } | Words;

export interface Erased {
  /** Of the entries that were erased, those that repeated the words among them; ascending. */
  seqs: number[];
  /** Messages on platforms that keep them themselves and could not be changed. */
  left: number;
}

export type Erase = (
  what: Erasing & { incident: Pick<Incident, 'id' | 'number'>; personId: string; reason: string },
) => Promise<Erased>;

const instead = '[redacted]';
/** Without their services, rules and group the incident would no longer be what it is. */
const carrying: ReadonlySet<TimelineEvent['type']> = new Set([
  'triaged',
  'declared',
  'alertsAttached',
  'alertsResolved',
  'policyAdopted',
  'playbookAttached',
]);
const callWithinMs = 10_000;
/** Characters of one text that a postmortem shows. */
const longestInPostmortem = 1_000;

/**
 * Takes words out of everything: first what repeats them, then the entries themselves, so that a crash in between
 * leaves something to press again; then once more what may have been written meanwhile. Alerts the sender repeats come
 * back as they were sent.
 */
export function eraser(parts: {
  store: Store;
  clock: Clock;
  platforms: ReadonlyMap<string, ChatPlatform>;
  names: ReadonlyMap<string, string>;
  /** A postmortem that reads differently now, for its copy on the disk. */
  keepPostmortem(number: number, version: number, markdown: string): Promise<void>;
  compose: Compose;
  onCommit(): void;
}): Erase {
  const { store, clock } = parts;

  return async ({ incident, personId, reason, ...what }) => {
    const { id } = incident;
    const timeline = await store.timeline(machine, id);
    const named = 'seqs' in what ? timeline.filter(({ seq }) => what.seqs.includes(seq)) : [];
    const { known, words } = 'words' in what ? what : wordsOf(named.map(({ body }) => body));
    const forms = [...new Set(words.flatMap((word) => asShown(word, known)))];
    const searched = telling({ known, words: forms });
    const note = `[redacted by ${parts.names.get(personId) ?? personId}: ${reason}]`;
    const repeats = timeline.filter((event) => !named.includes(event) && holdsAny(event.body, words));
    const entries = [...repeats, ...named].filter((event) => !event.redacted && event.type !== 'redacted');

    const changed = new Set<number>();
    await scrub();
    for (const { seq } of entries) await erased(seq);
    const left = (await retell(entries)) + (await filesLeft());
    await scrub();
    await redraw();
    await store.forget();
    return { seqs: entries.map(({ seq }) => seq).sort((a, b) => a - b), left };

    /** Postmortems that stand in channels as files, with what was in them. */
    async function filesLeft(): Promise<number> {
      const told = await store.deliveries(id);
      return told.filter(({ jobKey }) => changed.has(Number(/^file\/.+\/postmortem-(\d+)$/.exec(jobKey)?.[1]))).length;
    }

    async function scrub(): Promise<void> {
      if (searched.length === 0) return;
      const gone = { known, words: searched };
      for (const { version, markdown } of await store.scrub(id, gone, instead)) {
        changed.add(version);
        if (incident.number !== null) await parts.keepPostmortem(incident.number, version, markdown);
      }
      const channels = (await store.incident(machine, { id }))?.channels;
      for (const { name, erasing } of parts.platforms.values())
        await erasing?.scrub(gone, instead, note, channels?.[name]?.channel ?? null);
    }

    /** Who names an entry wants all of it gone; what only repeats a secret, or holds the incident up, loses that alone. */
    function remnant(event: TimelineEvent): unknown {
      const spared = repeats.includes(event) || carrying.has(event.type);
      return spared && known ? without(event.body, words, instead) : redactedForm(event);
    }

    async function erased(seq: number): Promise<void> {
      try {
        await store.redact(
          `incident/${id}`,
          seq,
          { reason, actor: { kind: 'person', personId }, at: clock.now(), remnant },
          (events) => fold(events) as Incident,
        );
      } catch (error) {
        // Somebody else may have pressed at the same moment.
        const now = (await store.timeline(machine, id)).find((event) => event.seq === seq);
        if (!now?.redacted) throw error;
      }
    }

    /** The pinned cards show the incident as it is now, and what told of a while tells it as it now stands. */
    async function redraw(): Promise<void> {
      const loaded = await store.load(id);
      if (!loaded) return;
      const told = (await store.deliveries(id)).map(({ jobKey }) => jobKey);
      const jobs = [
        cardJobs(loaded, clock.now()),
        ...[catchUpJobs, directJobs].map((made) => made(loaded, told, clock.now())),
      ].flat();
      await store.commit([{ stream: null, events: [], incident: null, jobs }]);
      parts.onCommit();
    }

    /** The posts that told of an erased entry, or repeated its words: said over again here, as they were said then. */
    function keysOfPosts(gone: readonly TimelineEvent[]): Set<string> {
      const keys = new Set<string>();
      let before: Incident | null = null;
      for (const event of timeline) {
        const after: Incident = evolve(before, event);
        for (const change of react(before, after, event)) {
          if (!('put' in change) || change.put.task.kind !== 'post') continue;
          const { key, task } = change.put;
          const shown = () => [false, true].map((whole) => parts.compose({ ...task, whole }, after, event));
          if (!gone.includes(event) && !holdsAny(shown(), forms)) continue;
          keys.add(key);
          // A platform that was away has been told afterwards, under the key it would have had.
          if (task.to.to === 'named')
            for (const name of parts.platforms.keys())
              keys.add(key.replace(`say/${id}/${task.platform}/`, `say/${id}/${name}/`));
        }
        before = after;
      }
      return keys;
    }

    /** Those say so from now on. Answers how many could not be changed. */
    async function retell(gone: readonly TimelineEvent[]): Promise<number> {
      const keys = keysOfPosts(gone);
      const told = (await store.deliveries(id)).filter(({ jobKey }) => keys.has(jobKey));
      const card: Card = { tone: 'neutral', summary: note, blocks: [paragraph(text(note))] };
      const edits = told.map(({ platform: name, channel, message, jobKey }) => {
        const platform = parts.platforms.get(name);
        if (!platform) return Promise.reject(new Error(`${name} is not set up any more`));
        return deadline(callWithinMs)(() => platform.edit({ channel, message, card, key: jobKey }));
      });
      return (await Promise.allSettled(edits)).filter(({ status }) => status === 'rejected').length;
    }
  };
}

/** A word as it was written, as a message shows it and as a postmortem does. A secret is only ever shown hidden. */
function asShown(word: string, known: boolean): string[] {
  if (known) return [word, word.replace(/\s+/g, ' ')];
  const line = literal(word, longestInPostmortem).replace(/…$/, '');
  return [word, line, literal(word), escapeMarkdown(line), cellMarkdown(line)].filter((form) => form !== '');
}

/** @param told keys of what was delivered */
function catchUpJobs({ incident, seq: now }: { incident: Incident; seq: number }, told: string[], dueAt: number) {
  const { id: incidentId } = incident;
  return told.flatMap((key): JobWrite[] => {
    const [platform, seq] = /^catch-up\/.+\/(.+)\/(\d+)\/incident$/.exec(key)?.slice(1) ?? [];
    if (platform === undefined) return [];
    const to = { to: 'incident', incidentId } as const;
    const task = { kind: 'catchUp', incidentId, platform, to, of: 'incident', seq: Number(seq) } as const;
    const position = now * placesPerEvent;
    return [{ put: { key, lane: `${incidentId}/${platform}`, position, dueAt, platform, incidentId, task } }];
  });
}

/** Direct messages that called people show the incident as it is now, too. @param told keys of what was delivered */
function directJobs(
  { incident: { id }, seq: now }: { incident: Incident; seq: number },
  told: string[],
  dueAt: number,
) {
  return told.flatMap((key): JobWrite[] => {
    const [page, personId, way] = /^page\/[^/]+\/(\d+)\/(.+)\/(chat[^/]*)$/.exec(key)?.slice(1) ?? [];
    if (personId === undefined || way === undefined) return [];
    const job = pageOverJob({ incidentId: id, personId, page: Number(page), way }, dueAt, 'acknowledged');
    return [{ put: { ...job, position: now * placesPerEvent, platform: job.task.platform, incidentId: id } }];
  });
}

function cardJobs({ incident, seq }: { incident: Incident; seq: number }, dueAt: number): JobWrite[] {
  const { id: incidentId } = incident;
  return placesOf(incident).flatMap(({ platform, hears }) => {
    if (hears !== 'everything' && hears !== 'card') return [];
    const card = cardJob(incidentId, platform, isDeclared(incident) ? 'situation' : 'triage');
    const lane = `${incidentId}/${platform}`;
    return { put: { ...card, lane, position: seq * placesPerEvent, dueAt, platform, incidentId } };
  });
}
