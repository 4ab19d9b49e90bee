import { ACTION_ID, ACTION_STYLES, CROWDS, HEX_COLOR, MESSAGE_LIMIT, PROPS_LIMIT, PROPS_RESERVED } from './limits.js';
import { type Action, type Attachment, jsonSize, type Post } from './post.js';
import { linesOf, markdownOf, plainOf } from './read.js';

const isWeb = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url);

/** What the server would refuse or could not use about a card's posts, in words; none is well. */
export function problemsOf(posts: readonly Post[]): string[] {
  const ids = posts.flatMap(({ props }) => props.attachments ?? []).flatMap(({ actions = [] }) => actions);
  const twice = ids.filter(({ id }, index) => ids.findIndex((other) => other.id === id) !== index);
  return [
    ...(posts.length === 0 ? ['there is no post'] : []),
    ...posts.flatMap((post, index) => postProblems(post).map((problem) => `post ${index + 1}: ${problem}`)),
    ...twice.map(({ id }) => `two buttons have the id ${id}`),
  ];
}

function postProblems({ message, props }: Post): string[] {
  const length = [...message].length;
  const size = jsonSize(props);
  const room = PROPS_LIMIT - PROPS_RESERVED;
  const attachments = props.attachments ?? [];
  return [
    ...(length > MESSAGE_LIMIT ? [`the message has ${length} characters of ${MESSAGE_LIMIT}`] : []),
    ...(size > room ? [`props have ${size} characters of ${room}`] : []),
    ...(message.trim() === '' ? ['the message is empty'] : []),
    ...attachments.flatMap(attachmentProblems),
  ];
}

function attachmentProblems({ color, text, fields, actions }: Attachment): string[] {
  const nothing = !text && !fields?.length && !actions?.length;
  return [
    ...(nothing ? ['an attachment shows nothing'] : []),
    ...(color !== undefined && !HEX_COLOR.test(color) ? [`${color} is no colour`] : []),
    ...(fields ?? []).flatMap(({ title, value }) => (title === '' && value === '' ? ['a field is empty'] : [])),
    ...(actions ?? []).flatMap(actionProblems),
  ];
}

function actionProblems({ id, name, style, integration }: Action): string[] {
  return [
    ...(ACTION_ID.test(id) ? [] : [`the button id ${id} is not of letters and digits`]),
    ...(name.trim() === '' ? [`the button ${id} has no name`] : []),
    ...(style === undefined || ACTION_STYLES.includes(style) ? [] : [`the button ${id} has the style ${style}`]),
    ...(isWeb(integration.url) ? [] : [`the button ${id} leads to no address`]),
    ...(typeof integration.context.command === 'string' ? [] : [`the button ${id} carries no command`]),
  ];
}

/**
 * What the posts call or lead to, as the server and its clients look for it: `@name`, `~name`, `#tag`, `:name:`,
 * addresses, formulas, and what is drawn as more than text. Words that can be a person's are among them, for instance
 * `@ada` where Ada is told.
 */
export function callsOf(posts: readonly Post[]): string[] {
  const all = posts.flatMap(markdownOf).map(linesOf);
  const written = all.flatMap((each) => each.written);
  const shown = [...all.flatMap(({ read }) => read), ...written, ...posts.flatMap(plainOf)];
  return [
    ...all.flatMap(({ hrefs }) => hrefs),
    ...all.flatMap(({ strange }) => strange),
    ...written.flatMap((text) => DRAWN.flatMap((each) => text.match(each) ?? [])),
    ...shown.flatMap((text) => [...mentions(text), ...SEEN.flatMap((each) => text.match(each) ?? [])]),
  ];
}

/** As the server cuts words, and as the clients look for names. */
const mentions = (text: string): string[] => [
  ...text.split(/[^:.\-_@\p{L}\p{N}]+/u).flatMap((word) => word.match(/@[:.\-_\p{L}\p{N}]+/gu) ?? []),
  ...(text.match(/@[a-z0-9.\-_]+/gi) ?? []),
];

const SEEN = [
  /~[a-z0-9.\-_]+/gi,
  /#\p{L}[\p{L}\d\-_.]*/gu,
  /:(?!\d\d:\d)[a-zA-Z0-9_+-]+:/g,
  /[A-Za-z][A-Za-z\d.+-]*:(?:\/{1,3}|[\p{L}%])\S*/gu,
  /(?<![A-Za-z\d.+-])[A-Za-z+]+:\d\S*/g,
  /www\d{0,3}\.\S*/gi,
  /[\p{L}\d.-]+\.\p{L}{2,4}\/\S*/gu,
];
/** Read where the characters stand themselves. */
const DRAWN = [/\$[^$\n]+\$(?!\w)/g, /<[^>|\s]+[|@][^>]+>/g];

/** Of the calls, those to everybody. */
export const crowdsOf = (posts: readonly Post[]): string[] =>
  callsOf(posts).filter((call) =>
    CROWDS.includes(
      call
        .replace(/^@/, '')
        .replace(/[:.\-_]+$/, '')
        .toLowerCase(),
    ),
  );
