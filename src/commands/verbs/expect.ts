import { formatTime } from '../../messages/zones.js';
import { act, called, misused } from '../answers.js';
import { firstWords } from '../line.js';
import type { Verb } from '../verb.js';
import { timeToCome } from '../when.js';

const unknown = /^(?:unknown|unclear|nothing|not-known|\?)[:,.]?$/i;

export const expect: Verb = {
  name: 'expect',
  aliases: ['expected', 'eta', 'back-at', 'expect-back'],
  group: 'Keep people posted',
  usage: 'expect <2h|14:30|2030-01-15T14:30Z|unknown> [why]',
  examples: ['expect 2h The disk is being grown', 'expect 14:30', 'expect unknown The vendor has not answered'],
  help: 'Say when it should work again (clock times are UTC), or that nobody knows; every update carries it.',
  asks: { label: 'When, and why then?', placeholder: '2h The disk is being grown', required: true },
  where: 'incident',
  read(args, about) {
    const cut = firstWords(args, 1);
    if (!cut) return misused(expect, 'Say when it should work again.');
    const isUnknown = unknown.test(cut.words[0] as string);
    const time = isUnknown ? { at: null, rest: cut.rest } : timeToCome(args, about.now);
    if (!time) return misused(expect, 'That begins with no time.');
    const why = time.rest === '' ? null : time.rest;
    return act(about, { type: 'expectReturn', backAt: time.at, why }, (after) =>
      time.at === null
        ? `${called(after)}: when it works again is not known, and updates say so.`
        : `${called(after)} is expected back at ${formatTime(time.at, 'UTC', 'date')}.`,
    );
  },
};
