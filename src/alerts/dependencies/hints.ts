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

const known: ReadonlySet<string> = new Set(Object.values(words).flat());

/** Senders use the same few keys again and again: what each is called above; null: none of them. */
const calls = new Map<string, string | null>();
const callsKept = 1_000;
function called(key: string): string | null {
  const before = calls.get(key);
  if (before !== undefined) return before;
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  const call = known.has(plain) ? plain : null;
  if (calls.size >= callsKept) calls.clear();
  calls.set(key, call);
  return call;
}

const nothing: ReadonlyMap<string, string> = new Map();
function saidBy({ annotations, labels }: Said): ReadonlyMap<string, string> {
  let said: Map<string, string> | null = null;
  for (const of of [labels, annotations])
    for (const key of Object.keys(of)) {
      const call = called(key);
      if (call === null) continue;
      said ??= new Map();
      said.set(call, of[key] as string);
    }
  return said ?? nothing;
}

function hintOf(said: ReadonlyMap<string, string>, links: Said['links'], of: keyof Hints): string | null {
  if (said.size === 0 && of !== 'runbook') return null;
  for (const word of words[of]) {
    const value = said.get(word)?.trim() ?? '';
    if (value === '') continue;
    if (of === 'runbook') {
      const href = address(value);
      if (href) return href;
    } else if (!(ambiguous.has(word) && !/\s/.test(value))) return line(value, kept);
  }
  return of === 'runbook'
    ? (links.find(({ label }) => words.runbook.includes(called(label) ?? ''))?.href ?? null)
    : null;
}

/** What the senders of these alerts say to look at, each by the first who says it; null: none does. */
export function hintsOf(episodes: readonly Said[]): Hints | null {
  const hints: Hints = {};
  const missing = new Set(Object.keys(words) as (keyof Hints)[]);
  // A storm says the same again and again.
  for (const episode of episodes.slice(0, 200)) {
    const said = saidBy(episode);
    for (const of of missing) {
      const hint = hintOf(said, episode.links, of);
      if (hint === null) continue;
      hints[of] = hint;
      missing.delete(of);
    }
    if (missing.size === 0) break;
  }
  return Object.keys(hints).length === 0 ? null : hints;
}
