import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { plainText } from './plain.js';
import { compileTemplates } from './render.js';
import { samples } from './samples.js';
import type { TemplateValues } from './values.js';
import { variations } from './variants.js';

const folders: string[] = [];
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});
const folder = (files: Record<string, string>): string => {
  const path = mkdtempSync(join(tmpdir(), 'muster-variants-'));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, `${name}.hbs`), text);
  return path;
};
type Update = TemplateValues['status-update'];
const told = (templates: ReturnType<typeof compileTemplates>, change: Partial<Update>): string =>
  plainText(templates.render('status-update', { ...samples['status-update'], drill: false, ...change }).card);

describe('a status update takes the words of', () => {
  const mine = compileTemplates(
    'templates',
    folder({
      'status-update.sev1.resolved': 'gravest and over',
      'status-update.resolved': 'over',
      'status-update.sev1': 'gravest',
      'status-update': 'any',
    }),
  );
  it.each([
    ['sev1', 'resolved', 'gravest and over'],
    ['sev2', 'resolved', 'over'],
    ['sev2', 'closed', 'over'],
    ['sev1', 'closed', 'gravest and over'],
    ['sev1', 'monitoring', 'gravest'],
    ['sev3', 'identified', 'any'],
  ] as const)('%s and %s', (severity, status, words) => {
    expect(mine.problems).toEqual([]);
    expect(told(mine, { severity, status })).toBe(words);
  });

  it('your folder before any that ships', () => {
    const own = compileTemplates('templates', folder({ 'status-update': 'ours' }));
    for (const each of variations) expect(told(own, each)).toBe('ours');
    const some = compileTemplates('templates', folder({ 'status-update.sev1': 'ours' }));
    expect(told(some, { severity: 'sev1', status: 'investigating' })).toBe('ours');
    expect(told(some, { severity: 'sev2', status: 'investigating' })).toContain('What is impacted');
  });
});

describe('the updates that ship', () => {
  const shipped = compileTemplates('templates');
  it('differ by status, and while the cause of a sev1 is unknown', () => {
    const texts = variations.map((each) => told(shipped, each).replaceAll(/sev\d|\w+ed · |investigating · /g, ''));
    expect(new Set(texts).size).toBe(5);
    expect(told(shipped, { severity: 'sev1', status: 'investigating' })).toContain('start no releases');
    expect(told(shipped, { severity: 'sev2', status: 'investigating' })).not.toContain('releases');
  });

  it('leave the cause to the person who writes, who may just have told it', () => {
    const written = { severity: 'sev1', status: 'investigating', text: 'The cause is found' } as const;
    expect(told(shipped, written)).not.toContain('Cause:');
    expect(told(shipped, { ...written, text: null })).toContain('Cause: not known yet');
  });

  it.each(variations)('never say of $severity, $status what nobody has said', ({ severity, status }) => {
    const nothing = { text: null, impact: null, impactAt: null, impactAgeMs: null, doing: null, workaround: null };
    const text = told(shipped, { severity, status, ...nothing, expectedAt: null, expectedWhy: null, automatic: true });
    expect(text).not.toMatch(/unknown|we are|Workaround|Expected back/);
    expect(text).toMatch(/What (is|was) impacted: not/);
  });
});

describe('a file name that fits no message is reported with what it may have meant', () => {
  it.each([
    ['status-updat.sev1', 'did you mean "status-update"?'],
    ['status-update.monitorng', 'did you mean "monitoring"?'],
    ['status-update.sev4', 'did you mean "sev1"?'],
    ['status-update.sev1.reslved', 'did you mean "resolved"?'],
    ['status-update.triage', 'no update is ever triage'],
    ['status-update.resolved.sev1', 'name it status-update.<severity>.<status>.hbs'],
    ['note.sev1', 'name it note.hbs'],
  ])('%s', (name, said) => {
    const [problem] = compileTemplates('templates', folder({ [name]: 'x' })).problems;
    expect(problem).toMatchObject({ template: name, message: expect.stringContaining(said) });
  });

  it('and a broken one with its own place', () => {
    const own = folder({ 'status-update.sev1': 'fine\n{{nothing}}' });
    const templates = compileTemplates('templates', own);
    expect(templates.problems).toMatchObject([{ folder: own, template: 'status-update.sev1', line: 2 }]);
    expect(templates.render('status-update', { ...samples['status-update'], severity: 'sev1' }).problem).toContain(
      'status-update.sev1.hbs:2',
    );
    expect(told(templates, { severity: 'sev2' })).not.toContain('Built-in');
  });
});
