import type { Incident } from '../../incident/state.js';
import { type Block, type Inline, paragraph, strong, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { type PlaybookQuality, playbookQuality } from '../../reports/playbook-quality.js';
import { concernWords, stepWords, walkedWords } from '../../reports/quality-words.js';
import { count } from '../../reports/write.js';
import { everyIncident } from '../../store/every-incident.js';
import { lineButton, misused, refused, sayCard, withButtons } from '../answers.js';
import { near } from '../near.js';
import type { About, Act, Verb } from '../verb.js';

/** The newest; what is older says little of the pages of today. */
const incidentsRead = 500;
const shown = 20;

async function qualities(about: About): Promise<PlaybookQuality[]> {
  const incidents: Incident[] = [];
  for await (const incident of everyIncident(about.reads, about.viewer))
    if (incidents.push(incident) === incidentsRead) break;
  return playbookQuality(about.playbooks, incidents, about.now);
}

const nameOf =
  (about: About) =>
  (personId: string): string =>
    literal(about.names.get(personId) ?? personId, 80);

function overview(about: About, all: readonly PlaybookQuality[]): Act {
  const troubled = all.filter(({ concerns }) => concerns.length > 0);
  const summary = `${troubled.length} of ${count(all.length, 'playbook')} ${troubled.length === 1 ? 'wants' : 'want'} looking at.`;
  const items = all
    .toSorted((a, b) => b.concerns.length - a.concerns.length)
    .slice(0, shown)
    .map((each): Inline[] => [
      strong(literal(each.title, 80)),
      text(
        `: ${[walkedWords(each), ...each.concerns.map((concern) => literal(concernWords(concern, nameOf(about)), 200))].join('; ')}.`,
      ),
    ]);
  const open = troubled.slice(0, 5).flatMap(({ id, title }) => lineButton(literal(title, 40), `quality ${id}`));
  return sayCard({
    tone: 'neutral',
    summary,
    blocks: withButtons([paragraph(text(summary)), { kind: 'list', ordered: false, items }], open),
  });
}

function one(about: About, quality: PlaybookQuality): Act {
  const summary = `${literal(quality.title, 80)}: ${walkedWords(quality)}.`;
  const concerns: Block[] =
    quality.concerns.length === 0
      ? []
      : [
          {
            kind: 'list',
            ordered: false,
            items: quality.concerns.map((each) => [text(literal(concernWords(each, nameOf(about)), 300))]),
          },
        ];
  const suggested =
    quality.suggestions === 0
      ? []
      : [
          paragraph(
            text(
              `${count(quality.suggestions, 'change')} suggested while it was walked: each incident has them as a patch.`,
            ),
          ),
        ];
  const steps: Block = {
    kind: 'list',
    ordered: true,
    items: quality.steps.map((step) => [strong(literal(step.title, 120)), text(`: ${literal(stepWords(step), 300)}`)]),
  };
  return sayCard({ tone: 'neutral', summary, blocks: [paragraph(strong(summary)), ...concerns, ...suggested, steps] });
}

export const quality: Verb = {
  name: 'quality',
  aliases: ['playbook-quality', 'playbooks-quality', 'runbook-quality', 'stale', 'stale-playbooks', 'untried'],
  group: 'Walk the playbook',
  usage: 'quality [playbook]',
  examples: ['quality', 'quality registry-outage', 'playbook quality'],
  help: 'How playbooks do: which were never tried, are stale or known to one person only, and each step of one.',
  plain: true,
  where: 'anywhere',
  async read(args, about) {
    if (about.playbooks.length === 0)
      return refused('no-playbook', 'No playbooks are here. Put one into the playbooks folder.');
    const all = await qualities(about);
    const wanted = args.trim().toLowerCase();
    if (wanted === '') return overview(about, all);
    const hit = all.find(({ id, title }) => id.toLowerCase() === wanted || title.toLowerCase() === wanted);
    if (hit) return one(about, hit);
    const guess = near(
      wanted,
      all.map(({ id }) => id.toLowerCase()),
    )[0];
    return misused(
      quality,
      `There is no playbook ${literal(args, 60)}.${guess ? ` Did you mean ${guess}?` : ''}`,
      guess ? lineButton(guess, `quality ${guess}`) : [],
    );
  },
};
