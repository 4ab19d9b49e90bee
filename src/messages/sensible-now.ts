import { isAcknowledged } from '../incident/escalation.js';
import { type Incident, isOpen } from '../incident/state.js';
import { type Block, type Button, buttons, paragraph, strong, text } from './card.js';
import { literal } from './literal.js';

/** Longest reason a proposal's button carries along. Characters. */
const textKept = 500;

/** A button that works wherever the card is shown. */
export const incidentButton = (
  incident: Incident,
  label: string,
  line: string,
  extra: Partial<Button> = {},
): Button => ({
  label,
  command: `/incident ${line}`,
  incidentId: incident.id,
  ...extra,
});
const asking = (label: string, required = true) => ({ input: { label, required } });

/** What can sensibly be done with a declared incident as it stands, the most urgent first. */
export function sensibleNow(incident: Incident): Button[] {
  const on = (label: string, line: string, extra: Partial<Button> = {}) => incidentButton(incident, label, line, extra);
  if (incident.status === 'resolved')
    return [
      on('Close', 'close', { style: 'primary' }),
      on('Reopen…', 'reopen', asking('Why is it open again?')),
      on('Follow-up…', 'action', asking('What, @who, by when?')),
    ];
  if (!isOpen(incident))
    return [
      on('Reopen…', 'reopen', asking('Why is it open again?')),
      on('Follow-up…', 'action', asking('What, @who, by when?')),
    ];
  const { walk } = incident;
  const seen = isAcknowledged(incident);
  const over = incident.status === 'monitoring' || incident.alerts.firing === 0;
  const update = on('Update…', 'update', asking('What should stakeholders know?'));
  const late = seen && incident.updates.overdueSince !== null;
  const all: (Button | false)[] = [
    !seen && on('Acknowledge', 'ack'),
    late && update,
    !incident.roles.commander && on('Take command', 'take commander'),
    walk !== null &&
      walk.finishedAt === null &&
      (walk.startedAt === null ? on('Start the playbook', 'next') : on('Show the step', 'next')),
    !late && update,
    incident.impact === null && on('State impact…', 'impact', asking('Who is affected, and how?')),
    seen &&
      incident.status === 'investigating' &&
      on('Cause found…', 'status identified', asking('What is it?', false)),
    seen && incident.status === 'identified' && on('Mitigated…', 'status monitoring', asking('What helped?', false)),
    seen && over && on('Resolve…', 'resolve', asking('What ended it?', false)),
  ];
  const [first, ...others] = all.filter((each) => each !== false);
  return first ? [{ ...first, style: 'primary' }, ...others] : [];
}

/** What Muster proposes and does not do by itself, each with the button that accepts it. */
export function proposals(incident: Incident): Block[] {
  const { severityProposal: severity, statusProposal: status } = incident;
  const blocks: Block[] = [];
  if (severity && isOpen(incident)) {
    const reason = literal(severity.reason, textKept);
    blocks.push(
      paragraph(strong('Proposed: '), text(`${severity.severity}, because ${reason}`)),
      buttons(incidentButton(incident, `Make it ${severity.severity}`, `sev ${severity.severity} ${reason}`)),
    );
  }
  if (status && isOpen(incident)) {
    const reason = literal(status.reason, textKept);
    const line = status.status === 'resolved' ? `resolve ${reason}` : `status ${status.status} ${reason}`;
    blocks.push(
      paragraph(strong('Proposed: '), text(`${status.status}, because ${reason}`)),
      buttons(incidentButton(incident, `Accept: ${status.status}`, line)),
    );
  }
  return blocks;
}
