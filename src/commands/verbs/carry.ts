import { parseDate } from '../../playbooks/duration.js';
import { act, found, misused } from '../answers.js';
import { onePerson } from '../people.js';
import type { Verb } from '../verb.js';
import { stepNamed } from '../walk.js';

/** The latest time zone: there it is still yesterday for this long. */
const latestZoneMs = 12 * 3_600_000;
const day = /\s+(?:by\s+|due\s+|until\s+)?(\d{4}-\d{2}-\d{2})$/i;

export const carry: Verb = {
  name: 'carry',
  aliases: ['carry-over', 'carried', 'keep-as-follow-up'],
  group: 'End',
  usage: 'carry <step> @who <2030-01-15>',
  examples: ['carry 1 @ada 2030-02-15'],
  help: 'Keep a required step that is still open as a follow-up, with its owner and the day it is due.',
  asks: { label: 'Which step, @who, by when?', placeholder: '5 @ada 2030-01-15', required: true },
  where: 'incident',
  async read(args, about) {
    const { meant, said } = stepNamed(args);
    const number = /^(?:step\s+)?#?([1-9]\d?)(?:\s+|$)/i.exec(said);
    if (number) meant.step = Number(number[1]) - 1;
    const rest = ` ${said.slice(number?.[0].length ?? 0)}`;
    const dueOn = day.exec(rest)?.[1];
    if (dueOn === undefined || parseDate(dueOn) === null) return misused(carry, 'By which day? Year-month-day.');
    if (dueOn < new Date(about.now - latestZoneMs).toISOString().slice(0, 10))
      return misused(carry, `${dueOn} is past. A follow-up is due today or later.`);
    const who = rest
      .replace(day, '')
      .replace(/^\s*(?:to|for)\s+/i, '')
      .trim();
    if (who === '') return misused(carry, 'Who does it?');
    const line = meant.step === undefined ? '' : `${meant.step + 1} `;
    const one = await onePerson(about, who, (personId) => `carry ${line}@${personId} ${dueOn}`);
    if ('act' in one) return one.act;
    const { personId, name } = one.person;
    return act(about, { type: 'carryStep', owner: personId, dueOn, ...meant }, (_, events) => {
      const kept = found(events, 'stepCarried');
      return kept ? `Step ${kept.index + 1} is follow-up ${kept.followUp.id}, for ${name}, due ${dueOn}.` : '';
    });
  },
};
