import type { Incident } from '../incident/state.js';
import { type Told, toldNow } from '../incident/told.js';
import { literal } from './literal.js';
import { formatTime } from './zones.js';

/** What an update would tell that the last one did not, line by line. */
interface Changes {
  /** When the last one was told; null: this is the first. */
  since: number | null;
  removed: string[];
  added: string[];
}

const lineAtMost = 300;
const doneAtMost = 5;

function factsOf(told: Told): string[] {
  const expected =
    told.expectedAt === null
      ? told.expectedWhy && `not known yet: ${told.expectedWhy}`
      : `${formatTime(told.expectedAt, 'UTC', 'date')}${told.expectedWhy === null ? '' : `: ${told.expectedWhy}`}`;
  const facts: [string, string | null][] = [
    ['Severity', told.severity],
    ['Status', told.status],
    ['Impact', told.impact],
    ['Workaround', told.workaround],
    ['Expected back', expected],
    ['Being done', told.doing],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [literal(`${label}: ${value}`, lineAtMost)]));
}

/** Titles of the steps that were done after the last update, in order. */
export const doneSince = ({ walk, updates }: Incident): string[] =>
  (walk?.trail ?? [])
    .flatMap((index) => walk?.steps[index] ?? [])
    .filter(({ state, endedAt }) => state === 'done' && endedAt !== null && endedAt > (updates.lastAt ?? -1))
    .map(({ title }) => title)
    .slice(-doneAtMost);

/** The difference to the last update, from what stands in the ledger now. */
export function changesOf(incident: Incident): Changes {
  const { told, lastAt } = incident.updates;
  const before = told === null ? [] : factsOf(told);
  const now = factsOf(toldNow(incident));
  return {
    since: told === null ? null : lastAt,
    removed: before.filter((fact) => !now.includes(fact)),
    added: [
      ...now.filter((fact) => !before.includes(fact)),
      ...doneSince(incident).map((title) => literal(`Done: ${title}`, lineAtMost)),
    ],
  };
}
