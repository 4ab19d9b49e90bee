import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../incident/evolve.js';
import type { TaskDraft } from '../incident/jobs.js';
import { react } from '../incident/react.js';
import type { Incident } from '../incident/state.js';
import { act, canary, stories } from '../incident/testing-random.js';
import type { Card, Inline } from './card.js';
import { composer } from './compose.js';
import { asMirrored } from './mirrored.js';
import { compileTemplates } from './render.js';

type Post = Extract<TaskDraft, { kind: 'post' }>;

const compose = composer({
  templates: compileTemplates('templates'),
  names: new Map([
    ['ann', `${canary} Ann`],
    ['ben', `${canary} Ben`],
  ]),
  publicUrl: () => 'https://muster.example.com',
  playbook: () => null,
  onProblem(problem) {
    throw new Error(problem);
  },
});

/** What a story says on platforms where it is not worked on. */
function mirroredIn(timeline: ReturnType<typeof act>['timeline']): { task: Post; card: Card; after: Incident }[] {
  let before: Incident | null = null;
  return timeline.flatMap((event) => {
    const was = before;
    const after: Incident = evolve(was, event);
    before = after;
    return react(was, after, event).flatMap((change) => {
      if (!('put' in change) || change.put.task.kind !== 'post' || !change.put.task.mirrored) return [];
      return [{ task: change.put.task, card: compose(change.put.task, after, event), after }];
    });
  });
}

describe('over any commands by anybody', () => {
  it('an outline holds no word of an alert, a template or a person', () => {
    let outlines = 0;
    let written = 0;
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        for (const { task, card } of mirroredIn(act(askings, prompt).timeline)) {
          if (task.say !== 'outline') {
            if (JSON.stringify(card).includes(canary)) written++;
            continue;
          }
          outlines++;
          const { tone, summary, blocks } = card;
          const said = JSON.stringify({ summary, blocks });
          expect(said).not.toContain(canary);
          expect(said).not.toMatch(/\b(ann|ben|olga|registry)\b/i);
          expect(
            said
              .toLowerCase()
              .match(/[a-z]+\d?/g)
              ?.filter((word) => !ours.has(word)),
          ).toEqual([]);
          expect(['sev1', 'sev2', 'sev3', 'good']).toContain(tone);
        }
      }),
      { numRuns: 200 },
    );
    expect(outlines).toBeGreaterThan(5);
    // What an update tells as written does hold such words: the test would see them.
    expect(written).toBeGreaterThan(5);
  });

  it('private incidents and drills are mirrored nowhere, nor is anybody called or anything to press', () => {
    fc.assert(
      fc.property(stories, fc.boolean(), (askings, prompt) => {
        for (const { task, card, after } of mirroredIn(act(askings, prompt).timeline)) {
          expect(after).toMatchObject({ visibility: 'public', drill: false });
          expect(task.to).toEqual({ to: 'named', name: 'stakeholders' });
          // Home is one only while the incident's own channel there is gone.
          const readsAlong = after.away?.of === 'channel' ? after.away.platform : null;
          expect(after.policy.platforms.filter((each) => each !== readsAlong)).not.toContain(task.platform);
          const said = JSON.stringify(card);
          for (const kind of ['buttons', 'channel']) expect(said).not.toContain(`"kind":"${kind}"`);
          expect(said).not.toContain('"notify":true');
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Every word an outline may have. */
const ours = new Set(
  [
    'kind strong children text paragraph content fields label value time at style date clock link href summary blocks',
    'incident declared resolved closed next update utc how it stands now',
    'sev1 sev2 sev3 triage investigating identified monitoring dismissed',
    'https muster example com incidents status',
  ].flatMap((line) => line.split(' ')),
);

it('calls, channels and buttons are taken out however deep they are', () => {
  const ada: Inline = { kind: 'person', personId: 'ada', name: 'Ada', notify: true };
  const card = asMirrored({
    tone: 'sev1',
    summary: 's',
    blocks: [
      { kind: 'heading', content: [{ kind: 'strong', children: [{ kind: 'emphasis', children: [ada] }] }] },
      { kind: 'list', ordered: false, items: [[ada]] },
      { kind: 'fields', fields: [{ label: 'Commander', value: [ada] }] },
      { kind: 'quote', content: [{ kind: 'channel', channel: { to: 'named', name: 'triage' }, label: 'triage' }] },
      { kind: 'buttons', buttons: [{ label: 'Acknowledge', command: '/incident ack' }] },
      { kind: 'divider' },
    ],
  });
  expect(JSON.stringify(card)).not.toContain('"notify":true');
  expect(card.blocks.at(-2)).toEqual({ kind: 'quote', content: [{ kind: 'text', text: 'triage' }] });
  expect(card.blocks.map(({ kind }) => kind)).toEqual(['heading', 'list', 'fields', 'quote', 'divider']);
});
