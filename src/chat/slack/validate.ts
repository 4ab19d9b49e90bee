import {
  address,
  blocksPerMessage,
  buttonText,
  buttonValue,
  elementsPerActions,
  elementsPerContext,
  fieldsPerSection,
  fieldText,
  headerText,
  idLength,
  jsonPerMessage,
  messageText,
  objectText,
} from './limits.js';
import { jsonLength } from './pieces.js';

type Fields = Record<string, unknown>;
/** Says what is wrong with a value; `path` is where it stands, `blocks[2].text`. */
type Check = (value: unknown, path: string, say: (path: string, problem: string) => void) => void;

/**
 * What Slack would refuse a message for, from its published limits, as `blocks[2].text.text: 151 characters, at most 150`.
 * It knows the blocks Muster writes; any other is a problem. It reads the message as it is sent, not as it was made.
 */
export function slackProblems(message: unknown): string[] {
  const problems: string[] = [];
  const say = (path: string, problem: string) => problems.push(`${path}: ${problem}`);
  const { text, blocks, parse, link_names, mrkdwn } = isFields(message) ? message : {};
  string(1, messageText)(text, 'text', say);
  list(1, blocksPerMessage, block)(blocks, 'blocks', say);
  const size = Array.isArray(blocks) ? jsonLength(blocks) : 0;
  if (size > jsonPerMessage) say('blocks', `${size} characters of JSON, at most ${jsonPerMessage}`);
  unique(message, 'block_id', say);
  unique(message, 'action_id', say);
  if (parse !== 'none' || link_names !== false || mrkdwn !== false)
    say('parse, link_names, mrkdwn', 'a message that names people in its text must say none, false, false');
  return problems;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const string =
  (least: number, most: number, pattern?: RegExp): Check =>
  (value, path, say) => {
    if (typeof value !== 'string') return say(path, 'must be a text');
    const { length } = value.trim();
    if (length < least) say(path, `${length} characters, at least ${least}`);
    if (value.length > most) say(path, `${value.length} characters, at most ${most}`);
    if (/\p{Cs}/u.test(value)) say(path, 'half a character');
    if (pattern && !pattern.test(value)) say(path, 'not of the form it must have');
  };

const list =
  (least: number, most: number, each: Check): Check =>
  (value, path, say) => {
    if (!Array.isArray(value)) return say(path, 'must be a list');
    if (value.length < least) say(path, `${value.length} elements, at least ${least}`);
    if (value.length > most) say(path, `${value.length} elements, at most ${most}`);
    for (const [index, item] of value.entries()) each(item, `${path}[${index}]`, say);
  };

const oneOf =
  (...allowed: unknown[]): Check =>
  (value, path, say) => {
    if (!allowed.includes(value)) say(path, `must be ${allowed.join(' or ')}`);
  };

/** Slack refuses a field it does not know. A check whose name ends in `?` is for what may be left out. */
const fields =
  (checks: Record<string, Check>): Check =>
  (value, path, say) => {
    if (!isFields(value)) return say(path, 'must be an object');
    for (const key of Object.keys(value))
      if (key !== 'type' && !(key in checks) && !(`${key}?` in checks))
        say(`${path}.${key}`, 'Slack knows no such field');
    for (const [name, check] of Object.entries(checks)) {
      const key = name.replace('?', '');
      if (key === name || value[key] !== undefined) check(value[key], `${path}.${key}`, say);
    }
  };

const kinds =
  (known: Record<string, Check>): Check =>
  (value, path, say) => {
    const type = isFields(value) ? String(value.type) : '';
    const check = Object.hasOwn(known, type) ? known[type] : undefined;
    if (check) check(value, path, say);
    else say(path, `no "${type}" can stand here`);
  };

const wholeNumber: Check = (value, path, say) => {
  if (!Number.isInteger(value) || (value as number) < 0) say(path, 'must be a whole number');
};
const yesOrNo = oneOf(true, false);

const plainText = (most: number): Check => kinds({ plain_text: fields({ text: string(1, most), 'emoji?': yesOrNo }) });
const markedText = (most: number): Check => fields({ text: string(1, most), 'verbatim?': yesOrNo });
const anyText = (most: number): Check =>
  kinds({ plain_text: fields({ text: string(1, most), 'emoji?': yesOrNo }), mrkdwn: markedText(most) });

const style = fields({ 'bold?': yesOrNo, 'italic?': yesOrNo, 'strike?': yesOrNo, 'code?': yesOrNo });
/** White space between two words is a text too. */
const someText: Check = (value, path, say) => {
  if (value === '') say(path, '0 characters, at least 1');
  string(0, objectText)(value, path, say);
};
const leaf = kinds({
  text: fields({ text: someText, 'style?': style }),
  link: fields({ url: string(1, address, /^https?:\/\//), 'text?': someText, 'style?': style }),
  user: fields({ user_id: string(1, idLength, /^[UW][A-Z0-9]+$/), 'style?': style }),
  channel: fields({ channel_id: string(1, idLength, /^[CGD][A-Z0-9]+$/), 'style?': style }),
  date: fields({
    timestamp: wholeNumber,
    format: string(1, idLength, /\{\w+\}/),
    'fallback?': string(1, objectText),
    'style?': style,
  }),
});
const leaves = list(1, Number.POSITIVE_INFINITY, leaf);
const section = fields({ elements: leaves });
const richElement = kinds({
  rich_text_section: section,
  rich_text_quote: fields({ elements: leaves }),
  rich_text_preformatted: fields({ elements: leaves }),
  rich_text_list: fields({
    style: oneOf('bullet', 'ordered'),
    elements: list(1, Number.POSITIVE_INFINITY, kinds({ rich_text_section: section })),
    'offset?': wholeNumber,
    'indent?': wholeNumber,
  }),
});

const id = string(1, idLength);
const button = fields({
  action_id: id,
  text: plainText(buttonText),
  'value?': string(1, buttonValue),
  'url?': string(1, address, /^https?:\/\//),
  'style?': oneOf('primary', 'danger'),
});

const block = kinds({
  header: fields({ text: plainText(headerText), 'block_id?': id }),
  rich_text: fields({ elements: list(1, Number.POSITIVE_INFINITY, richElement), 'block_id?': id }),
  context: fields({ elements: list(1, elementsPerContext, anyText(objectText)), 'block_id?': id }),
  actions: fields({ elements: list(1, elementsPerActions, kinds({ button })), 'block_id?': id }),
  divider: fields({ 'block_id?': id }),
  section: fields({
    'text?': anyText(objectText),
    'fields?': list(1, fieldsPerSection, anyText(fieldText)),
    'block_id?': id,
  }),
});

function unique(message: unknown, key: string, say: Parameters<Check>[2]): void {
  const seen = new Set<unknown>();
  JSON.stringify(message, (name, value) => {
    if (name !== key) return value;
    if (seen.has(value)) say(key, `"${value}" stands twice in the message`);
    seen.add(value);
    return value;
  });
}
