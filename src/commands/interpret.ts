import type { Incident } from '../incident/state.js';
import type { Button } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { lineButton, onButton, quoted, refused } from './answers.js';
import { asOf, impossible, isDatable, onlyMentions, type Past, timePast } from './back-dated.js';
import { firstWords, named, plainWord, tidy } from './line.js';
import { near } from './near.js';
import { declareButton, menu, whichIncident } from './offers.js';
import type { About, Act, Verb } from './verb.js';
import { declare } from './verbs/declare.js';
import { type Found, spokenWords, verbOf, wordMeans } from './verbs.js';

/** Words people put after a verb that takes none. */
const filler = /^(?:(?:it|this|that|now|please|pls|the|incident|one|step)[\s.!]*)+$/i;

/**
 * What a typed line or a button's command comes to. Never throws for what was typed: whatever it is, there is an answer.
 * A line naming an incident (`#12 …`) is for that one wherever it is typed.
 */
export async function interpret(text: string, about: About): Promise<Act> {
  const line = tidy(text);
  const name = named(line);
  if (!name) return inPlace(line, about);
  const incident = await byNumber(name.number, about);
  return incident ? inPlace(name.rest.trim(), { ...about, incident }) : unknownNumber(name.number);
}

function inPlace(line: string, about: About): Act | Promise<Act> {
  if (line === '') return menu(about);
  const past = timePast(line, about.now);
  const then = past && verbOf(past.rest);
  if (past && then) return run(then, past.rest, about, past);
  const found = verbOf(line);
  return found ? run(found, line, about) : notAVerb(line, about);
}

const byNumber = (number: number, about: About): Promise<Incident | null> =>
  about.reads.incident(about.viewer, { number });

const unknownNumber = (number: number): Act =>
  refused(
    'unknown-incident',
    `There is no incident #${number}. /incident list shows the open ones.`,
    lineButton('List', 'list'),
  );

async function run(found: Found, line: string, about: About, past: Past | null = null): Promise<Act> {
  const { verb } = found;
  const name = named(found.args);
  // Inside a channel "note #12 is back" is a sentence; only where no text is taken can #12 be meant as the incident.
  if (verb.where === 'incident' && name && (verb.plain ? name.rest === '' : about.incident === null)) {
    const incident = await byNumber(name.number, about);
    return incident ? run({ verb, args: name.rest }, line, { ...about, incident }, past) : unknownNumber(name.number);
  }
  const takes = verb.alone instanceof RegExp && verb.alone.test(found.args);
  if (verb.alone && !takes && found.args !== '' && !filler.test(found.args))
    return meantAsVerb(line, [verb.name], '', about);
  const { incident } = about;
  const forbidden = about.may(verb.name, about.incident);
  if (forbidden) return refused(forbidden.code, forbidden.message);
  const given = incident && (past ?? (isDatable(verb) ? timePast(found.args, about.now) : null));
  if (incident && given && !(past === null && onlyMentions(verb, given, incident, found.args, about.now))) {
    const no = impossible(verb, given, incident, about.now);
    if (no) return no;
    const act = await verb.read(past ? found.args : given.rest, { ...about, incident });
    return asOf(act, given.at);
  }
  if (verb.where === 'anywhere') return fillable(await verb.read(found.args, about), found, {});
  if (!incident) return whichIncident(verb, found.args, line, about);
  return fillable(await verb.read(found.args, { ...about, incident }), found, { incidentId: incident.id });
}

/** Where no form opens, what was left out can be filled in below the answer that says so. */
function fillable(act: Act, { verb, args }: Found, on: Pick<Button, 'incidentId'>): Act {
  const { name, asks } = verb;
  const lacks = act.kind === 'say' && act.reply.refusal?.code === 'usage' && !act.reply.card;
  if (args !== '' || !asks || !lacks) return act;
  return refused(
    'usage',
    act.reply.text,
    lineButton(`${capital(name)}…`, name, { ...on, style: 'primary', input: asks }),
  );
}

/** "Thanks" is no slip of "tasks". */
const courtesy = /^(?:thanks?|thx)\b/;

/** Not a verb: a slip of the fingers, or free text. */
function notAVerb(line: string, about: About): Act | Promise<Act> {
  const cut = firstWords(line, 1);
  const word = plainWord(cut?.words[0] ?? '');
  const meant = courtesy.test(word) ? [] : meanings(near(word.replace(/\?$/, ''), spokenWords));
  // "status?" is a slip of nothing, but still a question rather than an order.
  const asked = word.endsWith('?') ? wordMeans(word.slice(0, -1), '') : null;
  const words = asked ? [asked.verb.name] : meant;
  if (words.length > 0) return meantAsVerb(line, words, cut?.rest ?? '', about);
  return freeText(line, about);
}

/** Synonyms come down to their verbs; a preset word stays itself, it says more than its verb. */
function meanings(words: readonly string[]): string[] {
  const all = words.map((word) => {
    const hit = wordMeans(word, '');
    return hit && hit.args === '' ? hit.verb.name : word;
  });
  return [...new Set(all)].slice(0, 3);
}

function meantAsVerb(line: string, words: readonly string[], rest: string, about: About): Act {
  const here = about.incident ? { incidentId: about.incident.id } : {};
  if (rest === '' && !line.includes(' ')) {
    const choices = words.flatMap((word) => lineButton(capital(word), word, { ...here, ...inputOf(word) }));
    return refused('did-you-mean', `Did you mean ${words.join(' or ')}?`, choices);
  }
  const runs = words.flatMap((word) => {
    const whole = `${word} ${rest}`.trim();
    return lineButton(`Run ${literal(whole, onButton)}`, whole, here);
  });
  const other = about.incident ? keepings(line, about.incident) : declareButton(line);
  return refused('did-you-mean', `Did you mean ${words.join(' or ')}? You typed: ${literal(line, quoted)}`, [
    ...runs,
    ...other,
  ]);
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function inputOf(word: string): Pick<Button, 'input'> {
  const hit = wordMeans(word, '');
  const asks: Verb['asks'] = hit?.args === '' ? hit.verb.asks : undefined;
  return asks ? { input: asks } : {};
}

const keepings = (line: string, incident: Incident): Button[] => [
  ...lineButton('Add as a note', `note ${line}`, { incidentId: incident.id }),
  ...lineButton('Post as an update', `update ${line}`, { incidentId: incident.id }),
  ...declareButton(line, 'Declare a new incident'),
];

function freeText(line: string, about: About): Act | Promise<Act> {
  if (!about.incident && !about.spoken) return declare.where === 'anywhere' ? declare.read(line, about) : menu(about);
  const choices = about.incident ? keepings(line, about.incident) : declareButton(line);
  const question = `What shall become of this? ${literal(line, quoted)}`;
  return choices.length > 0
    ? refused('what-to-do', question, choices)
    : refused(
        'what-to-do',
        `${question} It is too long for a button: type /incident ${about.incident ? 'note' : 'declare'} in front of it.`,
      );
}
