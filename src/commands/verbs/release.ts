import { rolesOf } from '../../incident/handover.js';
import { alone } from '../../incident/here.js';
import { holderOf } from '../../incident/state.js';
import { act, called, lineButton, misused, refused } from '../answers.js';
import { roleOf, roleWords } from '../roles.js';
import type { Verb } from '../verb.js';

const sure = /\s*\b(?:now|anyway|all the same)[.!]?$/i;
const filler = /^(?:(?:from|as|the|role|of|my|down)\s+)+|^down$/i;

export const release: Verb = {
  name: 'release',
  aliases: ['step-down', 'stepdown', 'steps-down', 'stepping-down', 'let-go', 'released', 'give-up'],
  group: 'Lead',
  usage: 'release [role] [now]',
  examples: ['release scribe', 'step down as comms', 'release commander now'],
  help: 'Give a role of yours up; whoever commands has it then. Command is handed over instead.',
  where: 'incident',
  read(args, about) {
    const { incident, asker } = about;
    const certain = sure.test(args);
    const word = args.replace(sure, '').replace(filler, '').trim();
    const mine = rolesOf(incident, asker.personId);
    const role = word === '' ? mine[0] : roleOf(word.replace(/\s+/g, '-'));
    if (word !== '' && !role)
      return misused(release, 'The roles are commander, communications, scribe and operations.');
    if (!role || (word === '' && mine.length > 1))
      return mine.length === 0
        ? refused('no-role', `You have no role in ${called(incident)}. /incident take <role> takes one.`)
        : refused(
            'which-role',
            `Which role? You are ${mine.map((each) => roleWords[each]).join(', ')}.`,
            mine.flatMap((each) => lineButton(each, `release ${each}`, { incidentId: incident.id })),
          );
    if (!mine.includes(role))
      return refused('not-yours', `You do not have the role of ${role}. /incident status shows who has.`);
    if (role === 'commander' && !certain)
      return refused(
        'hand-over',
        `Without you nobody commands ${called(incident)}. Hand it over, and you keep it until it is accepted; or let go of it now.`,
        [
          ...lineButton('Hand over…', 'handover', {
            incidentId: incident.id,
            style: 'primary',
            input: { label: 'To whom? @who', required: true },
          }),
          ...lineButton('Let go now', 'release commander now', { incidentId: incident.id }),
        ],
      );
    return act(about, { type: 'releaseRole', role, personId: asker.personId }, (after) => {
      const holder = holderOf(after, role) ?? alone(after);
      const who =
        holder === null
          ? 'Nobody has it now.'
          : holder === asker.personId
            ? 'It is still yours, as long as nobody else takes it.'
            : `${about.names.get(holder) ?? holder} has it now.`;
      return `You are not ${roleWords[role]} of ${called(after)} any more. ${who}`;
    });
  },
};
