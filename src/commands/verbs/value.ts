import { askedBy } from '../../incident/value.js';
import { paragraph, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { act, called, lineButton, misused, quoted, sayCard, withButtons } from '../answers.js';
import type { Act, Verb, Within } from '../verb.js';
import { walked } from '../walk.js';

/** Before the next `name=`; a value may have spaces. */
const pair = /(?:^|\s)([A-Za-z][A-Za-z0-9_-]{0,39})\s*=/g;

/** `host=db-1 user=app` */
function valuesIn(args: string, known: readonly string[]): Record<string, string> | null {
  const hits = [...args.matchAll(pair)].filter(([, name = ''], at) => at === 0 || known.includes(name));
  if (hits.length === 0 || args.slice(0, hits[0]?.index).trim() !== '') return null;
  return Object.fromEntries(
    hits.map((hit, at) => [
      hit[1] as string,
      args.slice(hit.index + hit[0].length, hits[at + 1]?.index ?? args.length).trim(),
    ]),
  );
}

function show(about: Within): Act {
  const { walk, id: incidentId } = about.incident;
  const names = walk ? askedBy(walk) : [];
  if (!walk || names.length === 0)
    return { kind: 'say', reply: { text: `${called(about.incident)} has no playbook that asks for values.` } };
  const known = (name: string): string =>
    Object.hasOwn(walk.answers, name) ? literal(walk.answers[name] ?? '', quoted) : 'not known yet';
  const summary = `Values of ${literal(walk.title)}: ${names.map((name) => `${name}: ${known(name)}`).join(' · ')}`;
  return sayCard({
    tone: 'neutral',
    summary,
    blocks: withButtons(
      [paragraph(text(summary))],
      names
        .slice(0, 5)
        .flatMap((name) =>
          lineButton(`Say ${name}…`, `value ${name}=`, { incidentId, input: { label: `${name}?`, required: true } }),
        ),
    ),
  });
}

export const value: Verb = {
  name: 'value',
  aliases: ['values', 'set-value', 'fill'],
  group: 'Walk the playbook',
  usage: 'value [name=…]',
  examples: ['value', 'value host=db-1'],
  help: 'Show or change what commands of the playbook are filled with; nothing is ever run.',
  where: 'incident',
  read(args, about) {
    if (args === '') return show(about);
    const names = about.incident.walk ? askedBy(about.incident.walk) : [];
    const [only] = names;
    const values = valuesIn(args, names) ?? (only !== undefined && names.length === 1 ? { [only]: args } : null);
    if (!values) return misused(value, `Which value?${names.length > 0 ? ` It asks for ${names.join(', ')}.` : ''}`);
    return act(about, { type: 'giveValues', values }, (after, events) => {
      const given = Object.entries(values).map(([name, each]) => `${name} is ${literal(each, quoted)} from now on.`);
      return walked(after, about, given.join(' '), events);
    });
  },
};
