import type { Hints } from '../../incident/symptoms.js';
import type { Episode } from '../alert.js';
import { address, line } from '../words.js';

/** What senders call it, the most usual first; capitals, dashes and underscores do not matter. */
const words: Record<keyof Hints, readonly string[]> = {
  symptom: ['symptom', 'symptoms', 'likelysymptom', 'impact', 'userimpact', 'customerimpact'],
  cause: ['probablecause', 'likelycause', 'cause', 'possiblecause', 'rootcause', 'causes'],
  firstStep: [
    'firststep',
    'firstcheck',
    'runbookstep',
    'nextstep',
    'action',
    'actionrequired',
    'remediation',
    'resolution',
  ],
  runbook: ['runbookurl', 'runbook', 'runbooklink', 'playbookurl'],
};
const kept = 300;

const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');
const anyWord = new Set(Object.values(words).flat());

/** Senders use the same few keys again and again; what each of them is called here. */
const calls = new Map<string, string | null>();
const callsKept = 1_000;
function called(key: string): string | null {
  const known = calls.get(key);
  if (known !== undefined) return known;
  const word = plain(key);
  const call = anyWord.has(word) ? word : null;
  if (calls.size >= callsKept) calls.clear();
  calls.set(key, call);
  return call;
}

/** What one says, by what it is called here; null: nothing of it. */
function saidBy(annotations: Readonly<Record<string, string>>): Map<string, string> | null {
  let said: Map<string, string> | null = null;
  for (const key of Object.keys(annotations)) {
    const call = called(key);
    if (call === null) continue;
    said ??= new Map();
    said.set(call, annotations[key] as string);
  }
  return said;
}

function hintOf(said: ReadonlyMap<string, string>, of: keyof Hints): string | null {
  for (const word of words[of]) {
    const value = said.get(word);
    if (value === undefined) continue;
    const hint = of === 'runbook' ? address(value.trim()) : line(value, kept);
    if (hint) return hint;
  }
  // A runbook that is no address says what to do.
  const runbook = of === 'firstStep' ? said.get('runbook') : undefined;
  return runbook !== undefined && address(runbook.trim()) === null ? line(runbook, kept) || null : null;
}

/** What the senders of these alerts say to look at, each by the first who says it; null: none does. */
export function hintsOf(episodes: readonly Pick<Episode, 'annotations'>[]): Hints | null {
  const hints: Hints = {};
  const missing = new Set(Object.keys(words) as (keyof Hints)[]);
  for (const { annotations } of episodes) {
    if (missing.size === 0) break;
    const said = saidBy(annotations);
    if (!said) continue;
    for (const of of missing) {
      const hint = hintOf(said, of);
      if (hint === null) continue;
      hints[of] = hint;
      missing.delete(of);
    }
  }
  return missing.size === Object.keys(words).length ? null : hints;
}
