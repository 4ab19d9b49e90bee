import type { PlaybookChoice } from '../incident/commands.js';
import type { WalkablePlaybook } from '../incident/context.js';
import type { MatchPlaybook, ParsePlaybook, Playbook } from '../playbooks/playbook.js';
import type { Store } from '../store/port.js';

/** Playbooks by content hash: those in the folder today, and the older texts running incidents keep. */
export interface Shelf {
  readonly current: readonly Playbook[];
  get(hash: string): Playbook | null;
  walkable(hash: string): WalkablePlaybook | null;
  choose(facts: Parameters<MatchPlaybook>[1]): PlaybookChoice | null;
  /** Makes sure that the text an incident started with is at hand. */
  fetch(hash: string): Promise<void>;
}

export function openShelf(parts: {
  current: readonly Playbook[];
  parse: ParsePlaybook;
  match: MatchPlaybook;
  store: Pick<Store, 'playbook'>;
}): Shelf {
  const byHash = new Map(parts.current.map((playbook) => [playbook.hash, playbook]));
  return {
    current: parts.current,
    get: (hash) => byHash.get(hash) ?? null,
    walkable(hash) {
      const playbook = byHash.get(hash);
      if (!playbook) return null;
      return {
        playbookId: playbook.id,
        title: playbook.title,
        steps: playbook.steps.map(({ title, phase, role, ifNot, ask }) => ({
          title,
          phase,
          role,
          goto: ifNot?.goto ?? null,
          ask,
        })),
      };
    },
    choose(facts) {
      const match = parts.match(parts.current, facts);
      return match && { hash: match.playbook.hash, reason: match.reason };
    },
    async fetch(hash) {
      if (byHash.has(hash)) return;
      const kept = await parts.store.playbook(hash);
      if (!kept) return;
      const { playbook } = parts.parse({ id: kept.playbookId, file: `${kept.playbookId}.md`, text: kept.text });
      if (playbook) byHash.set(hash, playbook);
    },
  };
}
