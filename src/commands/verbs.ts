import { firstWords, plainWord } from './line.js';
import type { Verb } from './verb.js';
import { ack } from './verbs/ack.js';
import { action } from './verbs/action.js';
import { alerts } from './verbs/alerts.js';
import { answer } from './verbs/answer.js';
import { approve } from './verbs/approve.js';
import { approveRequest } from './verbs/approve-request.js';
import { assign } from './verbs/assign.js';
import { back } from './verbs/back.js';
import { breakGlass } from './verbs/break-glass.js';
import { brief } from './verbs/brief.js';
import { carry } from './verbs/carry.js';
import { close } from './verbs/close.js';
import { decide } from './verbs/decide.js';
import { declare } from './verbs/declare.js';
import { decline } from './verbs/decline.js';
import { detach } from './verbs/detach.js';
import { dismiss } from './verbs/dismiss.js';
import { done } from './verbs/done.js';
import { escalate } from './verbs/escalate.js';
import { expect } from './verbs/expect.js';
import { fail } from './verbs/fail.js';
import { handover } from './verbs/handover.js';
import { helpOn } from './verbs/help.js';
import { impact } from './verbs/impact.js';
import { join } from './verbs/join.js';
import { link, unlink } from './verbs/link.js';
import { list } from './verbs/list.js';
import { long } from './verbs/long.js';
import { merge, unmerge } from './verbs/merge.js';
import { more } from './verbs/more.js';
import { next } from './verbs/next.js';
import { note } from './verbs/note.js';
import { onCallReportVerb } from './verbs/on-call-report.js';
import { oncall } from './verbs/oncall.js';
import { own } from './verbs/own.js';
import { page } from './verbs/page.js';
import { pageTest } from './verbs/page-test.js';
import { playbook } from './verbs/playbook.js';
import { policy } from './verbs/policy.js';
import { publish } from './verbs/publish.js';
import { quality } from './verbs/quality.js';
import { redact } from './verbs/redact.js';
import { release } from './verbs/release.js';
import { reopen } from './verbs/reopen.js';
import { resolve } from './verbs/resolve.js';
import { rollback } from './verbs/rollback.js';
import { sev } from './verbs/sev.js';
import { maintenance, silence, silences } from './verbs/silence.js';
import { skip } from './verbs/skip.js';
import { snooze } from './verbs/snooze.js';
import { split } from './verbs/split.js';
import { status } from './verbs/status.js';
import { stuck } from './verbs/stuck.js';
import { subscribe, unsubscribe } from './verbs/subscribe.js';
import { suggest } from './verbs/suggest.js';
import { take } from './verbs/take.js';
import { backIn, task } from './verbs/task.js';
import { tick, untick } from './verbs/tick.js';
import { timeline } from './verbs/timeline.js';
import { undo } from './verbs/undo.js';
import { update } from './verbs/update.js';
import { value } from './verbs/value.js';
import { web } from './verbs/web.js';
import { workaround } from './verbs/workaround.js';

const others: readonly Verb[] = [
  ...[declare, list, onCallReportVerb, alerts, timeline, web, oncall, pageTest],
  ...[brief, merge, unmerge, split, detach, link, unlink],
  ...[ack, page, escalate, join, take, assign, release, handover, task, backIn, sev, status, policy],
  ...[next, done, skip, fail, back, playbook, suggest, quality],
  ...[answer, value, decide, rollback],
  ...[tick, untick, approve, decline, more, stuck],
  ...[approveRequest, breakGlass],
  ...[update, publish, subscribe, unsubscribe, impact, workaround, expect, long, note, redact],
  ...[resolve, reopen, close, carry, action],
  ...[undo],
  ...[own, snooze, dismiss, silence, silences, maintenance],
];

/** Every verb there is. A new one is a file and a line here. */
export const verbs: readonly Verb[] = [...others, helpOn(others)];

const byWord = new Map<string, { verb: Verb; preset: string }>(
  verbs.flatMap((verb) => [
    ...[verb.name, ...verb.aliases].map((word) => [word, { verb, preset: '' }] as const),
    ...Object.entries(verb.presets ?? {}).map(([word, preset]) => [word, { verb, preset }] as const),
  ]),
);

/** Every word that runs something: names, synonyms and presets. */
export const spokenWords: readonly string[] = [...byWord.keys()];

export interface Found {
  verb: Verb;
  args: string;
}

/** The verb this word stands for, and the arguments it brings along. */
export function wordMeans(word: string, rest: string): Found | null {
  const hit = byWord.get(word);
  return hit ? { verb: hit.verb, args: [hit.preset, rest].filter((part) => part !== '').join(' ') } : null;
}

/** The verb a line begins with: two words joined by a dash (`follow up`) before one. */
export function verbOf(line: string): Found | null {
  for (const count of [2, 1]) {
    const cut = firstWords(line, count);
    const hit = cut && wordMeans(plainWord(cut.words.join('-')), cut.rest);
    if (hit) return hit;
  }
  return null;
}
