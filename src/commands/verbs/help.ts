import { type Block, code, type Inline, note, paragraph, strong, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { refused, sayCard } from '../answers.js';
import { plainWord } from '../line.js';
import { near } from '../near.js';
import { type Act, groups, type Verb } from '../verb.js';

const everything = (verbs: readonly Verb[]): Act => {
  const blocks = groups.flatMap((group): Block[] => [
    { kind: 'heading', content: [text(group)] },
    {
      kind: 'list',
      ordered: false,
      items: verbs
        .filter((verb) => verb.group === group)
        .map((verb): Inline[] => [code(`/incident ${verb.usage}`), text(` ${verb.help}`)]),
    },
  ]);
  const more =
    'Plain words outside an incident’s channel declare one. In front of a verb, #12 names an incident. /incident help <verb> says more.';
  return sayCard({ tone: 'neutral', summary: `What /incident can do. ${more}`, blocks: [...blocks, note(text(more))] });
};

const one = (verb: Verb): Act => {
  const words = [...verb.aliases, ...Object.keys(verb.presets ?? {})];
  return sayCard({
    tone: 'neutral',
    summary: `/incident ${verb.usage}: ${verb.help}`,
    blocks: [
      paragraph(code(`/incident ${verb.usage}`)),
      paragraph(text(verb.help)),
      { kind: 'list', ordered: false, items: verb.examples.map((example): Inline[] => [code(`/incident ${example}`)]) },
      ...(words.length > 0 ? [note(strong('Also: '), text(words.join(', ')))] : []),
    ],
  });
};

/** Help over these verbs and itself. */
export function helpOn(others: readonly Verb[]): Verb {
  const help: Verb = {
    name: 'help',
    aliases: ['usage', 'commands', 'verbs', '?', '-h', '--help'],
    group: 'Open and find',
    usage: 'help [verb]',
    examples: ['help', 'help action'],
    help: 'What can be typed.',
    where: 'anywhere',
    read(args) {
      const verbs = [...others, help];
      const word = plainWord(args.replace(/^\/(?:incident|inc|muster)\s+/i, '')).replace(/\s+/g, '-');
      if (word === '') return everything(verbs);
      const spoken = (verb: Verb) => [verb.name, ...verb.aliases, ...Object.keys(verb.presets ?? {})];
      const verb = verbs.find((each) => spoken(each).includes(word));
      if (verb) return one(verb);
      const close = near(word, verbs.flatMap(spoken));
      const meant = [
        ...new Set(close.flatMap((each) => verbs.find((one) => spoken(one).includes(each))?.name ?? [])),
      ].slice(0, 3);
      return refused(
        'unknown-verb',
        `There is no verb ${literal(args, 40)}.${meant.length > 0 ? ` Did you mean ${meant.join(' or ')}?` : ' /incident help lists them.'}`,
        meant.map((each) => ({ label: `Help ${each}`, command: `/incident help ${each}` })),
      );
    },
  };
  return help;
}
