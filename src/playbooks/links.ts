import { suggestion } from '../messages/near.js';
import type { Report } from './report.js';
import { anchors, slugOf } from './slug.js';
import type { Outline } from './steps.js';
import { everyNode, hrefOf, type Page, placeOf } from './tree.js';

interface Target {
  /** Index of the step it leads to; null: a heading with no step below it. */
  step: number | null;
  /** Index behind the last step it stands for. */
  end: number;
  /** The line of another heading or step with the same name. */
  twin: number | null;
  what: 'heading' | 'step';
}

/** Resolves `#anchor` to the index of a step, or null for what leads nowhere. */
export type Targets = (href: string) => Target | null;

/**
 * A heading's anchor leads to the first step under it, its sub-headings included; the anchor a step's title would have
 * leads to that step. A heading wins over a step.
 */
export function targetsOf({ headings, steps }: Outline): { find: Targets; names: string[] } {
  const targets = new Map<string, Target>();
  const anchorOf = anchors();
  const lines = new Map<string, number>();
  for (const [position, heading] of headings.entries()) {
    const end = endOf(headings, position, steps.length);
    const step = heading.firstStep < end ? heading.firstStep : null;
    targets.set(anchorOf(heading.title), { step, end, twin: null, what: 'heading' });
    twinned(targets, lines, slugOf(heading.title), heading.place.line);
  }
  const ofSteps = new Map<string, number>();
  for (const { title, index, line } of steps) {
    const slug = slugOf(title);
    if (ofSteps.has(slug)) twinned(targets, ofSteps, slug, line);
    else if (!targets.has(slug)) {
      targets.set(slug, { step: index, end: index + 1, twin: null, what: 'step' });
      ofSteps.set(slug, line);
    }
  }
  const find: Targets = (href) => targets.get(decoded(href.slice(1))) ?? null;
  return { find, names: [...targets.keys()].filter((name) => name !== '') };
}

/** Index of the step behind what stands under a heading, its sub-headings included. */
export const endOf = (headings: Outline['headings'], position: number, steps: number): number => {
  const depth = headings[position]?.depth ?? 1;
  return headings.slice(position + 1).find((later) => later.depth <= depth)?.firstStep ?? steps;
};

function twinned(targets: Map<string, Target>, lines: Map<string, number>, slug: string, line: number): void {
  const first = targets.get(slug);
  if (lines.has(slug) && first !== undefined) first.twin = line;
  else lines.set(slug, line);
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    if (error instanceof URIError) return fragment;
    throw error;
  }
}

/** Reports every link of the page that leads nowhere, to two places, or out of http(s). */
export function checkLinks(page: Page, { find, names }: ReturnType<typeof targetsOf>, report: Report): void {
  for (const node of everyNode(page.root)) {
    const href = hrefOf(node, page);
    if (href === null) continue;
    const place = placeOf(node);
    if (!href.startsWith('#')) {
      if (hasOtherScheme(href))
        report.warning(place, 'a link that is not http or https is shown as text', 'write the address out');
      continue;
    }
    const target = find(href);
    if (target === null) {
      const known = names.slice(0, 40);
      report.error(
        place,
        `${href} leads nowhere`,
        known.length > 0 ? suggestion(href.slice(1), known) : 'there is no heading',
      );
    } else if (target.twin !== null) {
      const message = `${href} could be either of two ${target.what}s`;
      report.error(place, message, `rename the ${target.what} on line ${target.twin}`);
    } else if (target.step === null) {
      report.error(place, `${href} leads to a heading without steps`, 'add a step under it, or link to another');
    }
  }
}

const hasOtherScheme = (href: string): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(href) && !/^(?:https?|mailto):/i.test(href);
