import { type Block, type Inline, note, paragraph, strong, text, time } from './card.js';
import { approvalEssentials } from './fallback-approvals.js';
import { crewEssentials } from './fallback-crew.js';
import { promisingEssentials } from './fallback-promising.js';
import { addressed, due, type Lines, list, type Part, say, updateEssentials, who } from './fallback-updates.js';
import { walkEssentials } from './fallback-walk.js';
import { literal } from './literal.js';
import type { TemplateName, TemplateValues } from './values.js';

/** What each message must tell even when its template cannot: plain sentences, the essentials only. */
const essentials: { [N in TemplateName]: (values: TemplateValues[N]) => Lines } = {
  declared: (v) => [
    say('Declared by ', who(v.by), ': ', v.severityReason),
    say(v.firing, ' of ', v.alertCount, ' alerts firing: ', list(v.alertNames)),
    ...due('Acknowledge by ', v.acknowledgeDueAt),
    ...due('Next update due ', v.updateDueAt),
  ],
  triage: (v) => [
    say('For triage: ', v.severityReason),
    say(v.firing, ' of ', v.alertCount, ' alerts firing: ', list(v.alertNames)),
  ],
  'alerts-attached': (v) => [say(v.count, ' alerts by now: ', list(v.alertNames), '. Firing: ', v.firing)],
  'alerts-cleared': (v) => [
    say(v.count, ' alerts cleared: ', list(v.alertNames), '. Still firing: ', v.firing),
    ...(v.proposed === null ? [] : [say('Muster proposes: ', v.proposed)]),
  ],
  acknowledged: (v) => [say('Acknowledged by ', who(v.by))],
  'acknowledge-overdue': (v) => [
    say('Nobody has acknowledged; it was due ', time(v.dueAt)),
    ...v.people.slice(0, 20).map((each) => say(addressed(each))),
  ],
  'severity-changed': (v) => [say('Severity ', v.from, ' to ', v.severity, ' by ', who(v.by), ': ', v.reason)],
  'severity-proposed': (v) => [say('Muster proposes severity ', v.to, ': ', v.reason)],
  'status-changed': (v) => [
    say('Status ', v.from, ' to ', v.status, ' by ', who(v.by), ...(v.reason === null ? [] : [': ', v.reason])),
  ],
  'role-assigned': (v) => [say(addressed(v.person), ' is now ', v.role, ', by ', who(v.by))],
  'role-released': (v) => [
    say(who(v.person), v.stepped ? ' has stepped down as ' : ' has left, and was ', v.role),
    v.holder === null ? say('Nobody has it now.') : say(who(v.holder), ' has it now.'),
  ],
  'role-expectations': (v) => [say('You are ', v.role, '. Type /incident help for what you can do.')],
  note: (v) => [say('Note by ', who(v.by), ' at ', time(v.at), ': ', v.text)],
  impact: (v) => [say('Impact, said by ', who(v.by), ' at ', time(v.at), ': ', v.text)],
  ...walkEssentials,
  ...crewEssentials,
  ...approvalEssentials,
  ...updateEssentials,
  ...promisingEssentials,
  'follow-up-added': (v) => [
    say(
      'Follow-up: ',
      v.text,
      '. Owner: ',
      v.owner === null ? 'nobody yet' : who(v.owner),
      ', due ',
      v.dueOn ?? 'not set',
    ),
  ],
  resolved: (v) => [
    say('Resolved by ', who(v.by)),
    ...(v.summary === null ? [] : [say(v.summary)]),
    ...(v.firing > 0 ? [say('Alerts that still fire: ', v.firing)] : []),
  ],
  reopened: (v) => [say('Reopened by ', who(v.by), ': ', v.reason)],
  closed: (v) => [
    say(v.automatic ? 'Closed by Muster' : 'Closed by ', ...(v.automatic ? [] : [who(v.by)])),
    ...(v.promised > 0 ? [say('Updates on time: ', v.kept, ' of ', v.promised)] : []),
    say('Follow-ups: ', list(v.followUps.map((each) => each.text))),
    ...(v.openSteps.length > 0 ? [say('Steps left open: ', list(v.openSteps))] : []),
    ...(v.firing > 0 ? [say('Alerts that still fire: ', v.firing)] : []),
  ],
  postmortem: (v) => [say('The postmortem draft is ready, version ', v.version)],
  'delivery-failed': (v) => [say('Could not deliver ', v.what, ': ', v.error), say('Job: ', v.jobKey)],
};

const inlines = (parts: readonly Part[]): Inline[] =>
  parts.map((part) => (typeof part === 'object' ? part : text(spaced(String(part)))));

/** Cleaned like every value, but the spaces of our own words stay. */
function spaced(part: string): string {
  const words = literal(part);
  return words === '' ? 'unknown' : `${part.startsWith(' ') ? ' ' : ''}${words}${part.endsWith(' ') ? ' ' : ''}`;
}

/** The built-in text of a message, which says that it stands in for a template. */
export function fallback<N extends TemplateName>(name: N, values: TemplateValues[N]): Block[] {
  const label = `${values.drill ? 'Drill: ' : ''}${values.number === null ? '' : `Incident ${values.number} · `}`;
  return [
    paragraph(strong(`${label}${values.severity} · ${literal(values.title) || 'untitled'}`)),
    ...essentials[name](values).map((line) => paragraph(...inlines(line))),
    note(text(`Built-in text, because the template ${name}.hbs has a problem. Run muster check.`)),
  ];
}
