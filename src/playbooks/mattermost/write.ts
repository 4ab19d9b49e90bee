import type { Playbook } from '../playbook.js';
import { pageOf } from '../tree.js';
import { fenced } from './blocks.js';
import { exportVersion } from './shape.js';

/** What Mattermost Playbooks imports. */
export interface ForMattermost {
  json: {
    version: typeof exportVersion;
    title: string;
    description: string;
    checklists: { title: string; items: { title: string; description?: string }[] }[];
    metrics: never[];
  };
  /** What a checklist does not do: one sentence each. */
  losses: string[];
}

/**
 * A playbook as Mattermost Playbooks imports it. Each step's Markdown goes along as it was written, so that reading the
 * export back gives the same steps; the front matter stands in the description.
 */
export function toMattermost(playbook: Playbook): ForMattermost {
  const lines = playbook.text.replaceAll('\r\n', '\n').split('\n');
  const ends = endsOf(playbook);
  const checklists: ForMattermost['json']['checklists'] = [];
  for (const step of playbook.steps) {
    const below = lines.slice(step.line, ends[step.index]).map((line) => line.replace(/^ {1,2}/, ''));
    const description = below.join('\n').trim();
    const last = checklists.at(-1);
    const item = { title: step.title, ...(description !== '' && { description }) };
    if (last?.title === step.phase) last.items.push(item);
    else checklists.push({ title: step.phase, items: [item] });
  }
  return {
    json: {
      version: exportVersion,
      title: playbook.title,
      description: descriptionOf(playbook),
      checklists,
      metrics: [],
    },
    losses: lossesOf(playbook),
  };
}

/** The line each step ends before: the next step or heading, in lines from 0. */
function endsOf({ text, steps }: Playbook): number[] {
  const { root } = pageOf(text);
  const starts = [
    ...root.children.flatMap((node) => (node.type === 'list' ? [] : [(node.position?.start.line ?? 1) - 1])),
    ...steps.map(({ line }) => line - 1),
  ].sort((a, b) => a - b);
  const total = text.split('\n').length;
  return steps.map(({ line }) => starts.find((start) => start > line - 1) ?? total);
}

function descriptionOf({ text }: Playbook): string {
  const { root } = pageOf(text);
  const first = root.children.findIndex((node) => node.type === 'heading' && node.depth > 1);
  const before = root.children
    .slice(0, first === -1 ? 0 : first)
    .filter(({ type }) => type !== 'yaml' && type !== 'heading');
  const start = before[0]?.position?.start.offset;
  const front = root.children[0]?.type === 'yaml' ? fenced(root.children[0].value, 'yaml') : '';
  const prose = start === undefined ? '' : text.slice(start, before.at(-1)?.position?.end.offset);
  return [prose, front].filter((part) => part !== '').join('\n\n');
}

function lossesOf({ steps }: Playbook): string[] {
  const some = (holds: (step: Playbook['steps'][number]) => boolean, words: string): string[] => {
    const n = steps.filter(holds).length;
    return n === 0 ? [] : [`${n} ${n === 1 ? 'step' : 'steps'} ${words}`];
  };
  return [
    ...some(
      ({ ifNot, thenTo }) => (ifNot?.goto ?? thenTo) !== null,
      'that lead elsewhere: a checklist goes on in order, the words stay in the task.',
    ),
    ...some(({ approve }) => approve !== null, 'that need an approval: nobody is asked there.'),
    ...some(({ withinMs }) => withinMs !== null, 'with a time-box: nobody is asked there when it is over.'),
    ...some(({ ask }) => ask.length > 0, 'that ask for a value: it is not filled into later steps.'),
    ...some(({ substeps }) => substeps.length > 0, 'with sub-steps: they are boxes in the task that cannot be ticked.'),
    'What attaches it to incidents (matches, severity) is not used there; it stands in the description.',
  ];
}
