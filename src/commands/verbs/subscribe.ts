import { inWords, newLink } from '../../audiences/subscribers.js';
import type { Incident } from '../../incident/state.js';
import type { Block } from '../../messages/card.js';
import { paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import type { SubscribedTo } from '../../store/subscriptions-port.js';
import { lineButton, misused, quoted, refused, withButtons } from '../answers.js';
import { plainWord } from '../line.js';
import { near } from '../near.js';
import type { About, Act, Verb } from '../verb.js';

const longestService = 63;
const everything = new Set(['everything', 'all', 'every', 'incidents']);
/** Subscriptions are by mail so far; saying so changes nothing. */
const byMail = /(?:^|\s)by e?-?mail$/i;

interface Meant {
  about: SubscribedTo;
  /** After *about*. */
  words: string;
}

async function incidentOf(args: string, about: About): Promise<Incident | Act | null> {
  const number = /^#?(\d{1,9})$/.exec(args)?.[1];
  const here = args === '' || /^(?:this|here|it)$/i.test(args) ? about.incident : null;
  if (number === undefined) return here;
  const found = await about.reads.incident(about.viewer, { number: Number(number) });
  return found ?? refused('unknown-incident', `There is no incident #${number}. /incident list shows the open ones.`);
}

async function meant(args: string, about: About): Promise<Meant | Act | null> {
  const found = await incidentOf(args, about);
  if (found && 'kind' in found) return found;
  if (found) {
    if (found.visibility === 'private' || found.drill)
      return refused(
        'not-by-mail',
        `A ${found.drill ? 'drill' : 'private incident'} never leaves the chat it is in. Read it in its channel.`,
      );
    return { about: `incident:${found.id}`, words: inWords(`incident:${found.id}`, found.number) };
  }
  const word = plainWord(args);
  if (word === '') return null;
  if (everything.has(word)) return { about: 'everything', words: inWords('everything', null) };
  if (/\s/.test(args.trim()) || word.length > longestService) return null;
  return { about: `service:${args.trim()}`, words: literal(args.trim()) };
}

/** Services that incidents have concerned, or that are in the catalogue of an incident's rules. */
async function knownServices({ reads, viewer, policy }: About): Promise<string[]> {
  const { incidents } = await reads.incidents(viewer, { limit: 100, offset: 0 });
  return [...new Set([...Object.keys(policy.services ?? {}), ...incidents.flatMap(({ services }) => services)])];
}

const listed = async (about: About) =>
  (await about.reads.subscriptionsOf(about.asker.personId)).filter(({ endedAt }) => endedAt === null);

async function list(about: About): Promise<Act> {
  const going = await listed(about);
  const numbers = new Map<string, number | null>();
  for (const each of going)
    if (each.about.startsWith('incident:')) {
      const found = await about.reads.incident(about.viewer, { id: each.about.slice('incident:'.length) });
      numbers.set(each.about, found?.number ?? null);
    }
  const named = going.map((each) => ({ ...each, words: inWords(each.about, numbers.get(each.about) ?? null) }));
  const said =
    named.length === 0
      ? 'You get no mail of incidents. Subscribe to a service, an incident, or everything: /incident subscribe registry'
      : `You get mail about ${named.map(({ words }) => literal(words)).join(', ')}.`;
  const blocks: Block[] = [paragraph(text(said))];
  const stop = named.flatMap(({ words }) => lineButton(`No more about ${literal(words, 30)}`, `unsubscribe ${words}`));
  return {
    kind: 'say',
    reply: { text: said, card: { tone: 'neutral', summary: said, blocks: withButtons(blocks, stop) } },
  };
}

export const subscribe: Verb = {
  name: 'subscribe',
  aliases: ['subscribed', 'subscription', 'subscriptions', 'follow-by-mail'],
  group: 'Keep people posted',
  usage: 'subscribe [service | #12 | everything] [by mail]',
  examples: ['subscribe', 'subscribe registry', 'subscribe everything by mail'],
  help: 'Get mail of what concerns you; bare, what you get. Every mail has a link that ends it.',
  where: 'anywhere',
  async read(args, about) {
    const asked = args.replace(byMail, '').trim();
    if (asked === '' && (!about.incident || !byMail.test(args))) return list(about);
    const what = await meant(asked, about);
    if (what === null) return misused(subscribe, 'Name one service, an incident like #12, or everything.');
    if ('kind' in what) return what;
    if (about.policy.subscriptions !== true)
      return refused(
        'no-mail',
        'This Muster sends no mail: whoever runs it can set up `mail` in muster.yaml. Feed readers have /feed.atom.',
      );
    const { personId } = about.asker;
    const known = await about.reads.person(personId);
    if (!known?.email)
      return refused(
        'no-address',
        'Muster does not know your e-mail address. Whoever runs it can add it under `people`; some chats tell it by themselves.',
      );
    if ((await listed(about)).some((each) => each.about === what.about))
      return refused('unchanged', `You get mail about ${what.words} already, at ${known.email}.`);
    const service = what.about.startsWith('service:') ? what.about.slice('service:'.length) : null;
    const services = service === null ? [] : await knownServices(about);
    const like = service === null || services.includes(service) ? [] : near(service, services).slice(0, 2);
    if (like.length > 0)
      return refused(
        'did-you-mean',
        `No incident has concerned ${literal(service ?? '', quoted)}. Did you mean ${like.join(' or ')}?`,
        like.flatMap((each) => lineButton(`Subscribe to ${each}`, `subscribe ${each}`)),
      );
    return {
      kind: 'arrange',
      events: [{ type: 'subscribed', body: { personId, about: what.about } }],
      subscriptions: [{ begin: { personId, about: what.about, link: newLink(), since: about.now } }],
      reply: {
        text: `From now on you get mail about ${what.words} at ${known.email}. It ends with /incident unsubscribe ${what.words}, or by the link in each mail.`,
      },
    };
  },
};

export const unsubscribe: Verb = {
  name: 'unsubscribe',
  aliases: ['unsubscribed', 'stop-telling-me'],
  group: 'Keep people posted',
  usage: 'unsubscribe [service | #12 | everything]',
  examples: ['unsubscribe', 'unsubscribe registry'],
  help: 'End what you subscribed to; bare, choose what.',
  where: 'anywhere',
  async read(args, about) {
    const asked = args.replace(byMail, '').trim();
    if (asked === '') return list(about);
    const what = await meant(asked, about);
    if (what === null) return misused(unsubscribe, 'Name one service, an incident like #12, or everything.');
    if ('kind' in what) return what;
    const { personId } = about.asker;
    if (!(await listed(about)).some((each) => each.about === what.about))
      return refused('unchanged', `You get no mail about ${what.words}. /incident subscribe shows what you get.`);
    return {
      kind: 'arrange',
      events: [{ type: 'unsubscribed', body: { personId, about: what.about, how: 'command' } }],
      subscriptions: [{ end: { personId, about: what.about }, at: about.now }],
      reply: { text: `No more mail about ${what.words}.` },
    };
  },
};
