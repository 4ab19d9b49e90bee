import { type Incident, type Walk, type WalkStep, walksOf } from '../incident/state.js';
import type { Playbook } from '../playbooks/playbook.js';

const dayMs = 86_400_000;
/** Of the reasons for a step, the commonest. */
const reasonsShown = 3;

/** What became of one step, over all the walks that came to it. */
export interface StepQuality {
  title: string;
  phase: string;
  done: number;
  skipped: number;
  failed: number;
  /** Why it was skipped, the commonest first. */
  reasons: { reason: string; times: number }[];
  /** ms from in hand to done; null: never done. */
  medianMs: number | null;
  /** Somewhere else follows when it fails: then failing is an answer, and no fault. */
  branches: boolean;
}

/** What keeps a playbook from being relied on. */
export type Concern =
  | { kind: 'untried' }
  | { kind: 'never finished'; walks: number }
  /** Nobody else has ever walked it. */
  | { kind: 'one person'; personId: string }
  | { kind: 'no review' }
  | { kind: 'review overdue'; dueAt: number }
  /** Changed since it was last walked, or walked too long ago to count as tried. */
  | { kind: 'not tried lately'; lastAt: number }
  | { kind: 'changed since tried'; lastAt: number }
  | { kind: 'often skipped'; step: string; times: number; of: number }
  | { kind: 'often fails'; step: string; times: number; of: number };

export interface PlaybookQuality {
  id: string;
  title: string;
  owner: string | null;
  /** Walks that were started, exercises among them; so many came to their end. */
  walks: number;
  drills: number;
  finished: number;
  /** Who ended steps of it, ever. */
  walkers: string[];
  lastAt: number | null;
  steps: StepQuality[];
  suggestions: number;
  concerns: Concern[];
}

/** A step is known by its words, so that the figures outlive a change of the page. */
const keyOf = ({ phase, title }: Pick<WalkStep, 'phase' | 'title'>): string => `${phase}\n${title}`;

const staleAfterMs = 180 * dayMs;
/** Fewer walks say nothing about a step. */
const enoughWalks = 2;

/**
 * How playbooks do, from the incidents that walked them. Pure; incidents a reader may not see are not given to it. An
 * exercise counts as trying it.
 */
export function playbookQuality(
  playbooks: readonly Playbook[],
  incidents: readonly Pick<Incident, 'walk' | 'aside' | 'drill' | 'suggestions'>[],
  now: number,
): PlaybookQuality[] {
  return playbooks.map((playbook) => {
    const started = incidents.flatMap((incident) =>
      walksOf(incident).flatMap((walk) =>
        walk.playbookId === playbook.id && walk.startedAt !== null ? [{ walk, drill: incident.drill }] : [],
      ),
    );
    const walks = started.map(({ walk }) => walk);
    const ended = walks.flatMap(({ steps }) => steps).filter((step) => step.endedAt !== null && step.by !== null);
    const steps = playbook.steps.map((step) => stepQuality(step, walks));
    const about = {
      walkers: [...new Set(ended.flatMap(({ by }) => by ?? []))].sort(),
      lastAt: walks.reduce<number | null>((last, { startedAt }) => Math.max(last ?? 0, startedAt ?? 0), null),
      finished: walks.filter(({ finishedAt }) => finishedAt !== null).length,
    };
    return {
      id: playbook.id,
      title: playbook.title,
      owner: playbook.owner,
      walks: walks.length,
      drills: started.filter(({ drill }) => drill).length,
      ...about,
      steps,
      suggestions: incidents
        .flatMap(({ suggestions = [] }) => suggestions)
        .filter(({ hash }) => hash === playbook.hash || walks.some((walk) => walk.hash === hash)).length,
      concerns: concernsOf(playbook, { ...about, walks, steps }, now),
    };
  });
}

function stepQuality(step: Playbook['steps'][number], walks: readonly Walk[]): StepQuality {
  const key = keyOf(step);
  const seen = walks.flatMap((walk) => walk.steps.filter((each) => keyOf(each) === key));
  const times = seen.flatMap(({ state, startedAt, endedAt }) =>
    state === 'done' && startedAt !== null && endedAt !== null ? [Math.max(0, endedAt - startedAt)] : [],
  );
  const reasons = new Map<string, number>();
  for (const { state, said } of seen)
    if (state === 'skipped' && said !== null) reasons.set(said, (reasons.get(said) ?? 0) + 1);
  const count = (state: WalkStep['state']): number => seen.filter((each) => each.state === state).length;
  return {
    title: step.title,
    phase: step.phase,
    done: count('done'),
    skipped: count('skipped'),
    failed: count('failed'),
    reasons: [...reasons]
      .map(([reason, times]) => ({ reason, times }))
      .sort((a, b) => b.times - a.times || (a.reason < b.reason ? -1 : 1))
      .slice(0, reasonsShown),
    medianMs: median(times),
    branches: (step.ifNot?.goto ?? null) !== null,
  };
}

function median(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}

function concernsOf(
  { hash, reviewed, reviewEveryMs }: Playbook,
  found: {
    walks: readonly Walk[];
    walkers: readonly string[];
    lastAt: number | null;
    finished: number;
    steps: readonly StepQuality[];
  },
  now: number,
): Concern[] {
  const { walks, walkers, lastAt, finished, steps } = found;
  const concerns: Concern[] = [];
  const [only] = walkers;
  if (lastAt === null) concerns.push({ kind: 'untried' });
  else {
    if (finished === 0) concerns.push({ kind: 'never finished', walks: walks.length });
    if (only !== undefined && walkers.length === 1) concerns.push({ kind: 'one person', personId: only });
    if (now - lastAt > (reviewEveryMs ?? staleAfterMs)) concerns.push({ kind: 'not tried lately', lastAt });
    else if (!walks.some((walk) => walk.hash === hash)) concerns.push({ kind: 'changed since tried', lastAt });
  }
  const reviewedAt = reviewed === null ? null : Date.parse(`${reviewed}T00:00:00Z`);
  if (reviewedAt === null) concerns.push({ kind: 'no review' });
  else if (reviewEveryMs !== null && now > reviewedAt + reviewEveryMs)
    concerns.push({ kind: 'review overdue', dueAt: reviewedAt + reviewEveryMs });
  for (const { title, done, skipped, failed, branches } of steps) {
    const of = done + skipped + failed;
    if (of < enoughWalks) continue;
    if (skipped * 2 >= of) concerns.push({ kind: 'often skipped', step: title, times: skipped, of });
    if (failed * 2 >= of && !branches) concerns.push({ kind: 'often fails', step: title, times: failed, of });
  }
  return concerns;
}
