import type { Rotation } from './rotation.js';

/** Who is on call when, by a name: read from a calendar that somebody else keeps, or a rotation of one's own. */
export type Schedule = { name: string } & (
  | {
      kind: 'calendar';
      /** An http(s) address, or a file. It may hold a secret: show `placeShown`. */
      place: string;
      refreshEveryMs: number;
      /** For times that name no zone, instead of the calendar's own; null: the calendar's. */
      zone: string | null;
      /** Ids of people by what the calendar calls them. */
      names: Record<string, string>;
    }
  | ({ kind: 'rotation' } & Rotation)
);

export type CalendarSchedule = Extract<Schedule, { kind: 'calendar' }>;

export const isAddress = (place: string): boolean => /^https?:\/\//i.test(place);

/** Of an address only the host: what follows opens the calendar to whoever reads it. */
export const placeShown = (place: string): string => (isAddress(place) ? new URL(place).host : place);
