import type { Reply } from '../../chat/platform.js';
import type { Incident } from '../../incident/state.js';
import { type Button, buttons, type Inline, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { channelName } from '../../messages/names.js';
import { formatRelative } from '../../messages/zones.js';
import { alike } from '../alike.js';
import { called, lineButton, misused, onButton, refused } from '../answers.js';
import { type Declaration, declaration } from '../options.js';
import type { About, Act, Verb } from '../verb.js';

/** Longest title, in characters. What is longer belongs into a note. */
const longestTitle = 200;

function declared(after: Incident, cut: boolean, like: readonly Incident[] = []): Reply {
  const opened = `${called(after)} is declared: ${literal(after.title)}. ${after.severity}, because ${literal(after.severityReason)}.`;
  const walk = after.walk ? ` Playbook: ${literal(after.walk.title)}.` : '';
  const shortened = cut ? ` The title was cut at ${longestTitle} characters; add the rest with /incident note.` : '';
  const [first] = like;
  const hint = first ? ` It looks like ${named(first)}; if it is the same, merge them.` : '';
  const said = `${opened}${walk}${shortened}${hint}`;
  const label = `#${after.number === null ? 'triage' : channelName(after.number, after.title, after.visibility === 'private')}`;
  const where: Inline = { kind: 'channel', channel: { to: 'incident', incidentId: after.id }, label };
  return {
    text: `${said} Channel: ${label}`,
    card: {
      tone: after.severity,
      summary: said,
      blocks: [paragraph(text(`${said} `), where), ...(first ? [merging(after, first)] : [])],
    },
  };
}

const merging = (after: Incident, into: Incident) =>
  buttons(
    into.number === null
      ? { label: 'Merge the entry into this', command: `/incident merge into #${after.number}`, incidentId: into.id }
      : { label: `Merge into #${into.number}`, command: `/incident merge into #${into.number}`, incidentId: after.id },
  );

const named = ({ number, title }: Incident): string =>
  number === null ? `“${literal(title, 80)}” in the triage queue` : `#${number} “${literal(title, 80)}”`;

/** Before a second one opens for the same trouble: one press joins the first, with the words; another goes ahead. */
function ask(args: string, asked: Declaration, like: readonly Incident[], about: About): Act {
  const { title } = asked;
  const all = like.flatMap((each, index): Button[] => {
    const extra = { incidentId: each.id, ...(index === 0 && { style: 'primary' as const }) };
    if (each.number === null) return lineButton(`Declare “${literal(each.title, onButton)}”`, 'declare', extra);
    // What is meant for few is not said to all.
    const words = asked.private && each.visibility === 'public' ? '' : ` ${title}`;
    const whole = lineButton(`Join #${each.number}`, `join${words}`, extra);
    return whole.length > 0 ? whole : lineButton(`Join #${each.number}`, 'join', extra);
  });
  const those = like
    .map(
      (each) =>
        `${named(each)} (${each.severity}, ${each.status}, ${formatRelative(each.declaredAt ?? each.openedAt, about.now)})`,
    )
    .join(' or ');
  return refused('looks-alike', `Nothing is opened yet: this looks like ${those}. Is it the same?`, [
    ...all,
    ...lineButton('Declare anyway', `declare --anyway ${args}`),
  ]);
}

export const declare: Verb = {
  name: 'declare',
  aliases: ['declared', 'new', 'create', 'new-incident', 'open-incident'],
  group: 'Open and find',
  usage: 'declare [--private] [--sev 1|2|3] [--service NAME] [--anyway] <title>',
  examples: ['declare Registry: pushes fail', 'declare --private --sev 1 A token is in a public log'],
  help: 'Open an incident; free text outside an incident does the same.',
  asks: { label: 'What is wrong?', placeholder: 'Registry: pushes fail', required: true },
  where: 'anywhere',
  async read(args, about) {
    const asked = declaration(args);
    if ('wrong' in asked) return misused(declare, asked.wrong);
    if (about.incident?.status === 'triage') return fromTriage(about, about.incident, asked);
    if (!/[\p{L}\p{N}]/u.test(asked.title)) return misused(declare, 'Say what is wrong.');
    const like = asked.anyway ? [] : await alike(asked, about);
    if (like.length > 0 && !about.byProgram) return ask(args, asked, like, about);
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
      answer: (after) => declared(after, cut, like),
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
