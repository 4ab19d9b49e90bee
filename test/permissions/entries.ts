import { formOf } from '../../src/commands/forms.js';
import { verbOf, verbs } from '../../src/commands/verbs.js';
import type { Button, Card } from '../../src/messages/card.js';
import { lineOf } from '../../src/messages/form.js';
import { everyCard } from '../chat/every-card.js';
import { opened } from '../commands/room.js';

/** Every field there is in a form; one that is not named here is let out by nobody. */
const knownFields = new Set(['title', 'severity', 'service', 'private', 'text', 'next', 'words', 'audience']);

const buttonsOf = ({ blocks }: Card): Button[] =>
  blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));

/** The verbs that stand on any button of any card. @throws for a button whose command is none. */
export async function buttonVerbs(): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [name, card] of await everyCard('Registry: pushes fail'))
    for (const { label, command } of buttonsOf(card)) {
      const verb = verbOf(command.replace(/^\/incident\s+/, ''))?.verb.name;
      if (verb === undefined) throw new Error(`The button “${label}” of ${name} runs ${command}, which is no verb.`);
      found.add(verb);
    }
  return found;
}

/** The fields of each verb's form. @throws for a field nobody has named, or a form that runs something else. */
export async function formFields(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { name } of verbs) {
    const about = opened().about(name === 'declare' ? null : 'i1');
    const form = await formOf(name, about, { services: [], from: null });
    if (!form) continue;
    const fields = form.fields.map((field) => field.name);
    const unknown = fields.filter((field) => !knownFields.has(field));
    if (unknown.length > 0)
      throw new Error(`The form of ${name} has fields that are not known here: ${unknown.join(', ')}.`);
    const line = lineOf(form, Object.fromEntries(fields.map((field) => [field, 'x'])));
    const runs = verbOf(line.replace(/^\/incident\s+/, ''))?.verb.name;
    if (runs !== name) throw new Error(`The form of ${name} runs ${runs ?? line}.`);
    found.set(name, fields);
  }
  return found;
}
