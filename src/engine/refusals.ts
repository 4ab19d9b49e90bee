import type { Logger } from 'pino';
import { type Card, code, note, paragraph, strong, text, time } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import type { Store } from '../store/port.js';
import type { SystemNews } from './operators.js';

/** What a sender of alerts was answered. */
export interface Refused {
  at: number;
  status: number;
  error: string;
  hint: string;
}

export interface RefusalWatch {
  /** A sender under a name that is known. Never throws, and waits for nothing. */
  refused(source: string, fault: Refused): void;
  /** Somebody posted to a name that is not there. */
  unknown(name: string, fault: Refused): void;
  /** Whoever asks for it waits until all has been told. */
  settled(): Promise<void>;
}

interface Parts {
  tell(news: SystemNews): Promise<void>;
  store: Pick<Store, 'sourceFigures'>;
  /** Adapter names. */
  platforms(): readonly string[];
  log: Logger;
}

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** Names of sources come from the configuration; this only keeps a mistake from growing without end. */
const sourcesRemembered = 1_000;
const namesShown = 5;
const nameAtMost = 60;

interface Told {
  fault: string;
  at: number;
}

interface Known {
  /** What was told last, and when. */
  told: Told | null;
  telling: boolean;
  lastAt: number;
  /** Refusals since it was told. */
  since: number;
}

/**
 * The first refusal of a source reaches the operators at once, with what to do: nobody else hears that its alerts do
 * not arrive. Then quiet while it stays the same, for a day; another fault, or the same after an hour without one, is
 * told again. Never more than one message an hour for a source, and one a day for all names that are not there.
 */
export function watchRefusals({ tell, store, platforms, log }: Parts): RefusalWatch {
  const sources = new Map<string, Known>();
  const strangers = { names: new Set<string>(), more: false, count: 0, toldAt: Number.NEGATIVE_INFINITY };
  let last: Promise<void> = Promise.resolve();

  const soon = (work: () => Promise<void>): void => {
    last = last.then(work).catch((error) => log.error({ err: error }, 'the operators could not be told of a refusal'));
  };

  /** What a Muster before this one has told already need not be told again at every start. */
  async function remembered(source: string, fault: Refused): Promise<Told | null> {
    const before = (await store.sourceFigures(source))?.lastRefusal;
    return before && fault.at - before.at < hourMs ? { fault: faultOf(before), at: before.at } : null;
  }

  async function say(source: string, fault: Refused, known: Known): Promise<void> {
    const first = known.told === null;
    if (first) known.told = await remembered(source, fault);
    if (first && known.told !== null && !worthTelling(known.told, fault, known.told.at)) return;
    const { since } = known;
    known.told = { fault: faultOf(fault), at: fault.at };
    known.since = 0;
    await tell({
      event: { type: 'sourceRefused', body: { source, status: fault.status, error: fault.error, refused: since } },
      card: refusedCard(source, fault, first ? 1 : since),
      platforms: platforms(),
    });
  }

  async function lookAtStrangers(fault: Refused): Promise<void> {
    if (fault.at - strangers.toldAt < dayMs) return;
    const { count, more } = strangers;
    const names = [...strangers.names];
    strangers.toldAt = fault.at;
    strangers.names.clear();
    strangers.count = 0;
    strangers.more = false;
    await tell({
      event: { type: 'sourceRefused', body: { source: null, status: fault.status, names, refused: count } },
      card: strangersCard(names, more, count, fault),
      platforms: platforms(),
    });
  }

  return {
    refused(source, fault) {
      const known = sources.get(source) ?? { told: null, telling: false, lastAt: Number.NEGATIVE_INFINITY, since: 0 };
      if (!sources.has(source) && sources.size >= sourcesRemembered) return;
      sources.set(source, known);
      const worth = !known.telling && (known.told === null || worthTelling(known.told, fault, known.lastAt));
      known.lastAt = fault.at;
      known.since++;
      // Decided here and now: under a flood nothing is queued.
      if (!worth) return;
      known.telling = true;
      soon(() =>
        say(source, fault, known).finally(() => {
          known.telling = false;
        }),
      );
    },
    unknown(name, fault) {
      strangers.count++;
      const shown = literal(name, nameAtMost);
      if (strangers.names.size < namesShown) strangers.names.add(shown);
      else if (!strangers.names.has(shown)) strangers.more = true;
      if (fault.at - strangers.toldAt >= dayMs) soon(() => lookAtStrangers(fault));
    },
    settled: () => last,
  };
}

/** @param previousAt when the source was refused before this time. */
function worthTelling(told: Told, fault: Refused, previousAt: number): boolean {
  const agoMs = fault.at - told.at;
  if (agoMs < hourMs) return false;
  return told.fault !== faultOf(fault) || fault.at - previousAt >= hourMs || agoMs >= dayMs;
}

const faultOf = ({ status, error }: Pick<Refused, 'status' | 'error'>): string => `${status} ${error}`;

function refusedCard(source: string, { at, status, error, hint }: Refused, count: number): Card {
  const summary = `Alerts of ${source} are refused: ${status} ${error}`;
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(text('Alerts of '), strong(source), text(` are refused (${status}). ${error} ${hint}`)),
      note(
        text(count > 1 ? `${count} requests, the last at ` : 'At '),
        time(at),
        text(`. What it sends does not arrive until this is mended; /api/sources/${source} has the count.`),
      ),
    ],
  };
}

function strangersCard(names: readonly string[], more: boolean, count: number, { status, hint }: Refused): Card {
  const listed = `${names.map((name) => `/alerts/${name}`).join(', ')}${more ? ' and others' : ''}`;
  const summary = `Somebody posts alerts to a source that is not there: ${listed}`;
  return {
    tone: 'warning',
    summary,
    blocks: [
      paragraph(
        text('Somebody posts alerts to a source that is not there: '),
        ...names.flatMap((name, i) => [...(i > 0 ? [text(', ')] : []), code(`/alerts/${name}`)]),
        text(`${more ? ' and others' : ''}. They are answered with ${status}, and nothing they send arrives.`),
      ),
      note(text(`${count > 1 ? `${count} requests. ` : ''}${hint} More of them are told in a day.`)),
    ],
  };
}
