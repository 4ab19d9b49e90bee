import { act, called, misused } from '../answers.js';
import { onePerson } from '../people.js';
import { roleOf, roleWords } from '../roles.js';
import type { Act, Verb, Within } from '../verb.js';
import { givenStep, type StepWords, stepWords } from '../walk.js';

export const assign: Verb = {
  name: 'assign',
  aliases: ['assigned', 'appoint', 'delegate'],
  group: 'Lead',
  usage: 'assign <role | step [number]> @who',
  examples: ['assign comms @cleo', 'assign operations me', 'assign step @cleo', 'assign step 3 @cleo'],
  help: 'Give a role or a step of the playbook to somebody, by name or id.',
  asks: { label: 'Role and person', placeholder: 'communications @cleo', required: true },
  where: 'incident',
  async read(args, about) {
    const step = stepWords(args);
    if (step) return giveStep(about, step);
    const words = args.split(/\s+/).filter((word) => word !== '' && !/^to$/i.test(word));
    const first = roleOf(words[0] ?? '');
    // "assign @ada commander" says the same.
    const role = first ?? roleOf(words.at(-1) ?? '');
    const who = (first ? words.slice(1) : words.slice(0, -1)).join(' ');
    if (!role) return misused(assign, 'Which role? commander, communications, scribe or operations.');
    if (who === '') return misused(assign, `Who becomes ${role}?`);
    const one = await onePerson(about, who, (personId) => `assign ${role} @${personId}`);
    if ('act' in one) return one.act;
    const { personId, name } = one.person;
    return act(about, { type: 'assignRole', role, personId }, (after) => {
      const mine = personId === about.asker.personId;
      return `${mine ? 'You are' : `${name} is`} ${roleWords[role]} of ${called(after)}.`;
    });
  },
};

async function giveStep(about: Within, { meant, who, line }: StepWords): Promise<Act> {
  if (who === '') return misused(assign, 'Who does the step?');
  const one = await onePerson(about, who, (personId) => `assign ${line} @${personId}`);
  return 'act' in one ? one.act : givenStep(about, one.person, meant);
}
