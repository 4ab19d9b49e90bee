import { handOf } from '../../incident/hand.js';
import { type Incident, type Walk, walksOf } from '../../incident/state.js';
import { type Block, type Button, type Inline, paragraph, strong, text } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { standing } from '../../messages/walk-values.js';
import type { Playbook } from '../../playbooks/playbook.js';
import { act, called, lineButton, misused, refused, sayCard, withButtons } from '../answers.js';
import { near } from '../near.js';
import { adopt, diff, stepShown } from '../playbook-diff.js';
import type { Act, Verb, Within } from '../verb.js';
import { walked } from '../walk.js';

const marks = { open: '○', done: '✓', skipped: '–', failed: '✗', passed: '·' } as const;
const offered = 10;
const alertsRead = 100;
type How = 'choose' | 'switch' | 'add';
const commands = { choose: 'attachPlaybook', switch: 'switchPlaybook', add: 'addPlaybook' } as const;
const how = /^(?:(switch|change|back)(?:\s+to)?|(add|attach))(?:\s+|$)/i;

function steps(walk: Walk, names: Within['names']): Inline[][] {
  return walk.steps.map((step, index) => {
    const ticks = step.substeps > 0 ? ` (${step.ticked.length} of ${step.substeps})` : '';
    const who = step.assignee ? ` · ${literal(names.get(step.assignee) ?? step.assignee, 80)}` : '';
    const line = `${marks[step.state]} ${step.phase} · ${step.title}${ticks}${who}`;
    return [handOf(walk).includes(index) ? strong(line) : text(line)];
  });
}

/** What matches the incident as it is now, and is not attached. */
async function fitting(about: Within): Promise<{ playbook: Playbook; reason: string }[]> {
  const { incident } = about;
  const { alerts } = await about.reads.alerts(about.viewer, incident.id, { limit: alertsRead, offset: 0 });
  const here = new Set(walksOf(incident).map(({ playbookId }) => playbookId));
  return about
    .matching({ services: incident.services, alerts: alerts.map(({ name, labels }) => ({ name, labels })) })
    .filter(({ playbook }) => !here.has(playbook.id))
    .slice(0, offered);
}

const line = (incident: Incident, label: string, verb: string, id: string): Button[] =>
  lineButton(literal(label, 60), `playbook ${verb} ${id}`.replace('  ', ' '), { incidentId: incident.id });

async function show(about: Within): Promise<Act> {
  const { incident } = about;
  const { walk, aside, id } = incident;
  const fits = await fitting(about);
  if (!walk) {
    if (about.playbooks.length === 0)
      return refused('no-playbook', 'No playbooks are here. Put one into the playbooks folder.');
    const why = fits[0] ? ` ${literal(fits[0].playbook.title)} fits, because ${literal(fits[0].reason)}.` : '';
    return refused('no-playbook', `${called(incident)} has no playbook. Which one?${why}`, choices(about, fits));
  }
  const beside = aside.length === 0 ? '' : `, ${aside.length} more beside it`;
  const summary = `${literal(walk.title)}, ${walk.steps.length} steps${beside}.`;
  const blocks: Block[] = [
    paragraph(strong(literal(walk.title)), text(`, because ${literal(walk.reason)}`)),
    { kind: 'list', ordered: true, items: steps(walk, about.names) },
  ];
  if (aside.length > 0)
    blocks.push(paragraph(text('Beside it:')), {
      kind: 'list',
      ordered: false,
      items: aside.map((each) => [
        strong(literal(each.title)),
        text(`, ${standing(each)}, because ${literal(each.reason)}`),
      ]),
    });
  if (fits.length > 0)
    blocks.push(paragraph(text('Fits as well:')), {
      kind: 'list',
      ordered: false,
      items: fits.map(({ playbook, reason }) => [
        strong(literal(playbook.title)),
        text(`, because ${literal(reason)}`),
      ]),
    });
  const label = walk.startedAt === null ? 'Start' : 'Show the step';
  const go = walk.finishedAt === null ? lineButton(label, 'next', { incidentId: id, style: 'primary' }) : [];
  return sayCard({
    tone: incident.severity,
    summary,
    blocks: withButtons(blocks, [
      ...go,
      ...aside.flatMap((each) => line(incident, `Back to ${each.title}`, 'switch', each.playbookId)),
      ...fits.flatMap(({ playbook }) => [
        ...line(incident, `Walk ${playbook.title}`, 'switch', playbook.id),
        ...line(incident, `Add ${playbook.title}`, 'add', playbook.id),
      ]),
    ]),
  });
}

/** All there are, those that fit first. */
const choices = (about: Within, fits: readonly { playbook: Playbook }[] = []): Button[] =>
  [...new Set([...fits.map(({ playbook }) => playbook), ...about.playbooks])]
    .slice(0, offered)
    .flatMap((each) => line(about.incident, each.title, '', each.id));

/** One that is here already goes before the file of that name: it may have changed since. */
function wanted(about: Within, name: string): { hash: string; id: string; title: string } | null {
  const same = (each: { id: string; title: string }) =>
    each.id.toLowerCase() === name.toLowerCase() || each.title.toLowerCase() === name.toLowerCase();
  const here = walksOf(about.incident).map(({ hash, playbookId, title }) => ({ hash, id: playbookId, title }));
  return [...here, ...about.playbooks].find(same) ?? null;
}

function choose(about: Within, name: string, as: How): Act | Promise<Act> {
  if (name === '') return misused(playbook, 'Which playbook?', choices(about));
  const hit = wanted(about, name);
  const { incident } = about;
  if (!hit) {
    const ids = about.playbooks.map((each) => each.id.toLowerCase());
    const meant = near(name.toLowerCase(), ids)[0];
    const guess = meant ? ` Did you mean ${meant}?` : '';
    return misused(playbook, `There is no playbook ${literal(name, 60)}.${guess}`, choices(about));
  }
  const { walk } = incident;
  if (walk?.hash === hit.hash) return show(about);
  if (as === 'choose' && walk && walk.current !== null) {
    const title = literal(hit.title);
    return refused(
      'walk-started',
      `${literal(walk.title)} is being walked, ${standing(walk)}. Walk ${title} instead, or keep it for later? Nothing that was done is lost.`,
      [...line(incident, `Walk ${title}`, 'switch', hit.id), ...line(incident, `Add ${title}`, 'add', hit.id)],
    );
  }
  const reason = `${about.asker.name} ${as === 'add' ? 'added' : 'chose'} it`;
  return act(about, { type: commands[as], hash: hit.hash, reason }, (after, events) => {
    const now = after.walk?.hash === hit.hash;
    if (!now)
      return `${hit.title} waits beside ${after.walk?.title}. Take it in hand with /incident playbook switch ${hit.id}`;
    if (after.walk?.current !== null) return walked(after, about, `${called(after)} is back at ${hit.title}.`, events);
    return `${called(after)} now walks ${hit.title}. Start it with /incident next.`;
  });
}

export const playbook: Verb = {
  name: 'playbook',
  aliases: ['playbooks', 'steps', 'runbook', 'checklist'],
  presets: { 'switch-playbook': 'switch', 'add-playbook': 'add' },
  group: 'Walk the playbook',
  usage: 'playbook [[switch|add] name | step <number> | diff | adopt]',
  examples: [
    'playbook',
    'playbook registry-outage',
    'playbook switch storage-exhaustion',
    'playbook add ci-outage',
    'playbook diff',
  ],
  help: 'Show all steps, other playbooks and what fits; choose one, switch to another, or add one for later.',
  plain: true,
  where: 'incident',
  read(args, about) {
    if (args === '') return show(about);
    const gate = wanted(about, args) ? null : /^(step|diff|changes|adopt)(?:\s+#?(\S+))?$/i.exec(args);
    if (gate?.[1]?.toLowerCase() === 'step') return stepShown(about, about.incident, gate[2] ?? '');
    if (gate) return /^adopt$/i.test(gate[1] ?? '') ? adopt(about, gate[2] ?? '') : diff(about);
    // A playbook may be called "Add a node": its whole name goes before the word.
    const said = wanted(about, args) ? null : how.exec(args);
    const as: How = !said ? 'choose' : said[1] ? 'switch' : 'add';
    return choose(about, args.slice(said?.[0].length ?? 0), as);
  },
};
