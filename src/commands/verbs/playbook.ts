import type { Walk } from '../../incident/state.js';
import { type Block, type Inline, paragraph, strong, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { act, called, lineButton, misused, refused, sayCard, withButtons } from '../answers.js';
import { near } from '../near.js';
import type { Act, Verb, Within } from '../verb.js';

const marks = { open: '○', done: '✓', skipped: '–', failed: '✗', passed: '·' } as const;
const offered = 10;

function steps(walk: Walk): Inline[][] {
  return walk.steps.map((step, index) => {
    const line = `${marks[step.state]} ${step.phase} · ${step.title}`;
    return [index === walk.current ? strong(line) : text(line)];
  });
}

function show(about: Within): Act {
  const { walk, id } = about.incident;
  if (!walk) {
    if (about.playbooks.length === 0)
      return refused('no-playbook', 'No playbooks are here. Put one into the playbooks folder.');
    const summary = `${called(about.incident)} has no playbook. Which one?`;
    return refused('no-playbook', summary, choices(about));
  }
  const summary = `${literal(walk.title)}, ${walk.steps.length} steps.`;
  const blocks: Block[] = [
    paragraph(strong(literal(walk.title)), text(`, because ${literal(walk.reason)}`)),
    { kind: 'list', ordered: true, items: steps(walk) },
  ];
  const label = walk.startedAt === null ? 'Start' : 'Show the step';
  const go = walk.finishedAt === null ? lineButton(label, 'next', { incidentId: id, style: 'primary' }) : [];
  return sayCard({ tone: about.incident.severity, summary, blocks: withButtons(blocks, go) });
}

const choices = (about: Within) =>
  about.playbooks
    .slice(0, offered)
    .flatMap((each) => lineButton(literal(each.title, 40), `playbook ${each.id}`, { incidentId: about.incident.id }));

export const playbook: Verb = {
  name: 'playbook',
  aliases: ['playbooks', 'steps', 'runbook', 'checklist'],
  group: 'Walk the playbook',
  usage: 'playbook [name]',
  examples: ['playbook', 'playbook registry-outage'],
  help: 'Show all steps and how they stand, or choose a playbook.',
  plain: true,
  where: 'incident',
  read(args, about) {
    if (args === '') return show(about);
    const wanted = args.toLowerCase();
    const hit = about.playbooks.find((each) => each.id.toLowerCase() === wanted || each.title.toLowerCase() === wanted);
    if (!hit) {
      const meant = near(
        wanted,
        about.playbooks.map((each) => each.id.toLowerCase()),
      )[0];
      return misused(
        playbook,
        `There is no playbook ${literal(args, 60)}.${meant ? ` Did you mean ${meant}?` : ''}`,
        choices(about),
      );
    }
    return act(
      about,
      { type: 'attachPlaybook', hash: hit.hash, reason: `${about.asker.name} chose it` },
      (after) => `${called(after)} now walks ${hit.title}. Start it with /incident next.`,
    );
  },
};
