import type { Hints } from '../../incident/symptoms.js';
import type { Episode } from '../alert.js';
import { address, line } from '../words.js';

type Said = Pick<Episode, 'annotations' | 'labels' | 'links'>;

/** What senders call it, the most usual first; capitals, dashes and underscores do not matter. */
const words: Record<keyof Hints, readonly string[]> = {
  symptom: ['symptom', 'symptoms', 'likelysymptom', 'userimpact', 'customerimpact', 'impact'],
  cause: ['probablecause', 'likelycause', 'possiblecause', 'rootcause', 'cause', 'causes'],
  firstStep: [
    'firststep',
    'firstcheck',
    'runbookstep',
    'nextstep',
    'actionrequired',
    'remediation',
    'action',
    'runbook',
  ],
  runbook: ['runbookurl', 'runbook', 'runbooklink', 'playbookurl'],
};
/** These hold a machine's word as often (`impact: high`, `action: opened`): then they say nothing. */
const ambiguous: ReadonlySet<string> = new Set(['impact', 'cause', 'causes', 'remediation', 'action', 'runbook']);
const kept = 300;

const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');

function hintOf({ annotations, labels, links }: Said, of: keyof Hints): string | null {
  const said = new Map(
    [...Object.entries(labels), ...Object.entries(annotations)].map(([key, value]) => [plain(key), value]),
  );
  for (const word of words[of]) {
    const value = said.get(word)?.trim() ?? '';
    if (value === '') continue;
    if (of === 'runbook') {
      const href = address(value);
      if (href) return href;
    } else if (!(ambiguous.has(word) && !/\s/.test(value))) return line(value, kept);
  }
  return of === 'runbook' ? (links.find(({ label }) => words.runbook.includes(plain(label)))?.href ?? null) : null;
}

/** What the senders of these alerts say to look at, each by the first who says it; null: none does. */
export function hintsOf(episodes: readonly Said[]): Hints | null {
  const hints: Hints = {};
  const missing = new Set(Object.keys(words) as (keyof Hints)[]);
  // A storm says the same again and again.
  for (const episode of episodes.slice(0, 200)) {
    for (const of of missing) {
      const hint = hintOf(episode, of);
      if (hint === null) continue;
      hints[of] = hint;
      missing.delete(of);
    }
    if (missing.size === 0) break;
  }
  return Object.keys(hints).length === 0 ? null : hints;
}
