import { misused, sayCard } from '../answers.js';
import { firstWords, plainWord } from '../line.js';
import { end, extend, keepQuiet } from '../silence-change.js';
import { listCard } from '../silence-show.js';
import type { About, Act, Verb } from '../verb.js';

const lists = ['list', 'show', 'status', 'ls'];
const ends = ['end', 'ends', 'stop', 'lift', 'remove', 'drop', 'expire', 'off', 'delete'];
const extensions = ['extend', 'prolong', 'longer', 'lengthen'];

const silenceHelp = {
  usage:
    'silence <service=… name=… host=… source=… label=value | this | everything> for 2h because … | end 3 | extend 3 1h',
  examples: [
    'silence service=registry for 2h because kernel update',
    'silence name=Disk* host=db-1 until 18:00 because the disk is being replaced',
    'silence extend 3 1h',
    'unsilence 3',
  ],
};
const maintenanceHelp = {
  usage: 'maintenance [service=… name=… host=… source=… label=value sat 02:00 for 3h because …] | end 4',
  examples: ['maintenance service=registry sat 02:00 for 3h because new disks', 'maintenance end 4'],
};

const verb =
  (kind: 'silence' | 'maintenance', help: typeof silenceHelp) =>
  (args: string, about: About): Act | Promise<Act> => {
    const cut = firstWords(args, 1);
    if (!cut) return kind === 'maintenance' ? listed(about) : misused(help, 'Which alerts, until when, and why?');
    const word = plainWord(cut.words[0] as string);
    if (word === 'yes') return keepQuiet(kind, cut.rest, true, help, about);
    if (word === 'cancel' && cut.rest === '')
      return { kind: 'say', reply: { text: 'Nothing is kept quiet, nothing was changed.' } };
    if (lists.includes(word) && cut.rest === '') return listed(about);
    if (ends.includes(word)) return end(cut.rest.replace(/^(?:silence|maintenance)\s+/i, ''), about);
    if (extensions.includes(word)) return extend(cut.rest, help, about);
    return keepQuiet(kind, args, false, help, about);
  };

const listed = async (about: About): Promise<Act> => sayCard(await listCard(about));

export const silence: Verb = {
  name: 'silence',
  aliases: ['mute', 'hush', 'suppress', 'silenced', 'silencing'],
  presets: { unsilence: 'end', unmute: 'end' },
  group: 'Triage queue',
  ...silenceHelp,
  help: 'Keep alerts quiet for a while; first it shows what that takes with it. Ends by itself, and what still fires is heard then.',
  asks: {
    label: 'Which alerts, until when, and why',
    placeholder: 'service=registry for 2h because kernel update',
    required: true,
  },
  where: 'anywhere',
  read: verb('silence', silenceHelp),
};

export const maintenance: Verb = {
  name: 'maintenance',
  aliases: ['downtime', 'maintain'],
  group: 'Triage queue',
  ...maintenanceHelp,
  help: 'Expect alerts in a time to come, and keep them quiet then; windows that come again stand in muster.yaml.',
  where: 'anywhere',
  read: verb('maintenance', maintenanceHelp),
};

export const silences: Verb = {
  name: 'silences',
  aliases: ['quiet', 'muted'],
  group: 'Triage queue',
  usage: 'silences',
  examples: ['silences'],
  help: 'What is kept quiet: by whom, until when, and how many alerts each holds now; maintenance windows too.',
  alone: true,
  where: 'anywhere',
  read: (_, about) => listed(about),
};
