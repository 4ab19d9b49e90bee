import { calendarLimits } from './limits.js';

/** A calendar cut into its entries, each as text of its own. */
export interface Parts {
  entries: string[];
  zones: string[];
  /** X-WR-TIMEZONE: what the calendar calls its own zone. */
  zone: string | null;
  /** Entries that were too long or too many. */
  leftOut: number;
}

/** It is no calendar, or not a whole one; the message says why and quotes nothing of it. */
export class NotACalendar extends Error {}

/**
 * Cuts without looking inside, so that one broken entry costs only itself. What is inside an entry (alarms) is dropped.
 * @throws NotACalendar
 */
export function partsOf(text: string): Parts {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n');
  const filled = (line: string): boolean => line.trim() !== '';
  if (!/^BEGIN:VCALENDAR\s*$/i.test(lines.find(filled) ?? ''))
    throw new NotACalendar(/^\s*</.test(text) ? 'it is a web page and no calendar' : 'it is not a calendar');
  if (!/^END:VCALENDAR\s*$/i.test(lines.findLast(filled) ?? '')) throw new NotACalendar('it ends in the middle');
  const parts: Parts = { entries: [], zones: [], zone: null, leftOut: 0 };
  let open: string[] = [];
  let kept: string[] = [];
  let characters = 0;
  for (const line of lines) {
    const begins = /^BEGIN:([A-Z-]+)\s*$/i.exec(line)?.[1]?.toUpperCase();
    const ends = /^END:([A-Z-]+)\s*$/i.exec(line)?.[1]?.toUpperCase();
    if (begins !== undefined) open.push(begins);
    const [, outer, ...inner] = open;
    if (outer === undefined && /^X-WR-TIMEZONE[:;]/i.test(line)) parts.zone = line.replace(/^[^:]*:/, '').trim();
    if (outer === 'VTIMEZONE' || (outer === 'VEVENT' && inner.length === 0)) {
      characters += line.length;
      if (characters <= calendarLimits.entryCharacters) kept.push(line);
    }
    if (ends === undefined) continue;
    if (open.length === 2 && (ends === 'VEVENT' || ends === 'VTIMEZONE')) {
      const list = ends === 'VEVENT' ? parts.entries : parts.zones;
      if (characters > calendarLimits.entryCharacters || list.length >= calendarLimits.entries) parts.leftOut++;
      else list.push(kept.join('\n'));
    }
    if (open.length <= 2) {
      kept = [];
      characters = 0;
    }
    open = open.slice(0, Math.max(0, open.lastIndexOf(ends)));
  }
  return parts;
}
