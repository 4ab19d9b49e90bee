import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addCheck } from '../../src/cli/check.js';
import { readFileText } from '../../src/config/file.js';
import { story } from '../stories/story.js';
import { runCommand } from './run.js';

const set = 'test/fixtures/bad-set';

/** What `muster check` says of the set in a folder of its own, after its alerts have come; written anew by MUSTER_WRITE_DOCS=1. */
async function said(yaml: string): Promise<{ out: string; exitCode: number }> {
  const muster = await story({ at: Date.now() });
  try {
    await muster.alerts('generic', JSON.parse(readFileSync(`${set}/alerts.json`, 'utf8')));
    await muster.stop();
    cpSync(set, muster.folder, { recursive: true });
    const env = {
      MUSTER_CONFIG: yaml,
      MUSTER_DATA: join(muster.folder, 'data'),
      MUSTER_PLAYBOOKS: join(muster.folder, 'playbooks'),
      MUSTER_TEMPLATES: join(muster.folder, 'templates'),
    };
    const { out, exitCode } = await runCommand(addCheck, ['check'], { folder: muster.folder, env });
    const today = new Date().toISOString().slice(0, 10);
    return {
      out: out
        .replaceAll(`${muster.folder}/`, '')
        .replaceAll(`last seen ${today}`, 'last seen today')
        .replaceAll(/there are: .*/g, 'there are: …'),
      exitCode,
    };
  } finally {
    await muster.end();
  }
}

describe('muster check on a deliberately bad set', () => {
  it.each(['muster', 'broken', 'strangers'])(
    'says everything that is wrong with %s.yaml, word for word',
    async (name) => {
      const { out, exitCode } = await said(`${name}.yaml`);
      const golden = `${set}/${name}.expected.txt`;
      if (process.env.MUSTER_WRITE_DOCS) writeFileSync(golden, out);
      expect(out).toBe(readFileSync(golden, 'utf8'));
      expect(exitCode).toBe(1);
    },
  );

  it('says each of the things it is there for', () => {
    const golden = readFileSync(`${set}/muster.expected.txt`, 'utf8');
    for (const words of [
      /registry is tier 1 and nobody owns it/,
      /git is tier 1 and only ada owns it/,
      /ci is tier 1 and only ada owns it/,
      /overdue\.md:4:\d+ warning the review was due on 2026-02-09/,
      /overdue\.md:13:\d+ warning no step leads to this one/,
      /wrong\.md:15:\d+ error #ask-somebody leads nowhere/,
      /Mail waits, of smtp, .* has no playbook and no owner/,
      /Cart is broken, of Web Shop, .* has no playbook and no owner/,
      /Something is odd, without a service, .* has no playbook and no owner/,
      /not in the catalogue: .*Web Shop \(2\)/,
      /wrong\.md:4:1 error .*revewed/,
      /note\.hbs:\d+:\d+ error/,
    ])
      expect(golden).toMatch(words);
    // It has a playbook, so the missing owner is told of the service alone.
    expect(golden).not.toMatch(/Pushes fail/);
  });

  it('offers services for adoption in lines that can be pasted as they are', () => {
    const golden = readFileSync(`${set}/muster.expected.txt`, 'utf8');
    const pasted = golden.slice(golden.indexOf('services:\n'), golden.lastIndexOf('\n', golden.length - 2));
    const { problems, file } = readFileText('pasted', pasted);
    expect(problems.filter(({ level }) => level !== 'warning')).toEqual([]);
    expect(file?.services).toMatchObject({ 'web-shop': { aliases: ['Web Shop'] }, vault: { tier: 1 } });
  });
});
