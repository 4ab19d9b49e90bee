import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { plainText } from '../messages/plain.js';
import { parsePlaybook } from './parse.js';
import { presentStep } from './present.js';
import { fillCommand, shellWord } from './shell.js';

const hostile = [
  "it's",
  '"double"',
  '$(touch /tmp/owned)',
  '`id`',
  'a; rm -rf /',
  'a && b | c > d',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell would fill it in
  '$HOME ${PATH} %{x}',
  'back\\slash\\',
  'two\nlines',
  '*?[a-z]{1,2}~!#',
  "'; echo owned #",
  '{host}',
  'ünïcode ☃',
  '  spaces  ',
  'web-1.example.com:22/path@x',
];
/** What a real shell makes of the arguments of one command. */
const argvOf = (script: string): string[] => {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\0').slice(0, -1);
};

describe('a value in a command', () => {
  it.each(hostile)('is one word for a shell, whatever is in it: %j', (value) => {
    const given = { host: value };
    for (const [script, expected] of [
      ["printf '%s\\0' {host}", [value]],
      ["printf '%s\\0' --to={host} {host}", [`--to=${value}`, value]],
      ['printf \'%s\\0\' "{host}"', [value]],
      ['printf \'%s\\0\' "a {host} b" c', [`a ${value} b`, 'c']],
      ["printf '%s\\0' 'a {host} b'", [`a ${value} b`]],
    ] as const)
      expect(argvOf(fillCommand(script, given, 'sh'))).toEqual(expected);
  });

  it('that is no word at all is left out', () => {
    expect(shellWord('a\0b')).toBeNull();
    expect(fillCommand('ping {host}', { host: 'a\0b' }, 'sh')).toBe('ping {host}');
  });

  it.each([
    ['ssh web-1 systemctl restart {unit}', 'sh'],
    ["sh -c 'echo {unit}'", 'sh'],
    ['echo $(cat {unit})', 'sh'],
    ['echo `cat {unit}`', 'sh'],
    ['cat <<END\n{unit}\nEND', 'sh'],
    ['select * from t where a = {unit}', 'sql'],
    ['name: {unit}', 'yaml'],
  ])('is put in by hand where one layer of quotes is not enough: %j', (script, language) => {
    expect(fillCommand(script, { unit: '$(id)' }, language)).toBe(script);
    expect(fillCommand(script, { unit: 'nginx.service' }, language)).toBe(script.replace('{unit}', 'nginx.service'));
  });

  it('is read literally in words to post, and never a second time', () => {
    expect(fillCommand('Seen: {a} {b}', { a: '{b}', b: '$(id)' }, 'text')).toBe('Seen: {b} $(id)');
  });
});

describe('a step with values', () => {
  const { playbook } = parsePlaybook({
    id: 'x',
    file: 'x.md',
    text: `---\ntitle: X\n---\n## A\n- [ ] Which host?\n  - Ask: host\n  - If no: [B](#b)\n- [ ] Look at {host}\n\n  \`\`\`sh\n  ping {host}\n  ssh {host} uptime\n  \`\`\`\n\n  \`\`\`sh\n  ping {host}\n  \`\`\`\n\n## B\n- [ ] Stop\n`,
  });
  const shown = (answers: Record<string, string>) =>
    plainText({ tone: 'neutral', summary: '', blocks: presentStep(playbook!, 1, answers) });

  it('says what is not known yet, and how it is said', () => {
    expect(shown({})).toMatch(/ping \{host\}.*\{host\} is not known yet: .*\/incident value host=…/s);
  });

  it('shows them as they are to be pasted, and what is to be put in by hand', () => {
    expect(shown({ host: 'web-1' })).toMatch(/ping web-1\n.*ssh web-1 uptime/s);
    const odd = shown({ host: 'a b' });
    expect(odd).toContain("ping 'a b'");
    expect(odd).toContain('ssh {host} uptime');
    expect(odd).toMatch(/Put \{host\} in by hand: .*a b/);
  });
});
