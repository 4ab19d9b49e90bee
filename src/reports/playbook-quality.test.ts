import { describe, expect, it } from 'vitest';
import type { Incident, Walk, WalkStep } from '../incident/state.js';
import { parsePlaybook } from '../playbooks/parse.js';
import type { Playbook } from '../playbooks/playbook.js';
import { type Concern, playbookQuality } from './playbook-quality.js';
import { concernWords, stepWords, walkedWords } from './quality-words.js';

const minute = 60_000;
const day = 86_400_000;
const now = Date.UTC(2026, 10, 21);

function page(front = 'reviewed: 2026-11-01\nreview-every: 90d\n'): Playbook {
  const text = `---\ntitle: Disk\n${front}---\n## Detect\n- [ ] Look\n  - If not: [Grow](#grow)\n## Repair\n- [ ] Clean\n- [ ] Grow\n`;
  const { playbook, problems } = parsePlaybook({ id: 'disk', file: 'disk.md', text });
  if (!playbook) throw new Error(JSON.stringify(problems));
  return playbook;
}
const book = page();

type Ended = [state: WalkStep['state'], by: string | null, said?: string | null, tookMs?: number];
function walked(ends: Ended[], at: number, more: Partial<Walk> = {}, drill = false) {
  const steps = book.steps.map(({ phase, title }, index) => {
    const [state = 'open', by = null, said = null, tookMs = minute] = ends[index] ?? [];
    return { phase, title, state, by, said, startedAt: at, endedAt: state === 'open' ? null : at + tookMs };
  });
  const finishedAt = steps.every(({ state }) => state !== 'open') ? at + minute : null;
  const walk = { playbookId: 'disk', hash: book.hash, startedAt: at, finishedAt, steps, ...more } as unknown as Walk;
  return { walk, aside: [], drill, suggestions: [] } satisfies Pick<
    Incident,
    'walk' | 'aside' | 'drill' | 'suggestions'
  >;
}
const qualityOf = (incidents: ReturnType<typeof walked>[], playbook = book) => {
  const [quality] = playbookQuality([playbook], incidents, now);
  if (!quality) throw new Error('There is no quality.');
  return quality;
};
const kinds = (concerns: readonly Concern[]) => concerns.map(({ kind }) => kind);

describe('how a playbook does', () => {
  it('is told per step: done, skipped and why, failed, and how long it usually takes', () => {
    const quality = qualityOf([
      walked(
        [
          ['failed', 'ada'],
          ['skipped', 'ada', 'no shell'],
          ['done', 'bob', null, 4 * minute],
        ],
        now - 3 * day,
      ),
      walked(
        [
          ['failed', 'ada'],
          ['skipped', 'bob', 'no shell'],
          ['done', 'bob', null, 2 * minute],
        ],
        now - 2 * day,
      ),
      walked(
        [
          ['failed', 'ada'],
          ['skipped', 'bob', 'too late'],
          ['done', 'bob', null, 9 * minute],
        ],
        now - day,
        {},
        true,
      ),
    ]);
    expect(quality).toMatchObject({ walks: 3, drills: 1, finished: 3, walkers: ['ada', 'bob'], lastAt: now - day });
    expect(quality.steps.map(stepWords)).toEqual([
      'done 0 · failed 3',
      'done 0 · skipped 3 (no shell, 2 times; too late)',
      'done 3, usually in 4 min',
    ]);
    // A check that fails has found something: that is no fault of the page.
    expect(quality.concerns).toEqual([{ kind: 'often skipped', step: 'Clean', times: 3, of: 3 }]);
    expect(walkedWords(quality)).toBe(
      'walked 3 times (1 drill among them, 3 to the end) by 2 people, last on 2026-11-20',
    );
  });

  it.each<[what: string, incidents: ReturnType<typeof walked>[], playbook: Playbook, expected: string[]]>([
    ['never tried', [], book, ['nobody has ever walked it']],
    ['attached and never begun', [walked([], now - day, { startedAt: null })], book, ['nobody has ever walked it']],
    [
      'begun by one person and left',
      [walked([['done', 'ada']], now - day)],
      book,
      ['begun 1 time, never walked to its end', 'only Ada has ever walked it'],
    ],
    [
      'tried long ago',
      [
        walked(
          [
            ['done', 'ada'],
            ['done', 'bob'],
            ['done', 'bob'],
          ],
          now - 100 * day,
        ),
      ],
      book,
      ['not walked since 2026-08-13'],
    ],
    [
      'changed since',
      [
        walked(
          [
            ['done', 'ada'],
            ['done', 'bob'],
            ['done', 'bob'],
          ],
          now - day,
          { hash: 'older' },
        ),
      ],
      book,
      ['changed since it was last walked, on 2026-11-20'],
    ],
    ['without a review', [], page(''), ['nobody has ever walked it', 'nobody says when it was reviewed']],
    [
      'with a review that is overdue',
      [],
      page('reviewed: 2026-01-01\nreview-every: 90d\n'),
      ['nobody has ever walked it', 'its review was due on 2026-04-01'],
    ],
    [
      'with a step that fails and leads nowhere else',
      [1, 2].map((n) =>
        walked(
          [
            ['done', 'ada'],
            ['failed', 'bob'],
            ['done', 'bob'],
          ],
          now - n * day,
        ),
      ),
      book,
      ['“Clean” failed 2 of 2 times'],
    ],
    [
      'as it should be',
      [
        walked(
          [
            ['done', 'ada'],
            ['done', 'bob'],
            ['done', 'bob'],
          ],
          now - day,
        ),
      ],
      book,
      [],
    ],
  ])('says what keeps it from being relied on: %s', (_, incidents, playbook, expected) => {
    const { concerns } = qualityOf(incidents, playbook);
    expect(concerns.map((each) => concernWords(each, () => 'Ada'))).toEqual(expected);
  });

  it('once tells little of a step, and the walk of another page tells nothing', () => {
    expect(
      kinds(
        qualityOf([
          walked(
            [
              ['done', 'ada'],
              ['skipped', 'bob', 'x'],
              ['done', 'bob'],
            ],
            now - day,
          ),
        ]).concerns,
      ),
    ).toEqual([]);
    expect(qualityOf([walked([['done', 'ada']], now - day, { playbookId: 'other' })]).walks).toBe(0);
  });
});
