import { onTimeWithinMs } from '../incident/evolve/updates.js';
import { type Incident, roles, type Walk, type WalkStep, walksOf } from '../incident/state.js';
import type { Told } from './postmortem.js';
import { type Punctuality, promisesKept } from './promises.js';
import { ofType } from './spans.js';
import { actorName, describe, nameOf } from './timeline-words.js';
import {
  bullets,
  count,
  gap,
  inCell,
  instant,
  type Markdown,
  outside,
  prompt,
  redacted,
  section,
  span,
  table,
} from './write.js';

/** Every row leads to its event, as evidence. */
export function timelineRows({ incident, timeline, names, publicUrl }: Told): Markdown {
  const link = (seq: number): Markdown =>
    incident.number === null
      ? String(seq)
      : `[${seq}](<${publicUrl}/api/incidents/${incident.number}/timeline/${seq}>)`;
  const inTime = timeline.toSorted((a, b) => a.at - b.at || a.seq - b.seq);
  const rows = inTime.map((event) => [instant(event.at), link(event.seq), inCell(describe(event, names))]);
  return section(
    'Timeline',
    'All times are UTC; the number leads to the event as it was recorded.',
    table(['When', 'Event', 'What'], rows),
  );
}

const stepWords: Record<WalkStep['state'], string> = {
  open: gap('still open'),
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  passed: 'not needed',
};

/** Every playbook there was: the one in hand at the end, then those beside it. */
export function steps(told: Told): Markdown {
  const [first, ...others] = walksOf(told.incident);
  if (!first)
    return section(
      'Playbook',
      gap('No playbook was used.'),
      prompt('Which playbook would have helped? Who writes it?'),
    );
  return [walked(first, 'Playbook', told), ...others.map((walk) => walked(walk, 'Playbook set aside', told))].join(
    '\n\n',
  ) as Markdown;
}

function walked(walk: Walk, heading: string, told: Told): Markdown {
  const { playbookOf, names } = told;
  const playbook = playbookOf(walk.hash);
  const rows = walk.steps.map((step, index) => [
    String(index + 1),
    inCell(step.phase),
    inCell(step.title),
    stepWords[step.state],
    step.startedAt !== null && step.endedAt !== null ? span(Math.max(0, step.endedAt - step.startedAt)) : '',
    step.by === null ? '' : inCell(nameOf(step.by, names)),
    step.said === null ? (step.state === 'done' ? 'no evidence given' : '') : inCell(step.said),
  ]);
  const ended = walk.steps.filter(({ endedAt }) => endedAt !== null).length;
  const passed = walk.steps.filter(({ state }) => state === 'passed').length;
  const about = [
    `${outside(walk.title)}, chosen because ${outside(walk.reason)}.`,
    playbook?.owner ? `Owner: ${outside(playbook.owner)}.` : gap('It has no owner.'),
    playbook?.reviewed ? `Last reviewed ${outside(playbook.reviewed)}.` : gap('It was never reviewed.'),
  ].join(' ');
  return section(
    heading,
    about,
    walk.startedAt === null
      ? gap('It was never started.')
      : `${ended} of ${count(walk.steps.length, 'step')} ended${passed === 0 ? '' : `, ${passed} were not needed`}${walk.finishedAt === null ? '' : `, in ${span(Math.max(0, walk.finishedAt - walk.startedAt))}`}.`,
    table(['Step', 'Phase', 'What', 'State', 'Took', 'By', 'Evidence or reason'], rows),
    suggested(walk, told),
    prompt('Which step was missing, wrong or too slow? Change the playbook now.'),
  );
}

function suggested({ hash }: Walk, { incident, names, publicUrl }: Told): Markdown {
  const ours = (incident.suggestions ?? []).filter((each) => each.hash === hash);
  if (ours.length === 0) return '' as Markdown;
  const lines = ours.map(({ step, by, text }) => {
    const where = step === null ? 'the whole page' : `step ${step + 1}`;
    return `${where}, by ${by === null ? 'somebody' : outside(nameOf(by, names))}: ${outside(text)}` as Markdown;
  });
  return `Suggested for the playbook ([as a patch](<${publicUrl}/api/incidents/${incident.number}/playbook.patch>)):\n\n${bullets(lines)}` as Markdown;
}

const kept = (who: string, { count: posted, onTime, lateMs }: Punctuality): Markdown =>
  `${count(posted, 'update')} ${who}: ${onTime} on time${lateMs.length > 0 ? `, ${lateMs.length} late by ${lateMs.map(span).join(', ')}` : ''}`;

/** Of the incident, never of a person: what Muster posts by itself keeps nothing. */
function punctual({ updates: { punctuality } }: Incident): Markdown[] {
  if (!punctuality || punctuality.made === 0) return [];
  const { made, kept: inTime, latestMs, silenceMs } = punctuality;
  const latest = latestMs > onTimeWithinMs ? `; the latest came ${span(latestMs)} late` : '';
  return [
    `People kept ${inTime} of ${count(made, 'promise')}${latest}; the longest silence was ${span(silenceMs)}` as Markdown,
  ];
}

export function updates({ incident, timeline, names }: Told): Markdown {
  const posted = ofType(timeline, 'updatePosted');
  const every = incident.policy.severities[incident.severity].updateEveryMs;
  const promise =
    every === null ? `${incident.severity} promises none.` : `${incident.severity} promises one every ${span(every)}.`;
  if (posted.length === 0) return section('Status updates', gap('No status update was posted.'), promise);
  const { human, automatic, missed } = promisesKept(timeline);
  const rows = posted.map(({ at, actor, body, redacted: erased }) => [
    String(body.number ?? ''),
    instant(at),
    body.automatic ? 'automatic' : inCell(actorName(actor, names)),
    body.promisedAt ? instant(body.promisedAt) : 'nothing',
    body.lateMs > onTimeWithinMs ? gap(`${span(body.lateMs)} late`) : 'on time',
    erased ? redacted : inCell(body.text ?? (body.impact ? `Impact as last stated: ${body.impact.text}` : '')),
  ]);
  return section(
    'Status updates',
    bullets([
      ...punctual(incident),
      kept('by people', human),
      kept('by Muster itself', automatic),
      ...(missed > 0 ? [gap(`${count(missed, 'promise')} kept by nobody`)] : []),
      `On time means within ${span(onTimeWithinMs)} of the promise; ${promise}`,
    ]),
    table(['Update', 'When', 'By', 'Promised for', 'Kept', 'Text'], rows),
  );
}

export function rolesHeld({ incident, timeline, names }: Told): Markdown {
  const taken = ofType(timeline, 'roleAssigned');
  const rows = roles.map((role) => {
    const holders = taken.filter(({ body, redacted: erased }) => !erased && body.role === role);
    const words = holders.map(({ at, body }) => `${inCell(nameOf(body.personId, names))} from ${instant(at)}`);
    return [role, words.join(', then ') || gap('nobody')];
  });
  const others = incident.responders.map((personId) => outside(nameOf(personId, names)));
  return section(
    'Roles',
    table(['Role', 'Who'], rows),
    others.length > 0 ? `Responders: ${others.join(', ')}.` : gap('Nobody responded.'),
  );
}

export function followUps({ incident, names }: Told): Markdown {
  const rows = incident.followUps.map(({ id, text, owner, dueOn }) => [
    String(id),
    inCell(text),
    owner === null ? gap('no owner') : inCell(nameOf(owner, names)),
    dueOn === null ? gap('no due date') : inCell(dueOn),
  ]);
  return section(
    'Follow-ups',
    rows.length > 0 ? table(['No.', 'What', 'Owner', 'Due'], rows) : gap('No follow-up was written down.'),
    prompt('Does each of these make the next one shorter or rarer? Each needs an owner and a day.'),
  );
}
