import { stringify } from 'yaml';
import { formatDuration } from '../duration.js';
import { MOST_STEPS } from '../limits.js';
import { parsePlaybook } from '../parse.js';
import { slugOf } from '../slug.js';
import { asBody, asWords, fenced, indented, quoted } from './blocks.js';
import { type Exported, exported, type Item } from './shape.js';

/** A page made from an export of Mattermost Playbooks. */
export interface Imported {
  /** For its file: `<id>.md`. */
  id: string;
  title: string;
  text: string;
  steps: number;
  /** What Muster has no place for on a page, or has somewhere else: one sentence each. */
  losses: string[];
}

/** What is wrong with it, and what to do. */
export interface NotImported {
  problems: string[];
}

/** Reads an export of Mattermost Playbooks. The page has no errors, whatever stands in the export. */
export function fromMattermost(json: unknown): Imported | NotImported {
  const read = exported.safeParse(json);
  if (!read.success) {
    const known = typeof json === 'object' && json !== null && 'checklists' in json;
    if (!known)
      return {
        problems: ['It has no checklists. In Mattermost open the playbook, choose Export, and give that file.'],
      };
    return { problems: read.error.issues.map(({ path, message }) => `${path.join('.') || 'It'} ${message}.`) };
  }
  const playbook = read.data;
  const items = playbook.checklists.reduce((sum, { items }) => sum + items.length, 0);
  if (items === 0) return { problems: ['It has no tasks, so there is nothing to walk.'] };
  const id =
    slugOf(playbook.title)
      .replace(/[^a-z0-9-]/g, '')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'imported';
  const whole = items > MOST_STEPS;
  let text = '';
  let asWritten = true;
  for (const [index, manner] of manners.entries()) {
    text = pageFrom(playbook, whole, manner);
    asWritten = index === 0;
    if (isSound(text)) break;
  }
  const { playbook: parsed, problems } = parsePlaybook({ id, file: `${id}.md`, text });
  if (!parsed)
    return { problems: problems.map(({ line, message }) => `The page would be wrong in line ${line}: ${message}.`) };
  return {
    id,
    title: parsed.title,
    text,
    steps: parsed.steps.length,
    losses: [
      ...(whole
        ? [
            `It has ${items} tasks and a playbook has ${MOST_STEPS} steps: each checklist is one step, its tasks are sub-steps.`,
          ]
        : []),
      ...(asWritten ? [] : ['Links into the page led nowhere: their words stay.']),
      ...lossesOf(playbook),
    ],
  };
}

const isSound = (text: string): boolean => parsePlaybook({ id: 'made', file: 'made.md', text }).playbook !== null;

/** How what people wrote is put on the page: a task's own words, and words beside the tasks. */
interface Manner {
  body(text: string): string;
  prose(text: string): string;
}
const unlinked = (text: string): string => text.replace(/\[([^\]]*)\]\(#[^)]*\)/g, '$1');
const shown = (text: string): string => (text.trim() === '' ? '' : fenced(text.trim(), 'text'));
/** As written; without links that lead nowhere here; and as nothing but characters. */
const manners: readonly Manner[] = [
  { body: asBody, prose: quoted },
  { body: (text) => asBody(unlinked(text)), prose: (text) => quoted(unlinked(text)) },
  { body: shown, prose: shown },
];

type Lists = Exported['checklists'];

function pageFrom(playbook: Exported, whole: boolean, manner: Manner): string {
  const front = stringify({ title: playbook.title.replace(/\s+/g, ' ').slice(0, 200) }, { lineWidth: 0 }).trim();
  const steps = whole ? listAsStep : itemsAsSteps;
  const parts = [
    `---\n${front}\n---\n# ${asWords(playbook.title, 'Playbook')}`,
    playbook.description.trim() && manner.prose(playbook.description),
    ...playbook.checklists.map((list, index) =>
      `## ${asWords(list.title, `Part ${index + 1}`)}\n\n${steps(list, index, manner)}`.trim(),
    ),
    keptTexts(playbook, manner),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const itemsAsSteps = ({ items }: Lists[number], _index: number, { body }: Manner): string =>
  items
    .map((item) =>
      [
        `- [ ] ${asWords(item.title, 'Untitled task')}`,
        ...[body(item.description), ...extrasOf(item)].filter((each) => each !== '').map(indented),
        ...(item.assignee_type === 'owner' ? ['  - Role: commander'] : []),
      ].join('\n\n'),
    )
    .join('\n\n');

/** Where there are more tasks than steps. */
const listAsStep = ({ title, items }: Lists[number], index: number, { prose }: Manner): string =>
  items.length === 0
    ? ''
    : [
        `- [ ] ${asWords(title, `Part ${index + 1}`)}`,
        items.map((item) => `  - [ ] ${asWords(item.title, 'Untitled task')}`).join('\n'),
        ...items.flatMap((item) => {
          const more = [item.description.trim(), ...extrasOf(item)].filter((each) => each !== '');
          return more.length === 0 ? [] : [indented(prose([`**${item.title.trim()}**`, ...more].join('\n\n')))];
        }),
      ].join('\n\n');

const extrasOf = (item: Item): string[] => [
  ...(item.command.trim() === '' ? [] : [`In Mattermost: ${fencedInline(item.command)}`]),
  ...(item.due_date > 0 ? [`Due ${formatDuration(item.due_date)} after the start.`] : []),
];

const fencedInline = (command: string): string => {
  const line = command.replace(/\s+/g, ' ').trim();
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
};

const texts: [keyof Exported & `${string}_${string}`, string][] = [
  ['message_on_join', 'Said to whoever joins'],
  ['run_summary_template', 'Summary'],
  ['reminder_message_template', 'Status update'],
  ['retrospective_template', 'Retrospective'],
];

/** For people to read and to move where they belong; nothing of it is walked. */
function keptTexts(playbook: Exported, { prose }: Manner): string {
  const kept = texts.flatMap(([key, called]) => {
    const text = String(playbook[key]).trim();
    return text === '' ? [] : [`**${called}**\n\n${prose(text)}`];
  });
  const metrics = playbook.metrics.map(({ title, description }) =>
    prose([title, description].filter((each) => each.trim() !== '').join(': ')),
  );
  if (metrics.length > 0) kept.push(`**Figures**\n\n${metrics.join('\n\n')}`);
  return kept.length === 0 ? '' : ['## Kept from Mattermost', ...kept].join('\n\n');
}

function lossesOf(playbook: Exported): string[] {
  const items = playbook.checklists.flatMap((list) => list.items);
  const with_ = (holds: (item: Item) => boolean): number => items.filter(holds).length;
  const commands = with_(({ command }) => command.trim() !== '');
  const conditions = with_(({ condition_id }) => condition_id !== '');
  const due = with_(({ due_date }) => due_date > 0);
  const others = with_(({ assignee_type }) => assignee_type !== '' && assignee_type !== 'owner');
  const said = (n: number, words: string): string[] => (n === 0 ? [] : [`${n} ${n === 1 ? 'task' : 'tasks'} ${words}`]);
  return [
    ...said(commands, 'with a slash command of Mattermost: it stands in the step, and nothing runs it.'),
    ...said(conditions, 'shown under a condition: all are shown; make a check with "If not" of it.'),
    ...said(due, 'with a due time after the start: it stands in the step; write "Within" for a time-box of the step.'),
    ...said(others, 'for somebody Muster does not know by role: assign them on the night.'),
    ...(playbook.reminder_timer_default_seconds > 0
      ? [
          `Updates every ${formatDuration(playbook.reminder_timer_default_seconds * 1_000)}: muster.yaml has that by severity, as update-every.`,
        ]
      : []),
    ...(playbook.signal_any_keywords.length > 0
      ? [
          `It started by the words ${playbook.signal_any_keywords.join(', ')}: write \`matches\` for its services or alerts.`,
        ]
      : []),
    ...(playbook.channel_name_template ? ['It named the channel: Muster names it by number and title.'] : []),
    'It has no owner and no date of review: write owner, reviewed and review-every at its top.',
  ];
}
