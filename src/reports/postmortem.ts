import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';
import type { AlertFigures } from './alert-figures.js';
import { approvals } from './approvals.js';
import { badly, controls, factors, late, recurrence, well, whatFailed, wrong } from './prompts.js';
import type { Names } from './timeline-words.js';
import { detection, impact, overview, severityHistory, times } from './what-happened.js';
import { followUps, rolesHeld, steps, timelineRows, updates } from './what-was-done.js';
import { outside } from './write.js';

/** What the ledger of the incident does not hold itself. */
export interface About {
  names: Names;
  /** A playbook it was worked with, by content hash; null: its text cannot be read. */
  playbookOf(hash: string): Pick<Playbook, 'owner' | 'reviewed'> | null;
  alerts: AlertFigures;
  /** IANA zones shown beside UTC. */
  zones: readonly string[];
  /** Links lead here; no slash at its end. */
  publicUrl: string;
}

/** `#` at the end of a heading would be taken for its closing mark. */
const heading = (text: string): string => outside(text).replace(/(#+)$/, '\\$1');

/** All that the sections are written from. */
export interface Told extends About {
  incident: Incident;
  timeline: readonly TimelineEvent[];
}

/**
 * The draft of a postmortem in Markdown. Pure: the same ledger gives the same bytes. What people and alerts wrote stands
 * there literally; what is missing stands out in bold; what only people can answer is a question in italics.
 */
export function draftPostmortem(incident: Incident, timeline: readonly TimelineEvent[], about: About): string {
  // The drafts themselves are no part of what happened: a second draft of the same ledger reads as the first.
  const told = { ...about, incident, timeline: timeline.filter(({ type }) => type !== 'postmortemDrafted') };
  const sections = [
    overview,
    impact,
    times,
    severityHistory,
    timelineRows,
    steps,
    approvals,
    updates,
    rolesHeld,
    followUps,
  ];
  const questions = [detection, whatFailed, late, wrong, controls, factors, well, badly, recurrence];
  const title = `# Postmortem${incident.drill ? ' of a drill' : ''}: ${heading(incident.title)}`;
  return `${[title, ...[...sections, ...questions].map((part) => part(told)).filter((part) => part !== '')].join('\n\n')}\n`;
}
