import { rolesOf } from '../../incident/handover.js';
import type { Incident, Role } from '../../incident/state.js';
import { type Block, paragraph, strong, text, time } from '../../messages/card.js';
import { handoverNote } from '../../messages/handover-note.js';
import { rolesInWords } from '../../messages/handover-words.js';
import { literal } from '../../messages/literal.js';
import { personInline } from '../../messages/situation.js';
import { formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, refused, sayCard, withButtons } from '../answers.js';
import { firstWords } from '../line.js';
import { type Known, onePerson } from '../people.js';
import { roleOf } from '../roles.js';
import type { Act, Verb, Within } from '../verb.js';

/** Of a note, whoever wrote it. Characters. */
const noteKept = 1_900;

const answers: Record<string, 'accept' | 'decline' | 'withdraw'> = {
  ...{ accept: 'accept', accepted: 'accept', accepts: 'accept', take: 'accept' },
  ...{ decline: 'decline', declined: 'decline', refuse: 'decline', reject: 'decline' },
  ...{ cancel: 'withdraw', withdraw: 'withdraw', withdrawn: 'withdraw', stop: 'withdraw' },
};

export const handover: Verb = {
  name: 'handover',
  aliases: ['hand-over', 'handing-over', 'handed-over', 'handoff', 'hand-off', 'pass-on'],
  group: 'Lead',
  usage: 'handover [role] @who [note] | accept | decline <reason> | cancel',
  examples: ['handover @cleo', 'handover comms @cleo', 'handover accept', 'handover decline I am on a train'],
  help: 'Hand your roles over with a note that Muster writes; you keep them until it is accepted.',
  asks: { label: 'To whom? @who', placeholder: '@bob', required: true },
  where: 'incident',
  async read(args, about) {
    const first = firstWords(args, 1);
    if (!first) return standing(about);
    const word = (first.words[0] as string).toLowerCase();
    const answer = Object.hasOwn(answers, word) ? answers[word] : undefined;
    if (answer) return answered(answer, first.rest, about);
    const send = /^(?:send|sends)$/.test(word);
    const said = await meant(send ? first.rest : args, about);
    if ('act' in said) return said.act;
    const { to, roles, words } = said;
    const note = words === '' || !send ? await noteOf(about, roles, words) : words;
    return send || words !== '' ? offered(about, to, { roles, note }) : drafted(about, to, { roles, note });
  },
};

interface Given {
  roles: Role[] | null;
  note: string;
}

/** `comms @cleo …`, `to @bob …`; a name with a space in it is asked about. */
async function meant(
  args: string,
  about: Within,
): Promise<{ to: Known; roles: Role[] | null; words: string } | { act: Act }> {
  let rest = args.replace(/^(?:over\s+)?(?:to|with)\s+/i, '');
  const cut = firstWords(rest, 1);
  const role = cut && !cut.words[0]?.startsWith('@') ? roleOf(cut.words[0] as string) : null;
  if (role && cut) rest = cut.rest.replace(/^to\s+/i, '');
  const named = firstWords(rest, 1);
  if (!named) return { act: misused(handover, 'Who takes over?') };
  const who = named.words[0] as string;
  const one = await onePerson(about, who, (personId) =>
    ['handover', role ?? '', `@${personId}`, named.rest].filter((each) => each !== '').join(' '),
  );
  return 'act' in one ? one : { to: one.person, roles: role ? [role] : null, words: named.rest };
}

async function noteOf(
  { incident, reads, viewer, names, now }: Within,
  roles: Role[] | null,
  words: string,
): Promise<string> {
  const events = await reads.timeline(viewer, incident.id);
  const note = handoverNote(incident, events, { names, now, roles });
  return (words === '' ? note : `${words}\n${note}`).slice(0, noteKept);
}

/** The note before it is sent, with what sends it. */
function drafted(about: Within, to: Known, { roles, note }: Given): Act {
  const { incident, asker } = about;
  const held = roles ?? rolesOf(incident, asker.personId);
  const line = ['handover send', roles?.[0] ?? '', `@${to.personId}`].filter((each) => each !== '').join(' ');
  const on = { incidentId: incident.id };
  const what = rolesInWords(held.length > 0 ? held : ['commander']);
  const summary = `This note goes to ${to.name} alone. You keep ${what} until it is accepted.`;
  return sayCard({
    tone: incident.severity,
    summary,
    blocks: withButtons(
      [paragraph(text(summary)), lines(note)],
      [
        ...lineButton(`Send to ${literal(to.name, 30)}`, line, { ...on, style: 'primary' }),
        ...lineButton('Edit…', line, {
          ...on,
          input: { label: 'Note', required: true, value: note.replace(/\n/g, ' \u00b7 ') },
        }),
      ],
    ),
  });
}

const lines = (note: string): Block => ({
  kind: 'list',
  ordered: false,
  items: note.split('\n').map((each) => [text(literal(each))]),
});

const offered = (about: Within, to: Known, { roles, note }: Given): Act =>
  act(about, { type: 'offerHandover', to: to.personId, roles, note: note.slice(0, noteKept) }, (_, events) => {
    const offer = found(events, 'handoverOffered');
    const asks = offer ? ` Muster reminds them at ${formatTime(offer.askAt)}, then asks somebody else.` : '';
    return `${to.name} has been asked, with the note. You keep ${rolesInWords(offer?.roles ?? [])} until it is accepted.${asks}`;
  });

function answered(how: 'accept' | 'decline' | 'withdraw', words: string, about: Within): Act {
  if (how === 'withdraw')
    return act(about, { type: 'withdrawHandover' }, (after) => `Taken back. Nothing has changed in ${called(after)}.`);
  if (how === 'decline')
    return words === ''
      ? misused(handover, 'Why not? Whoever hands over has to know.', [
          ...lineButton('Decline…', 'handover decline', {
            incidentId: about.incident.id,
            input: { label: 'Why?', required: true },
          }),
        ])
      : act(about, { type: 'declineHandover', reason: words }, (_, events) => {
          const next = found(events, 'handoverClimbed')?.to ?? null;
          return next === null
            ? 'Declined; whoever hands over has been told.'
            : `Declined; ${about.names.get(next) ?? next} is asked now.`;
        });
  return act(about, { type: 'acceptHandover' }, (after, events) => {
    const taken = found(events, 'handoverAccepted');
    return `You have ${rolesInWords(taken?.roles ?? [])} of ${called(after)} now. The channel has been told, and ${nameOf(about, taken?.from)} with it.${due(after)}`;
  });
}

const nameOf = ({ names }: Within, personId: string | undefined): string => names.get(personId ?? '') ?? personId ?? '';
const due = ({ updates }: Incident): string =>
  updates.dueAt === null ? '' : ` The next update is due at ${formatTime(updates.dueAt)}.`;

/** How the one that waits stands, with what the asker can do about it. */
function standing(about: Within): Act {
  const { incident, asker, names } = about;
  const waits = incident.handover;
  if (!waits)
    return rolesOf(incident, asker.personId).length > 0
      ? misused(handover, 'Who takes over?')
      : refused('no-handover', `No handover waits in ${called(incident)}. To offer one: /incident handover @who`);
  const on = { incidentId: incident.id };
  const mine = waits.asked.includes(asker.personId);
  const summary = `${nameOf(about, waits.from)} hands ${rolesInWords(waits.roles)} of ${called(incident)} over.`;
  return sayCard({
    tone: incident.severity,
    summary,
    blocks: withButtons(
      [
        paragraph(
          strong('Waits since '),
          time(waits.offeredAt),
          text(': '),
          personInline(waits.from, names),
          text(` hands ${rolesInWords(waits.roles)} over. Asked: `),
          ...waits.asked.flatMap((each, index) => [...(index > 0 ? [text(', ')] : []), personInline(each, names)]),
        ),
        ...(mine || waits.from === asker.personId ? [lines(waits.note)] : []),
      ],
      [
        ...(mine ? lineButton('Accept', 'handover accept', { ...on, style: 'primary' }) : []),
        ...(mine
          ? lineButton('Decline…', 'handover decline', { ...on, input: { label: 'Why?', required: true } })
          : []),
        ...(waits.from === asker.personId ? lineButton('Take it back', 'handover cancel', on) : []),
      ],
    ),
  });
}
