import type { EventBodies } from '../../incident/events.js';
import { openTasks } from '../../incident/given-tasks.js';
import { type Block, paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { taskLine } from '../../messages/situation-crew.js';
import { formatDuration, formatTime } from '../../messages/zones.js';
import { act, called, found, lineButton, misused, quoted, refused, sayCard, withButtons } from '../answers.js';
import { onePerson } from '../people.js';
import { spanOf } from '../span.js';
import type { Act, Verb, Within } from '../verb.js';

const minute = 60_000;
const usually = 20 * minute;
const longest = 24 * 60 * minute;
/** `for 20m`, `in 2 hours`, `back in 20 minutes`, at the end. */
const lasts = /[\s,;]+(?:(?:and\s+)?(?:back\s+)?(?:for|in|within)\s+)(\d{1,4}\s*(?:m|h|d)[a-z]*)[.!]?$/i;
const ending = /^(done|finished|finish|more|extend|drop|dropped|cancel)(?=\s|$)\s*/i;

/** What is to be done and how long it may take. */
function timed(words: string): { what: string; forMs: number } | null {
  const hit = lasts.exec(words);
  const span = hit && spanOf(hit[1] as string);
  if (!hit || !span) return { what: words.trim(), forMs: usually };
  return span.ms < minute || span.ms > longest ? null : { what: words.slice(0, hit.index).trim(), forMs: span.ms };
}

const gave = (
  about: Within,
  { personId, name }: { personId: string; name: string },
  what: string,
  forMs: number,
): Act =>
  act(about, { type: 'giveTask', text: what, personId, forMs }, (_, events) => {
    const given = found(events, 'taskGiven');
    const back = given ? ` Muster asks at ${formatTime(given.dueAt)}.` : '';
    return personId === about.asker.personId
      ? `Task ${given?.id ?? ''}: ${what}, back in ${formatDuration(forMs)}.${back}`
      : `${name} has task ${given?.id ?? ''}: ${what}, for ${formatDuration(forMs)}. They have been told.${back}`;
  });

/** The tasks that run, each with what ends it. */
function listed({ incident, names, now }: Within): Act {
  const open = openTasks(incident);
  if (open.length === 0)
    return refused(
      'no-task',
      `No task is running in ${called(incident)}. Give one: /incident ${task.examples[0] ?? ''}`,
    );
  const blocks: Block[] = [
    paragraph(text(`Running in ${called(incident)}:`)),
    { kind: 'list', ordered: false, items: open.map((each) => taskLine(each, names, now)) },
  ];
  const on = { incidentId: incident.id };
  const buttons = open.slice(0, 5).flatMap((each) =>
    lineButton(`${each.id} done…`, `task done ${each.id}`, {
      ...on,
      input: { label: 'What came of it?', required: false },
    }),
  );
  const summary = `${open.length} task${open.length === 1 ? '' : 's'} of ${called(incident)} running.`;
  return sayCard({ tone: incident.severity, summary, blocks: withButtons(blocks, buttons) });
}

const word = ({ text: what }: EventBodies['taskDone']): string => `“${literal(what, quoted)}”`;

function end(how: string, args: string, about: Within): Act {
  const number = /^#?([1-9]\d{0,3})(?=\s|[:,]|$)[\s:,]*/.exec(args);
  const id = number ? { id: Number(number[1]) } : {};
  const rest = args.slice(number?.[0].length ?? 0).trim();
  const said = rest === '' ? null : rest;
  if (/^(?:more|extend)$/i.test(how)) {
    const span = said === null ? null : spanOf(said.replace(/^(?:by|for)\s+/i, ''));
    if (said !== null && (span?.rest !== '' || span.ms < minute || span.ms > longest))
      return misused(task, 'Say how much longer, from 1 minute to 24 hours.');
    return act(about, { type: 'extendTask', ...id, forMs: span?.ms ?? null }, (_, events) => {
      const more = found(events, 'taskExtended');
      return more
        ? `Task ${more.id} has ${formatDuration(more.forMs)} more. Muster asks at ${formatTime(more.dueAt)}.`
        : '';
    });
  }
  if (/^(?:done|finish)/i.test(how))
    return act(about, { type: 'finishTask', ...id, said }, (_, events) => {
      const done = found(events, 'taskDone');
      return done ? `Done: ${word(done)}. The channel has been told.` : '';
    });
  return act(about, { type: 'dropTask', ...id, reason: said }, (_, events) => {
    const gone = found(events, 'taskDropped');
    return gone ? `Dropped: ${word({ ...gone, said: null })}. The channel has been told.` : '';
  });
}

export const task: Verb = {
  name: 'task',
  aliases: ['tasks', 'give-task', 'timebox', 'time-box'],
  group: 'Lead',
  usage: 'task [@who <what> for <20m> | done|more|drop [number] [words]]',
  examples: ['task @cleo check the replica for 20m', 'task done 1 It is 40 s behind', 'task'],
  help: 'Give somebody work with a time; Muster asks them when it is over, then the commander.',
  where: 'incident',
  async read(args, about) {
    if (args === '') return listed(about);
    const how = ending.exec(args);
    if (how) return end(how[1] as string, args.slice(how[0].length), about);
    const [who = '', ...rest] = args.replace(/^(?:for|to)\s+(?=@)/i, '').split(/\s+/);
    const mine = !who.startsWith('@') && !/^me$/i.test(who);
    const made = timed(mine ? args : rest.join(' '));
    if (!made) return misused(task, 'From 1 minute to 24 hours.');
    if (made.what === '') return misused(task, 'What is to be done?');
    if (mine) return misused(task, 'Who does it? Name them with @, or say me.');
    const one = await onePerson(about, who, (personId) => `task @${personId} ${rest.join(' ')}`);
    return 'act' in one ? one.act : gave(about, one.person, made.what, made.forMs);
  },
};

export const backIn: Verb = {
  name: 'back-in',
  aliases: ['brb', 'will-be-back-in', 'im-back-in', "i'm-back-in"],
  group: 'Lead',
  usage: 'back-in <20m> [what you do]',
  examples: ['back in 20 minutes, looking at the load balancer', 'back-in 10m'],
  help: 'Say what you do now and when you are back; Muster asks you then.',
  asks: { label: 'When, and what do you do?', placeholder: '20m, looking at the load balancer', required: true },
  where: 'incident',
  read(args, about) {
    const span = spanOf(args.replace(/^(?:about|~)\s*/i, ''));
    if (!span) return misused(backIn, 'When are you back?');
    if (span.ms < minute || span.ms > longest) return misused(backIn, 'From 1 minute to 24 hours.');
    return gave(about, about.asker, span.rest === '' ? 'looking into it' : span.rest, span.ms);
  },
};
