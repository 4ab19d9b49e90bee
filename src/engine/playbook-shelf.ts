import type { PlaybookChoice } from '../incident/commands.js';
import type { WalkablePlaybook } from '../incident/context.js';
import { type Status, walksOf } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import type { MatchPlaybooks, Playbook, ReadKeptPlaybook } from '../playbooks/playbook.js';
import { everyIncident } from '../store/every-incident.js';
import type { Store } from '../store/port.js';

/** Playbooks by content hash: those in the folder today, and the older texts running incidents keep. */
export interface Shelf {
  readonly current: readonly Playbook[];
  /** Those in the folder have changed; what is kept by its hash stays. */
  replace(current: readonly Playbook[]): void;
  get(hash: string): Playbook | null;
  walkable(hash: string): WalkablePlaybook | null;
  /** The best match, with the others that match. */
  choose(facts: Parameters<MatchPlaybooks>[1]): PlaybookChoice | null;
  matching(facts: Parameters<MatchPlaybooks>[1]): ReturnType<MatchPlaybooks>;
  /** Makes sure that the text an incident started with is at hand. */
  fetch(hash: string): Promise<void>;
  /** The same for every incident that can still be walked, so that cards have it from the start on. */
  preload(): Promise<void>;
}

/** Whose playbook can be walked: all but the closed and the dismissed. */
const walked: Status[] = ['triage', 'investigating', 'identified', 'monitoring', 'resolved'];

export function openShelf(parts: {
  current: readonly Playbook[];
  read: ReadKeptPlaybook;
  match: MatchPlaybooks;
  store: Pick<Store, 'playbook' | 'incidents'>;
}): Shelf {
  let { current } = parts;
  const byHash = new Map(parts.current.map((playbook) => [playbook.hash, playbook]));

  async function fetch(hash: string): Promise<void> {
    if (byHash.has(hash)) return;
    const kept = await parts.store.playbook(hash);
    if (kept) byHash.set(hash, { ...parts.read({ id: kept.playbookId, text: kept.text }), hash });
  }

  return {
    get current() {
      return current;
    },
    replace(next) {
      current = next;
      for (const playbook of next) byHash.set(playbook.hash, playbook);
    },
    get: (hash) => byHash.get(hash) ?? null,
    walkable(hash) {
      const playbook = byHash.get(hash);
      if (!playbook) return null;
      return {
        playbookId: playbook.id,
        title: playbook.title,
        steps: playbook.steps.map(
          ({ title, phase, role, ifNot, thenTo, ask, approve, withinMs, substeps, ...gates }) => ({
            title,
            phase,
            role,
            goto: ifNot?.goto ?? null,
            thenTo,
            ask,
            approve,
            withinMs,
            substeps,
            ...{ required: gates.required, check: gates.check, rollBack: gates.rollBack },
          }),
        ),
        phases: playbook.phases.map(({ line: _, ...phase }) => phase),
      };
    },
    choose(facts) {
      const [best, ...others] = parts
        .match(current, facts)
        .map(({ playbook: { hash }, reason }): PlaybookChoice => ({ hash, reason }));
      return best ? { ...best, ...(others.length > 0 && { others }) } : null;
    },
    matching: (facts) => parts.match(current, facts),
    fetch,
    async preload() {
      const hashes = new Set<string>();
      for await (const incident of everyIncident(parts.store, machine, { status: walked, queue: true }))
        for (const { hash } of walksOf(incident)) hashes.add(hash);
      for (const hash of hashes) await fetch(hash);
    },
  };
}
