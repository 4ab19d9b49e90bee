import type { Incident } from '../incident/state.js';
import { pathWords } from '../incident/symptoms.js';
import { type Inline, text } from './card.js';
import { literal } from './literal.js';
import { formatDuration } from './zones.js';

const textKept = 200;
const pathKept = 120;

/** Where a link leads, said by its host: its words would be the sender's. */
function linkTo(href: string | null): Inline[] {
  if (href === null || !/^https?:\/\//i.test(href) || !URL.canParse(href)) return [];
  return [text(', '), { kind: 'link', text: new URL(href).host, href }];
}

/** What was changed shortly before it began, newest first. */
export function changedFields({ changed = [], openedAt }: Incident): { label: string; value: Inline[] }[] {
  if (changed.length === 0) return [];
  return [
    {
      label: 'Changed before',
      value: changed.flatMap((each, index) => [
        text(
          `${index > 0 ? ' · ' : ''}${literal(pathWords(each.path), pathKept)}: ${literal(each.text, textKept)} (${formatDuration(openedAt - each.at)} before`,
        ),
        ...linkTo(each.link),
        text(')'),
      ]),
    },
  ];
}
