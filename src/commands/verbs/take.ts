import { alone, answersFor } from '../../incident/here.js';
import { act, called, found, misused } from '../answers.js';
import { roleOf, roleWords } from '../roles.js';
import type { Verb } from '../verb.js';
import { givenStep, stepWords } from '../walk.js';
import { own } from './own.js';

const filler = /^(?:(?:over|as|on|the|role|of|it)\s+)+|^(?:over|it)$/i;

export const take: Verb = {
  name: 'take',
  aliases: ['i-take', "i'll-take", 'ill-take', 'take-over', 'takeover', 'taking'],
  presets: { ic: 'commander' },
  group: 'Lead',
  usage: 'take [commander|communications|scribe|operations | step [number]]',
  examples: ['take', 'take comms', 'take step'],
  help: 'Take a role or a step yourself; without either, command.',
  where: 'incident',
  read(args, about) {
    if (about.incident.status === 'triage' && own.where === 'incident') return own.read(args, about);
    const step = stepWords(args.replace(/^the\s+/i, ''));
    if (step && step.who === '') return givenStep(about, about.asker, step.meant);
    const word = args.replace(filler, '').trim();
    const role = word === '' ? 'commander' : roleOf(word.replace(/\s+/g, '-'));
    if (!role) return misused(take, 'The roles are commander, communications, scribe and operations.');
    return act(about, { type: 'assignRole', role, personId: about.asker.personId }, (after, events) => {
      const previous = found(events, 'roleAssigned')?.previous ?? null;
      const from =
        previous !== null && previous !== about.asker.personId
          ? ` It was ${about.names.get(previous) ?? previous}: tell them.`
          : '';
      const mine = answersFor(after, about.asker.personId);
      const folded =
        alone(after) === about.asker.personId && mine.length > 1
          ? ` You are alone, so you are ${mine.join(', ')}.`
          : '';
      // Whoever comes anew to one that runs has not read what was said.
      const isNew = !about.incident.responders.includes(about.asker.personId) && about.incident.responders.length > 0;
      const brief = isNew ? ' What happened so far: /incident brief' : '';
      return `You are ${roleWords[role]} of ${called(after)}.${from}${folded}${brief}`;
    });
  },
};
