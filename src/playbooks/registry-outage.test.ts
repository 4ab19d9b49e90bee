import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblems } from './lint.js';
import { loadPlaybooks } from './load.js';
import { matchPlaybook } from './match.js';
import { presentStep } from './present.js';

const folder = join(import.meta.dirname, '../../playbooks');
const loaded = await loadPlaybooks(folder);
const playbook = loaded.playbooks.find(({ id }) => id === 'registry-outage')!;

describe('the playbooks that ship', () => {
  it('have no problem of any kind', () => {
    expect(formatProblems(loaded.problems)).toBe('');
    expect(loaded.playbooks.length).toBeGreaterThan(0);
  });
});

describe('the registry outage', () => {
  it('is chosen for the registry', () => {
    const match = matchPlaybook(loaded.playbooks, { services: ['registry'], alerts: [] });
    expect(match).toMatchObject({ playbook: { id: 'registry-outage' }, reason: 'the service is registry' });
  });

  it('walks from detection to reopening in 20 steps at most', () => {
    const phases = [...new Set(playbook.steps.map(({ phase }) => phase.split(':')[0]))];
    expect(phases).toEqual(['Detect', 'Contain', 'Triage', 'Roll back', 'Recover', 'Escalate', 'Verify', 'Reopen']);
    expect(playbook.steps.length).toBeLessThanOrEqual(20);
  });

  it('leads from every check that fails to its recovery, and from a recovery that does not help to the next level', () => {
    const branches = playbook.steps.flatMap(({ phase, title, ifNot }) => {
      const target = ifNot === null || ifNot.goto === null ? undefined : playbook.steps[ifNot.goto];
      return target === undefined ? [] : [[`${phase}: ${title}`, target.phase]];
    });
    expect(branches).toEqual([
      ['Detect: Confirm from outside that a push fails', 'Triage'],
      ['Triage: Check the name and the certificate', 'Recover: name or certificate'],
      ['Triage: Compare outside with inside', 'Recover: proxy or registry process'],
      ['Triage: Check the disk', 'Recover: storage'],
      ['Triage: Check the database', 'Recover: database'],
      ['Triage: Check sign-in', 'Recover: sign-in'],
      ['Triage: Check the object store', 'Recover: object store'],
      ['Roll back: Undo the last change', 'Escalate'],
      ['Recover: sign-in: Bring sign-in back', 'Escalate'],
      ['Recover: object store: Bring the object store back', 'Escalate'],
      ['Recover: database: Bring the database back', 'Escalate'],
      ['Recover: proxy or registry process: Bring the proxy or the registry back', 'Escalate'],
      ['Recover: name or certificate: Renew the certificate, or put the name right', 'Escalate'],
      ['Recover: storage: Make room', 'Escalate'],
      ['Verify: Prove that pushes and pulls work', 'Triage'],
      ['Reopen: Let publishing go on, and tell everybody', 'Triage'],
    ]);
  });

  it('leads straight: each result of triage to its one recovery, then to Verify and Reopen', () => {
    const { steps } = playbook;
    const phaseOf = (index: number) => steps[index]?.phase;
    const way = (failing: number) => {
      const phases: string[] = [];
      for (let at = 0; at < steps.length; ) {
        const { index, phase, thenTo, ifNot } = steps[at]!;
        if (phases.at(-1) !== phase) phases.push(phase);
        at = index === failing ? ifNot!.goto! : (thenTo ?? index + 1);
      }
      return phases;
    };
    const start = ['Detect', 'Contain', 'Triage'];
    const end = ['Verify', 'Reopen'];
    const checks = steps.filter(({ phase }) => phase === 'Triage');
    expect(checks).toHaveLength(6);
    for (const { index, ifNot } of checks) expect(way(index)).toEqual([...start, phaseOf(ifNot!.goto!), ...end]);
    expect(way(-1)).toEqual([...start, 'Roll back', ...end]);
    const rollBack = steps.find(({ phase }) => phase === 'Roll back')!.index;
    expect(way(rollBack)).toEqual([...start, 'Roll back', 'Escalate', ...end]);
  });

  it('gives every step an owner, something to expect and a way out; all but words of communication have commands', () => {
    for (const step of playbook.steps) {
      expect([
        step.title,
        step.role !== null,
        step.expect !== null,
        step.ifNot !== null || step.role === 'communications',
      ]).toEqual([step.title, true, true, true]);
      if (step.phase !== 'Escalate')
        expect(
          step.body.some(({ kind }) => kind === 'code'),
          step.title,
        ).toBe(true);
    }
  });

  it('collects garbage only after a dry run, and never the untagged', () => {
    const commands = playbook.steps.flatMap(({ body }) =>
      body.filter(({ kind }) => kind === 'code').map(({ text }) => text),
    );
    const runs = commands
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('garbage-collect'));
    expect(runs.map((line) => line.includes('--dry-run'))).toEqual([true, false]);
    expect(commands.join('\n')).not.toMatch(/--delete-untagged|"delete_untagged":true|garbage-collect .*-m\b/);
  });

  it('says where credentials are and holds none', async () => {
    expect(playbook.needs.length).toBeGreaterThan(3);
    const text = await readFile(join(folder, 'registry-outage.md'), 'utf8');
    expect(text).not.toMatch(/(?:password|token|secret)[=:]\s*[A-Za-z0-9]{8}|-u [\w-]+:\S/i);
  });

  it('puts the symptom into the announcement', () => {
    const at = playbook.steps.findIndex(({ title }) => title.startsWith('Tell those'));
    expect(JSON.stringify(presentStep(playbook, at, { symptom: '503 from the proxy' }))).toContain(
      'Seen: 503 from the proxy',
    );
  });
});
