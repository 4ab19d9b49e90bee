import type { Incident } from '../incident/state.js';
import { literal } from './literal.js';
import { formatDuration, formatTime } from './zones.js';

/** Longest draft a button carries along. Characters. */
const draftKept = 1_000;

/** What an update could say from what is known; nothing in it is made up. */
export function draftOf(incident: Incident, now: number): string {
  const { impact, workaround, expected, walk } = incident;
  const step = walk && walk.current !== null ? walk.steps[walk.current] : null;
  const parts = [
    `${incident.title}.`,
    impact
      ? `Impact: ${impact.text} (said ${formatDuration(Math.max(0, now - impact.at))} ago).`
      : 'Impact: not stated yet.',
    workaround ? `Workaround: ${workaround.text}.` : '',
    expected && expected.at !== null ? `Expected back at ${formatTime(expected.at)}.` : '',
    step ? `We are at: ${step.title}.` : `Status: ${incident.status}.`,
  ];
  return literal(
    parts
      .filter((part) => part !== '')
      .join(' ')
      .replace(/([.!?])\./g, '$1'),
    draftKept,
  );
}
