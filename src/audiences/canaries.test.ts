import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeKind } from '../incident/audiences.js';
import type { Command } from '../incident/commands.js';
import { evolve } from '../incident/evolve.js';
import type { Incident } from '../incident/state.js';
import { start } from '../incident/testing.js';
import { type Asking, act, canary, stories } from '../incident/testing-random.js';
import { composer } from '../messages/compose.js';
import { noticeOf } from '../messages/notice.js';
import { compileTemplates, templatesFrom } from '../messages/render.js';
import { samples } from '../messages/samples.js';
import { atomFeed } from './atom.js';
import { mailOf } from './mail.js';
import { webhookBody } from './webhook.js';

const publicUrl = 'https://muster.example.com';
const words = 'Some of you cannot publish images.';
const compose = composer({
  templates: compileTemplates('templates'),
  names: new Map(['ann', 'ben', 'olga'].map((id) => [id, `${canary} ${id}`])),
  publicUrl: () => publicUrl,
  playbook: () => null,
  onProblem: (problem) => {
    throw new Error(problem);
  },
});

/** The same story, in which a person confirms these words and no others; everything else has a canary in it. */
const publishing = (askings: readonly Asking[]): Asking[] =>
  askings.map((asking) => ({ ...asking, command: saying(asking.command) }));
function saying(command: Command): Command {
  if (command.type === 'open') return { ...command, drill: false, judged: { ...command.judged, severity: 'sev1' } };
  if (command.type === 'declare') return { ...command, drill: false, visibility: 'public' };
  if (command.type === 'addNote') return { type: 'publish', title: null, text: words };
  if (command.type === 'publish')
    return { ...command, title: command.title === null ? null : 'Publishing fails', text: words };
  if (command.type === 'postUpdate' && command.publish) return { ...command, publish: { title: null, text: words } };
  return command;
}

describe('what everybody reads, over any commands by anybody', () => {
  it('has nothing in it that a person has not confirmed: no title, name, host, step, answer or reason', () => {
    let published = 0;
    let inside = 0;
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        const { timeline, row: last } = act(publishing(askings), prompt, ({ row, put, timeline: all }) => {
          // What is for everybody goes to public audiences alone, and nothing else goes there.
          for (const { task } of put) {
            if (task.kind !== 'notify') continue;
            const rule = row?.policy.audiences?.find(({ name }) => name === task.audience);
            const event = all.find(({ seq }) => seq === task.seq);
            expect(rule?.kind === 'public').toBe(event?.type === 'published');
          }
        });
        let before: Incident | null = null;
        const told = timeline.flatMap((event) => {
          const after: Incident = evolve(before, event);
          const kind = noticeKind(before, after, event);
          before = after;
          return kind && last ? [noticeOf(compose, kind, last, event)] : [];
        });
        const notices = told.filter(({ kind }) => kind === 'published');
        published += notices.length;
        if (JSON.stringify(told.filter(({ kind }) => kind !== 'published')).includes(canary)) inside++;
        const parts = { audience: 'world', kind: 'public', publicUrl, now: start + 1e9 } as const;
        const from = { name: 'Muster', address: 'muster@example.com' };
        const everything = [
          ...notices.map((notice) => JSON.stringify(notice)),
          ...notices.map((notice) => JSON.stringify(webhookBody(notice, publicUrl, 'public'))),
          ...notices.map((notice) => JSON.stringify(mailOf(notice, 'a@example.com', { ...parts, from }))),
          atomFeed({ publicUrl, service: null, notices, everybody: true }),
        ];
        for (const text of everything) expect(text).not.toContain(canary);
        for (const notice of notices) expect(JSON.stringify(notice.card)).toContain(words);
      }),
      { numRuns: 60 },
    );
    expect([published > 20, inside > 20]).toEqual([true, true]);
  });
});

describe('a template for everybody', () => {
  const known = new Set(Object.keys(samples['public-update']));
  const others = [...new Set(Object.values(samples).flatMap((values) => Object.keys(values)))].filter(
    (name) => !known.has(name),
  );

  it('has no value but the number, the words a person confirmed, severity, status and the next time', () => {
    expect([...known].sort()).toEqual(['drill', 'nextAt', 'number', 'severity', 'status', 'title', 'words', 'zones']);
  });

  it.each(others)('cannot tell %s, whatever is written in it', (name) => {
    const { problems } = templatesFrom(new Map([['public-update', `{{title}} {{#if ${name}}}x{{/if}}`]]));
    expect(problems.find(({ template }) => template === 'public-update')?.message).toContain(
      `there is no value "${name}" here`,
    );
  });
});
