import type { Matching } from '../alerts/quiet/matching.js';

/** What somebody keeps quiet from chat: at once, or (maintenance) for a while that is to come. */
export interface Silence {
  number: number;
  kind: 'silence' | 'maintenance';
  /** Any of these. */
  what: Matching[];
  because: string;
  setBy: string;
  setAt: number;
  fromAt: number;
  untilAt: number;
  /** Where it was declared and where its end is told; null: whoever declared it is told. */
  incidentId: string | null;
  /** null: it holds, or is to come. */
  endedAt: number | null;
}

export const holderOf = ({ number }: Pick<Silence, 'number'>): string => `silence/${number}`;

export const called = ({ kind, number }: Pick<Silence, 'kind' | 'number'>): string => `${kind} ${number}`;

export const longestMs = 7 * 86_400_000;
