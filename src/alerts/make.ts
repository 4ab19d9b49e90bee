import type { Alert } from './alert.js';
import { hash } from './hash.js';
import type { AboutReading } from './source.js';
import { address, bounded, firstLine, kept, line } from './words.js';

type Text = string | null | undefined;

/** What a sender said, in its own words; nothing here need be safe or short. */
export interface Said {
  /**
   * What makes two reports the same alert, from most general to most special (project, job, branch); readable, and the
   * same for the beginning and the end. Long ones are hashed.
   */
  key: readonly (string | number | null | undefined)[];
  firing: boolean;
  /** ms since the epoch; null: not said. */
  startsAt?: number | null;
  endsAt?: number | null;
  /** e.g. the rule's name, the same for every alert of the rule; the first that says anything. */
  name: Text | readonly Text[];
  /** One line for people; the first that says anything. Left out: the name. */
  summary?: Text | readonly Text[];
  service?: Text | readonly Text[];
  host?: Text | readonly Text[];
  /** The sender's own word; case does not matter. */
  severity?: Text | readonly Text[];
  labels?: Record<string, unknown>;
  annotations?: Record<string, unknown>;
  /** What is no http(s) address is left out. */
  links?: Readonly<Record<string, Text>>;
  /** What to group by when there is no service; left out: the name. */
  groupHint?: Text;
}

/** Before 2001 nothing was reported: senders write the beginning of time for "not known". */
const time = (at: number | null | undefined): number | null => (at && at > 1e12 ? at : null);

const list = (text: Text | readonly Text[]): readonly Text[] =>
  typeof text === 'string' || text === null || text === undefined ? [text] : text;

/** What watches addresses names things by them: of such a name its host is the service. */
const unaddressed = (service: string | null): string | null => {
  const href = address(service);
  return href ? new URL(href).host : service;
};

/** An alert within all bounds: what a sender said, made safe to store and to show. */
export function makeAlert({ source }: Pick<AboutReading, 'source'>, said: Said): Alert {
  const labels = bounded(said.labels ?? {}, kept.labels, kept.label);
  const name = firstLine(kept.name, ...list(said.name)) ?? 'Unnamed alert';
  return {
    source,
    fingerprint: keyOf(said.key),
    status: said.firing ? 'firing' : 'resolved',
    startsAt: time(said.startsAt),
    endsAt: said.firing ? null : time(said.endsAt),
    name,
    summary: firstLine(kept.summary, ...list(said.summary)) ?? name,
    service: unaddressed(firstLine(kept.word, ...list(said.service), labels.service)),
    host: firstLine(kept.word, ...list(said.host)),
    severity: firstLine(kept.word, ...list(said.severity))?.toLowerCase() ?? null,
    labels,
    annotations: bounded(said.annotations ?? {}, kept.annotations, kept.annotation),
    links: Object.entries(said.links ?? {})
      .flatMap(([label, to]) => {
        const href = address(to);
        return href ? [{ label, href }] : [];
      })
      .slice(0, kept.links),
    groupHint: firstLine(kept.fingerprint, said.groupHint) ?? name,
  };
}

function keyOf(parts: Said['key']): string {
  const said = parts.flatMap((part) => (part === null || part === undefined || part === '' ? [] : [String(part)]));
  const whole = said.join('/');
  const readable = line(whole, kept.fingerprint);
  return readable === whole && whole !== '' ? whole : hash(said);
}
