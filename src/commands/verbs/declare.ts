import type { Reply } from '../../chat/platform.js';
import type { Incident } from '../../incident/state.js';
import { type Inline, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { channelName } from '../../messages/names.js';
import { called, misused } from '../answers.js';
import { type Declaration, declaration } from '../options.js';
import type { About, Act, Verb } from '../verb.js';

/** Longest title, in characters. What is longer belongs into a note. */
const longestTitle = 200;

function declared(after: Incident, cut: boolean): Reply {
  const opened = `${called(after)} is declared: ${literal(after.title)}. ${after.severity}, because ${literal(after.severityReason)}.`;
  const walk = after.walk ? ` Playbook: ${literal(after.walk.title)}.` : '';
  const shortened = cut ? ` The title was cut at ${longestTitle} characters; add the rest with /incident note.` : '';
  const said = `${opened}${walk}${shortened}`;
  const label = `#${after.number === null ? 'triage' : channelName(after.number, after.title, after.visibility === 'private')}`;
  const where: Inline = { kind: 'channel', channel: { to: 'incident', incidentId: after.id }, label };
  return {
    text: `${said} Channel: ${label}`,
    card: { tone: after.severity, summary: said, blocks: [paragraph(text(`${said} `), where)] },
  };
}

export const declare: Verb = {
  name: 'declare',
  aliases: ['declared', 'new', 'create', 'new-incident', 'open-incident'],
  group: 'Open and find',
  usage: 'declare [--private] [--sev 1|2|3] [--service NAME] <title>',
  examples: ['declare Registry: pushes fail', 'declare --private --sev 1 A token is in a public log'],
  help: 'Open an incident; free text outside an incident does the same.',
  asks: { label: 'What is wrong?', placeholder: 'Registry: pushes fail', required: true },
  where: 'anywhere',
  read(args, about) {
    const asked = declaration(args);
    if ('wrong' in asked) return misused(declare, asked.wrong);
    if (about.incident?.status === 'triage') return fromTriage(about, about.incident, asked);
    if (!/[\p{L}\p{N}]/u.test(asked.title)) return misused(declare, 'Say what is wrong.');
    const incidentId = about.newIncidentId();
    const letters = [...asked.title];
    const cut = letters.length > longestTitle;
    return {
      kind: 'do',
      incidentId,
      command: {
        type: 'declare',
        incidentId,
        title: cut ? `${letters.slice(0, longestTitle).join('').trimEnd()}…` : asked.title,
        severity: asked.severity,
        reason: null,
        services: asked.services,
        visibility: asked.private ? 'private' : 'public',
        drill: false,
        policy: about.policy,
        playbook: about.choosePlaybook(asked.services),
      },
      answer: (after) => declared(after, cut),
    };
  },
};

/** An entry of the triage queue has its title and services; only severity can be said, with the words as its reason. */
function fromTriage(about: About, entry: Incident, asked: Declaration): Act {
  const { severity, title } = asked;
  if (title !== '' && severity === null)
    return misused(
      declare,
      'This entry has its title already: /incident declare, or /incident declare --sev 2 <reason>.',
    );
  return {
    kind: 'do',
    incidentId: entry.id,
    command: {
      type: 'declare',
      incidentId: entry.id,
      title: null,
      severity,
      reason: title === '' ? null : title,
      services: [],
      visibility: entry.visibility,
      drill: entry.drill,
      policy: about.policy,
      playbook: entry.walk ? null : about.choosePlaybook(entry.services),
    },
    answer: (after) => declared(after, false),
  };
}
