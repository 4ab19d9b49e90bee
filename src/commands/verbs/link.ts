import { nameOf } from '../../incident/links.js';
import { literal } from '../../messages/literal.js';
import { act, called, quoted } from '../answers.js';
import { two } from '../others.js';
import type { Verb } from '../verb.js';

const joining = /^(?:(?:with|to|and|from)\s+)/i;

/** What follows the number, without the words that lead to it. */
export const reasonOf = (rest: string): string | null =>
  rest.replace(/^(?:because(?:\s+of)?|since|as|for|:|-|\u2013|\u2014|,)\s*/i, '').trim() || null;

export const link: Verb = {
  name: 'link',
  aliases: ['linked', 'linking', 'relate', 'related', 'related-to', 'see-also'],
  group: 'Open and find',
  usage: 'link <#9> [because …]',
  examples: ['link #9 because it is the same switch', 'link #12 with #9'],
  help: 'Say that another incident belongs to this; both show it.',
  where: 'incident',
  async read(args, about) {
    const named = await two(args, about, { verb: 'link', join: joining });
    if ('act' in named) return named.act;
    const { here, other, rest } = named;
    return act(
      { ...about, incident: here },
      { type: 'link', other: other.id, reason: reasonOf(rest) },
      (after) => `${called(after)} and ${nameOf(other)} “${literal(other.title, quoted)}” are linked.`,
    );
  },
};

export const unlink: Verb = {
  name: 'unlink',
  aliases: ['unlinked', 'unlinking', 'unrelate', 'unrelated'],
  group: 'Open and find',
  usage: 'unlink <#9>',
  examples: ['unlink #9'],
  help: 'Take a link between two incidents away.',
  where: 'incident',
  async read(args, about) {
    const named = await two(args, about, { verb: 'unlink', join: joining });
    if ('act' in named) return named.act;
    const { here, other } = named;
    return act(
      { ...about, incident: here },
      { type: 'unlink', other: other.id },
      (after) => `${called(after)} and ${nameOf(other)} are not linked any more.`,
    );
  },
};
