import { toString as words } from 'mdast-util-to-string';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, it } from 'vitest';
import { names, numbered, past, registryOutage, said } from '../../test/fakes/registry-outage.js';
import type { Episode } from '../alerts/alert.js';
import type { TimelineEvent } from '../incident/events.js';
import { fold } from '../incident/evolve.js';
import type { Incident } from '../incident/state.js';
import { alertFigures, noAlerts } from './alert-figures.js';
import { type About, draftPostmortem } from './postmortem.js';

const episode = (id: string, host: string, name = 'RegistryDown'): Episode => ({
  id,
  source: 'alertmanager',
  fingerprint: id,
  incidentId: 'i-42',
  state: 'resolved',
  startedAt: past(0),
  endedAt: past(61),
  reported: { firing: [past(0)], clearFrom: past(0) },
  lastSeenAt: past(61),
  name,
  summary: '',
  service: 'registry',
  host,
  severity: 'critical',
  groupKey: 'service:registry',
  labels: {},
  annotations: {},
  links: [],
});
const about: About = {
  names,
  playbookOf: () => ({ owner: 'platform-team', reviewed: '2026-11-01' }),
  alerts: alertFigures([episode('a', 'reg-1'), episode('b', 'reg-2')]),
  zones: ['Europe/Berlin'],
  publicUrl: 'https://muster.example.com',
};
const draft = (timeline: readonly TimelineEvent[], other: Partial<About> = {}): string =>
  draftPostmortem(fold(timeline) as Incident, timeline, { ...about, ...other });
const without = (...types: string[]): TimelineEvent[] => registryOutage().filter(({ type }) => !types.includes(type));
const part = (markdown: string, title: string): string =>
  markdown.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? '';
const declared = registryOutage()[0] as TimelineEvent;

describe('a postmortem draft', () => {
  it('tells a whole outage', async () => {
    await expect(draft(registryOutage())).toMatchFileSnapshot('../../test/fixtures/postmortem-registry.md');
  });

  it('is the same for the same ledger, drafts themselves left out', () => {
    const timeline = registryOutage();
    const drafted = numbered([...timeline, said(81, 'postmortemDrafted', declared.actor, { version: 1, sha256: 'x' })]);
    expect(draft(drafted)).toBe(draft(timeline));
    const turned = alertFigures([episode('b', 'reg-2'), episode('a', 'reg-1')]);
    expect(draft(timeline, { alerts: turned })).toBe(draft(timeline));
  });

  it('has a table for every playbook, and names a step that failed by the one it was of', () => {
    const attached = registryOutage().find(({ type }) => type === 'playbookAttached') as Extract<
      TimelineEvent,
      { type: 'playbookAttached' }
    >;
    const [first] = attached.body.steps;
    const other = {
      ...attached.body,
      hash: 'h2',
      title: 'Storage exhaustion',
      steps: [{ ...first!, title: 'Stop the writers' }],
    };
    const timeline = numbered([
      ...without('resolved', 'closed', 'reopened'),
      said(90, 'playbookAttached', attached.actor, other),
      said(91, 'walkStarted', attached.actor, { index: 0 }),
      said(92, 'stepFailed', attached.actor, { index: 0, next: null, what: 'no access', branch: false }),
      said(93, 'walkSwitched', attached.actor, { hash: attached.body.hash, title: 'x', from: null }),
    ]);
    const markdown = draft(timeline);
    expect(part(markdown, 'Playbook')).toContain('Confirm that a push fails');
    expect(part(markdown, 'Playbook set aside')).toContain('| Stop the writers | failed |');
    expect(part(markdown, 'What failed')).toContain('Step 1 (Stop the writers) failed: no access');
    expect(part(markdown, 'What failed')).toContain('Step 3 (Restart one node) failed');
  });

  it('names both ends of every time', () => {
    const times = part(draft(registryOutage()), 'Times');
    expect(times).toContain(
      '| Detect | impact start, 2026-11-21 02:10:00 UTC | first alert, 2026-11-21 02:11:00 UTC | 1 min |',
    );
    expect(times).toContain(
      '| Acknowledge | first alert, 2026-11-21 02:11:00 UTC | first acknowledgement, 2026-11-21 02:13:00 UTC | 2 min |',
    );
    expect(times).toContain(
      '| Mitigate | impact start, 2026-11-21 02:10:00 UTC | monitoring, 2026-11-21 03:10:00 UTC | 1 h |',
    );
    expect(times).toContain(
      '| Resolve | impact start, 2026-11-21 02:10:00 UTC | resolved, 2026-11-21 03:23:00 UTC | 1 h 13 min |',
    );
  });

  it('counts the updates of people apart from automatic ones, and says by how much they were late', () => {
    const updates = part(draft(registryOutage()), 'Status updates');
    expect(updates).toContain('- 2 updates by people: 1 on time, 1 late by 12 min');
    expect(updates).toContain('- 1 update by Muster itself: 1 on time');
    expect(updates).toContain('**12 min late**');
  });

  it('marks a drill, in the title too', () => {
    const markdown = draft(registryOutage({}, true));
    expect(markdown).toMatch(/^# Postmortem of a drill: /);
    expect(markdown).toContain('**This was a drill.');
    expect(draft(registryOutage())).not.toContain('drill');
  });
});

describe('what is missing from a postmortem', () => {
  it.each([
    ['an impact', () => without('impactStated'), 'Impact', '**Nobody stated the impact.**'],
    ['an acknowledgement', () => without('acknowledged'), 'Times', '**not known:** nobody acknowledged it'],
    [
      'monitoring',
      () => without('statusChanged'),
      'Times',
      'resolved, never monitoring before, 2026-11-21 03:23:00 UTC',
    ],
    ['an end', () => without('resolved', 'closed'), 'Times', '**not known:** it was never resolved'],
    ['an end, in the overview', () => without('resolved', 'closed'), 'Overview', 'Ended: **not resolved**'],
    ['a playbook', () => [declared], 'Playbook', '**No playbook was used.**'],
    [
      'a walk',
      () => without('walkStarted', 'stepDone', 'stepSkipped', 'stepFailed'),
      'Playbook',
      '**It was never started.**',
    ],
    ['updates', () => without('updatePosted'), 'Status updates', '**No status update was posted.**'],
    ['a commander', () => without('roleAssigned'), 'Roles', '| commander | **nobody** |'],
    ['follow-ups', () => without('followUpAdded', 'closed'), 'Follow-ups', '**No follow-up was written down.**'],
    ['an owner and a date', () => registryOutage(), 'Follow-ups', '| **no owner** | **no due date** |'],
    ['a step', () => registryOutage(), 'Playbook', '| **still open** |'],
    ['alerts', () => [declared], 'Detection', '**No alert came: people found it.**'],
    [
      'the beginning',
      () => [declared],
      'Times',
      '| Detect | **not known** | declared, 2026-11-21 02:11:00 UTC | **not known:** nobody said when the impact began |',
    ],
  ])('stands out: %s', (_, timeline, title, words) => {
    expect(part(draft(timeline(), { alerts: noAlerts }), title)).toContain(words);
  });

  it('stands out where nobody kept the promise of an update', () => {
    const timeline = numbered([
      ...without('updatePosted', 'closed'),
      ...registryOutage()
        .filter(({ type }) => type === 'updatePosted')
        .slice(0, 1),
      said(64, 'updateMissed', declared.actor, { dueAt: past(64) }),
    ]);
    expect(part(draft(timeline), 'Status updates')).toContain('**1 promise kept by nobody**');
  });

  it('does not make sense of an end before its beginning', () => {
    const timeline = registryOutage().map((event) =>
      event.type === 'acknowledged' ? { ...event, at: past(-5) } : event,
    );
    expect(part(draft(timeline), 'Times')).toContain('**not known:** the second time lies before the first');
  });

  it('reads [redacted] where an event was erased', () => {
    const timeline = registryOutage().map(
      (event): TimelineEvent =>
        event.type === 'noted' || event.type === 'impactStated' || event.type === 'updatePosted'
          ? ({ ...event, redacted: true, body: { ...event.body, text: 'hunter2' } } as TimelineEvent)
          : event,
    );
    const markdown = draftPostmortem(fold(registryOutage()) as Incident, timeline, about);
    expect(markdown).not.toContain('hunter2');
    expect(part(markdown, 'Impact')).toContain('| [redacted] |');
    expect(part(markdown, 'Timeline')).toContain('Bob, noted: \\[redacted\\]');
  });
});

const hostile = [
  '@channel <!channel> <!here> <@U123>',
  '[click](javascript:alert(1)) ![x](http://evil.test/x.png)',
  'a | b | c\n| --- | --- |\n# heading\n- list\n> quote',
  '<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt;',
  '**bold** *it* `code` ~~gone~~ __x__ $math$ ``` fence',
  '---\n===\n1. one\n+ plus\n```\nfenced\n```',
  'https://evil.test www.evil.test me@evil.test ada',
  'trailing \\ backslash \\',
  '# # #',
];

describe('text from outside in a postmortem', () => {
  const parser = unified().use(remarkParse).use(remarkGfm);
  type Node = { type: string; url?: string; children?: Node[] };
  const flat = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(flat)];
  const shape = (markdown: string): string[] =>
    flat(parser.parse(markdown) as Node)
      .map(({ type, url }) => (url ? `${type} ${url}` : type))
      .filter((type) => !['text', 'inlineCode'].includes(type));

  const calm = registryOutage({ title: 'calm', alert: 'calm', service: 'calm', said: 'calm' });
  const alertNamed = (name: string) => ({ alerts: alertFigures([episode('a', name, name)]) });

  it.each(hostile)('neither formats, links nor mentions: %j', (text) => {
    const timeline = registryOutage({ title: text, alert: text, service: text, said: text });
    const people = new Map([...names].map(([id]) => [id, text]));
    const markdown = draft(timeline, {
      names: people,
      playbookOf: () => ({ owner: text, reviewed: text }),
      ...alertNamed(text),
    });
    const wanted = draft(calm, {
      names: new Map([...names].map(([id]) => [id, 'calm'])),
      playbookOf: () => ({ owner: 'calm', reviewed: 'calm' }),
      ...alertNamed('calm'),
    });
    // The same headings, rows, cells and links as with calm words, and nothing else.
    expect(shape(markdown).filter((type) => type !== 'html')).toEqual(shape(wanted));
    const bare = flat(parser.parse(markdown) as Node).filter(({ type }) => type === 'text');
    expect(bare.map((node) => words(node as never)).join(' ')).not.toMatch(/@channel|@U123|https?:\/\/evil|www\.evil/);
  });
});
