import { situationCard } from '../../messages/situation.js';
import { act, called, lineButton, misused, sayCard } from '../answers.js';
import { firstWords, plainWord } from '../line.js';
import { near } from '../near.js';
import type { Verb } from '../verb.js';
import { close } from './close.js';
import { reopen } from './reopen.js';
import { resolve } from './resolve.js';

type Said = 'investigating' | 'identified' | 'monitoring';
const spoken: Record<Said, readonly string[]> = {
  investigating: ['investigating', 'investigate', 'investigated'],
  identified: ['identified', 'identify', 'identifying', 'cause-found'],
  monitoring: ['monitoring', 'monitor', 'monitored', 'mitigated', 'mitigate', 'mitigating', 'contained', 'stable'],
};
const said = Object.keys(spoken) as Said[];
const ended = [resolve, close, reopen];

export const status: Verb = {
  name: 'status',
  aliases: ['situation', 'standing'],
  presets: {
    investigating: 'investigating',
    identified: 'identified',
    monitoring: 'monitoring',
    mitigate: 'monitoring',
    mitigated: 'monitoring',
    ...Object.fromEntries(['who', 'who-is', 'whos', "who's"].map((word) => [word, 'who'])),
  },
  group: 'Lead',
  usage: 'status [investigating|identified|monitoring] [reason]',
  examples: ['status', 'status identified The disk is full', 'mitigated The mirror takes the reads'],
  help: 'Show where things stand, or say how far you are.',
  plain: true,
  where: 'incident',
  read(args, about) {
    const cut = firstWords(args, 1);
    if (!cut || cut.words[0] === 'who')
      return sayCard(
        situationCard(about.incident, {
          names: about.names,
          now: about.now,
          publicUrl: about.publicUrl,
          playbook: about.playbookOf(about.incident),
        }),
      );
    const word = plainWord(cut.words[0] as string);
    const to = said.find((each) => spoken[each].includes(word));
    if (!to) {
      const end = ended.find((verb) => [verb.name, ...verb.aliases].includes(word));
      if (end?.where === 'incident') return end.read(cut.rest, about);
      const meant = near(word, [...Object.values(spoken).flat(), 'resolved', 'closed']).slice(0, 2);
      const instead = meant.flatMap((each) =>
        lineButton(each, `status ${each} ${cut.rest}`.trim(), { incidentId: about.incident.id }),
      );
      const guess = meant.length > 0 ? ` Did you mean ${meant.join(' or ')}?` : '';
      return misused(status, `An incident is investigating, identified or monitoring.${guess}`, instead);
    }
    return act(
      about,
      { type: 'changeStatus', to, reason: cut.rest === '' ? null : cut.rest },
      (after) => `${called(after)} is now ${after.status}.`,
    );
  },
};
