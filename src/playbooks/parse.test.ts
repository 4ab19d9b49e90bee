import { describe, expect, it } from 'vitest';
import { roles } from '../incident/state.js';
import { roleNames } from './notes.js';
import { parsePlaybook } from './parse.js';

const FULL = `---
title: Registry outage
owner: platform-team
reviewed: 2026-11-01
review-every: 90d
matches: { service: registry, labels: { tier: [1, 2] } }
severity: sev1
needs: ["registry admin token: vault kv/registry/admin"]
---
# Registry

Some words for the reader.

## Detect
- [ ] Confirm that a \`push\` fails
  \`\`\`sh
  docker inspect -f '{{.State}}' registry
    docker ps
  \`\`\`

  It may take a while.
  See [the next](#contain).

  - Expect: an error or \`timeout\`
    within 30 s
  - If not: [Look at one client](#triage), calmly
  - Ask: host, port

## Contain
- [ ] Freeze the jobs
  - Role: operations
  - Within: 10 min
  - Approve: Commander
  - Then: [one client](#look-at-one-client)
  - [ ] the nightly
  - [ ] the rest on {host}

## Triage

1. [ ] Look at one client

   By port {port}.
   - If not: [Freeze](#freeze-the-jobs)
`;

const front = '---\ntitle: T\n---\n';
const parse = (text: string, now?: number) => parsePlaybook({ id: 'p', file: 'p.md', text }, now);
const found = (text: string, now?: number): string[] =>
  parse(text, now).problems.map(
    ({ line, column, level, message, hint }) => `${line}:${column} ${level} ${message} (${hint})`,
  );

describe('a playbook', () => {
  it('is read whole: front matter, phases, steps, bodies, notes, sub-steps and branches', () => {
    const { playbook, problems } = parse(FULL);
    expect(problems).toEqual([]);
    expect(playbook).toMatchObject({
      id: 'p',
      title: 'Registry outage',
      owner: 'platform-team',
      reviewed: '2026-11-01',
      reviewEveryMs: 90 * 86_400_000,
      matches: [{ service: ['registry'], labels: { tier: ['1', '2'] } }],
      severity: 'sev1',
      needs: ['registry admin token: vault kv/registry/admin'],
      text: FULL,
    });
    expect(playbook?.hash).toMatch(/^[0-9a-f]{64}$/);
    const plain = { check: null, ifYes: null, required: false, rollBack: null };
    expect(playbook?.steps).toEqual([
      {
        index: 0,
        phase: 'Detect',
        title: 'Confirm that a push fails',
        body: [
          { kind: 'code', text: "docker inspect -f '{{.State}}' registry\n  docker ps", language: 'sh' },
          { kind: 'text', text: 'It may take a while.\nSee the next.' },
        ],
        role: null,
        withinMs: null,
        approve: null,
        expect: 'an error or `timeout` within 30 s',
        ifNot: { text: 'Look at one client, calmly', goto: 2 },
        thenTo: null,
        ask: ['host', 'port'],
        substeps: [],
        ...plain,
        line: 15,
      },
      {
        index: 1,
        phase: 'Contain',
        title: 'Freeze the jobs',
        body: [],
        role: 'operations',
        withinMs: 600_000,
        approve: 'commander',
        expect: null,
        ifNot: null,
        thenTo: 2,
        ask: [],
        substeps: ['the nightly', 'the rest on {host}'],
        ...plain,
        line: 30,
      },
      expect.objectContaining({ index: 2, phase: 'Triage', ifNot: { text: 'Freeze', goto: 1 } }),
    ]);
  });

  it('reads the same with the line ends of Windows', () => {
    const steps = (text: string) => parse(text).playbook?.steps;
    expect(steps(FULL.replaceAll('\n', '\r\n'))).toEqual(steps(FULL));
    expect(steps(FULL)).toHaveLength(3);
  });

  it('has another hash for another text', () => {
    expect(parse(FULL).playbook?.hash).not.toBe(parse(`${FULL}\n`).playbook?.hash);
  });

  it('knows the roles an incident has', () => {
    expect([...roleNames].sort()).toEqual([...roles].sort());
  });

  it('leads from a heading to the first step under it, sub-headings included, and from a repeated heading by its number', () => {
    const text = `${front}## A\n- [ ] one\n  - If not: [deep](#b)\n## B\n### C\n- [ ] two\n  - If not: [c](#c-1)\n## C\n- [ ] three\n`;
    // `C` stands twice, and no link says plain `#c`.
    expect(found(text)).toEqual([]);
    expect(parse(text).playbook?.steps.map((step) => step.ifNot?.goto ?? null)).toEqual([1, 2, null]);
  });

  it('resolves reference links and percent-encoded anchors', () => {
    const text = `${front}## A\n- [ ] one\n  - If not: [there][x]\n- [ ] two\n  - If not: [é](#%C3%A9)\n## É\n- [ ] three\n\n[x]: #é\n`;
    expect(found(text)).toEqual([]);
    expect(parse(text).playbook?.steps.map((step) => step.ifNot)).toEqual([
      { text: 'there', goto: 2 },
      { text: 'é', goto: 2 },
      null,
    ]);
  });

  it('leads with Then to a heading or a step, also by reference and back', () => {
    const text = `${front}## A\n- [ ] one\n- [ ] two\n  - Then: [go on][c]\n## B\n- [ ] three\n  - Then: [there](#one)\n## C\n- [ ] four\n  - If not: [x](#b)\n\n[c]: #c\n`;
    expect(found(text)).toEqual([]);
    expect(parse(text).playbook?.steps.map(({ thenTo }) => thenTo)).toEqual([null, 3, 0, null]);
  });

  it('keeps braces nobody asks for', () => {
    expect(found(`${front}## A\n- [ ] one\n  \`\`\`sh\n  awk '{print}' {host} \${x}\n  \`\`\`\n`)).toEqual([]);
  });
});
