import { describe, expect, it } from 'vitest';
import { parsePlaybook } from './parse.js';

const front = '---\ntitle: T\n---\n';
const parse = (text: string, now?: number) => parsePlaybook({ id: 'p', file: 'p.md', text }, now);
const found = (text: string, now?: number): string[] =>
  parse(text, now).problems.map(
    ({ line, column, level, message, hint }) => `${line}:${column} ${level} ${message} (${hint})`,
  );

describe('what is wrong is said with its place', () => {
  const step = (notes: string): string => `${front}## A\n- [ ] one\n${notes}`;
  it.each<[string, string, string[]]>([
    [
      'no front matter',
      '## A\n- [ ] one\n',
      [
        '1:1 error there is no front matter (start the file with a line ---, then title: and a few words, then a line ---)',
      ],
    ],
    [
      'no title',
      '---\nowner: x\n---\n## A\n- [ ] one\n',
      ['2:1 error the title is missing (write `title:` and a few words)'],
    ],
    [
      'an empty front matter',
      '---\n---\n## A\n- [ ] one\n',
      ['2:1 error the title is missing (write `title:` and a few words)'],
    ],
    [
      'an unknown front matter key',
      '---\ntitle: T\nreveiwed: 2026-11-01\n---\n## A\n- [ ] one\n',
      ['3:1 error unknown key "reveiwed" (did you mean "reviewed"?)'],
    ],
    [
      'an unknown key of matches',
      '---\ntitle: T\nmatches:\n  alert: Down\n---\n## A\n- [ ] one\n',
      ['4:3 error unknown key "alert" (known: service, alertname, labels)'],
    ],
    [
      'an unknown key in a list of matches',
      '---\ntitle: T\nmatches:\n  - service: a\n  - alert: Down\n---\n## A\n- [ ] one\n',
      ['5:5 error unknown key "alert" (known: service, alertname, labels)'],
    ],
    [
      'a match that is a text',
      '---\ntitle: T\nmatches: registry\n---\n## A\n- [ ] one\n',
      [
        '3:10 error matches is not a map like { service: registry } (write { service: name }, { alertname: name } or { labels: { name: value } })',
      ],
    ],
    [
      'a day that does not exist',
      '---\ntitle: T\nreviewed: 2026-02-30\n---\n## A\n- [ ] one\n',
      ['3:11 error reviewed is not a date (write a day that exists as 2026-11-01)'],
    ],
    [
      'a bad duration',
      '---\ntitle: T\nreviewed: 2026-02-03\nreview-every: soon\n---\n## A\n- [ ] one\n',
      ['4:15 error review-every is not a duration (write a number and a unit: 90d, 12 weeks)'],
    ],
    [
      'a review that is due but was never held',
      '---\ntitle: T\nreview-every: 90d\n---\n## A\n- [ ] one\n',
      ['3:1 warning no review is recorded (add `reviewed:` with the day of the last one)'],
    ],
    [
      'a bad severity',
      '---\ntitle: T\nseverity: 1\n---\n## A\n- [ ] one\n',
      ['3:11 error severity is not sev1, sev2 or sev3 (sev1 is the gravest)'],
    ],
    [
      'a need that YAML reads as a map',
      '---\ntitle: T\nneeds:\n  - token: vault\n---\n## A\n- [ ] one\n',
      [
        '4:3 error needs is not a text or a list of texts (a list of texts that say where each credential is; put quotes around a text that has a colon)',
      ],
    ],
    [
      'a need that is the secret itself',
      '---\ntitle: T\nneeds:\n  - "registry: vault kv/registry"\n  - "git password: Hunter2024!"\n---\n## A\n- [ ] one\n',
      [
        '5:5 error needs.1 looks like the secret itself (a list of texts that say where each credential is; put quotes around a text that has a colon)',
      ],
    ],
    [
      'front matter that is a list',
      '---\n- title\n---\n## A\n- [ ] one\n',
      ['2:1 error the front matter is not a map of keys to values (write `key: value`)'],
    ],
    [
      'a title twice',
      '---\ntitle: T\ntitle: U\n---\n## A\n- [ ] one\n',
      ['3:1 error the front matter is not YAML: Map keys must be unique (put quotes around a text with a colon)'],
    ],
    [
      'an alias',
      '---\ntitle: &a T\nowner: *a\n---\n## A\n- [ ] one\n',
      ['3:8 error the front matter uses an alias (write the value out)'],
    ],
    [
      'a key of the prototype',
      '---\ntitle: T\nmatches: { labels: { __proto__: x } }\n---\n## A\n- [ ] one\n',
      ['3:22 error "__proto__" is not a key (choose another name)'],
    ],
    [
      'no steps',
      `${front}## A\nwords\n`,
      ['1:1 error there are no steps (write a heading and under it `- [ ] ` and what to do)'],
    ],
    [
      'a step without a heading',
      `${front}- [ ] one\n`,
      ['4:1 error a step stands before the first heading (write `## Detect` above it)'],
    ],
    [
      'an empty heading',
      `${front}##\n- [ ] one\n`,
      ['4:1 error a heading is empty (name the phase, or remove the line)'],
    ],
    [
      '21 steps',
      `${front}## A\n${'- [ ] one\n'.repeat(21)}`,
      ['25:1 error there are 21 steps, 20 are allowed (make some of them sub-steps, or split the playbook)'],
    ],
    ['an unknown note', step('  - Expct: x\n'), ['6:3 error unknown note "Expct" (did you mean "Expect"?)']],
    [
      'a note far from any',
      step('  - Careful: x\n'),
      [
        '6:3 error unknown note "Careful" (known: Expect, If not, If yes, If no, Check, Then, Role, Within, Approve, Ask, Required, Roll back)',
      ],
    ],
    [
      'a bullet that is no note',
      step('  - just words\n'),
      [
        '6:3 error a bullet under a step is neither a note nor a checkbox (write "Key: value" (Expect, If not, If yes, If no, Check, Then, Role, Within, Approve, Ask, Required, Roll back), or a checkbox, or a paragraph)',
      ],
    ],
    [
      'an empty note',
      step('  - Expect:\n'),
      ['6:3 error the note "Expect" is empty (write what is meant, or remove it)'],
    ],
    [
      'a note twice',
      step('  - Expect: x\n  - expect: y\n'),
      ['7:3 error the step has two notes "Expect" (join it with the one on line 6)'],
    ],
    [
      'a note with a code block',
      step('  - Expect: x\n\n    ```\n    y\n    ```\n'),
      ['8:5 error the note "Expect" is more than one paragraph (put the rest into the step itself)'],
    ],
    [
      'a bad role',
      step('  - Role: comander\n'),
      ['6:3 error Role: "comander" is not a role (did you mean "commander"?)'],
    ],
    [
      'a bad approver',
      step('  - Approve: boss\n'),
      ['6:3 error Approve: "boss" is not a role (known: commander, communications, scribe, operations)'],
    ],
    [
      'a bad time-box',
      step('  - Within: a while\n'),
      ['6:3 error "a while" is not a duration (write a number and a unit: 10 min, 2 h)'],
    ],
    [
      'a bad name',
      step('  - Ask: the host\n'),
      ['6:3 error "the host" is not a name to ask for (letters, digits, - and _; a comma between two names)'],
    ],
    [
      'an unused answer',
      step('\n  Say {host}.\n\n  - Ask: host\n'),
      ['9:3 warning the answer "host" is never used (write {host} in another step, or do not ask)'],
    ],
    ['a broken link in a note', step('  - If not: [x](#b)\n'), ['6:13 error #b leads nowhere (did you mean "a"?)']],
    [
      'a broken link in prose',
      `${front}## Detect\n\n[x](#detcet)\n\n- [ ] one\n`,
      ['6:1 error #detcet leads nowhere (did you mean "detect"?)'],
    ],
    [
      'a link to a heading without steps',
      `${step('  - If not: [x](#b)\n')}## B\n`,
      ['6:13 error #b leads to a heading without steps (add a step under it, or link to another)'],
    ],
    [
      'a link to one of two headings',
      `${step('  - If not: [x](#b)\n')}## B\n- [ ] two\n## B\n- [ ] three\n`,
      ['6:13 error #b could be either of two headings (rename the heading on line 9)'],
    ],
    [
      'a link to one of two steps',
      `${step('  - If not: [x](#two)\n')}- [ ] two\n- [ ] two\n`,
      ['6:13 error #two could be either of two steps (rename the step on line 8)'],
    ],
    [
      'two links in one note',
      `${step('  - If not: [x](#b) or [y](#a)\n')}## B\n- [ ] two\n`,
      ['6:24 error "If not" leads to two places (keep the first link, describe the other)'],
    ],
    [
      'a link to its own step',
      step('  - If not: [x](#a)\n'),
      ['6:13 warning "If not" leads back to its own step (link to another step, or say when to try again)'],
    ],
    [
      'a Then without a link',
      step('  - Then: verify\n'),
      ['6:3 error "Then" has no link to a step (write `Then: [Verify](#verify)` with a heading or step of this page)'],
    ],
    [
      'a Then that leads nowhere',
      `${step('  - Then: [Verify](#verfy)\n')}## Verify\n- [ ] two\n`,
      ['6:11 error #verfy leads nowhere (did you mean "verify"?)'],
    ],
    [
      'a Then to a heading without steps',
      `${step('  - Then: [x](#b)\n')}- [ ] two\n## B\n`,
      ['6:11 error #b leads to a heading without steps (add a step under it, or link to another)'],
    ],
    [
      'a Then to two places',
      `${step('  - Then: [x](#b) [y](#a)\n')}## B\n- [ ] two\n`,
      ['6:19 error "Then" leads to two places (keep one link; "If not" can name another)'],
    ],
    [
      'a Then to its own step',
      step('  - Then: [x](#a)\n'),
      ['6:11 error "Then" leads back to its own step (link to the step that follows)'],
    ],
    [
      'a Then with words beside its link',
      `${step('  - Then: wait, then [x](#b)\n')}## B\n- [ ] two\n`,
      ['6:3 warning of "Then" only the link is used (put the words into the step)'],
    ],
    [
      'a step nobody comes to',
      `${step('  - If not: [x](#b)\n  - Then: [x](#b)\n')}- [ ] lost\n- [ ] lost too\n## B\n- [ ] two\n`,
      [
        '8:1 warning no step leads to this one (link to it from an "If not", or take a "Then" away)',
        '9:1 warning no step leads to this one (link to it from an "If not", or take a "Then" away)',
      ],
    ],
    [
      'another scheme',
      step('  see [x](javascript:alert(1))\n'),
      ['6:7 warning a link that is not http or https is shown as text (write the address out)'],
    ],
    [
      'a checkbox without a space',
      `${front}## A\n- [] one\n- [ ] two\n`,
      ['5:1 error this is not a checkbox (write `- [ ] ` and then what to do)'],
    ],
    [
      'a checkbox without words',
      `${front}## A\n- [ ]\n- [ ] two\n`,
      ['5:1 error this is not a checkbox (write `- [ ] ` and then what to do)'],
    ],
    [
      'a checkbox in a quote',
      `${front}## A\n- [ ] one\n\n> - [ ] two\n`,
      ['7:3 error a checkbox inside something else is not a step (start its line at the margin)'],
    ],
    [
      'a checkbox under a plain bullet',
      `${front}## A\n- words\n  - [ ] two\n\n1. [ ] one\n`,
      ['6:3 error a checkbox inside something else is not a step (start its line at the margin)'],
    ],
    [
      'a sub-step with more',
      step('  - [ ] sub\n    - Expect: x\n'),
      ['7:5 error a sub-step is one line (make it a step of its own, or put the rest into the step)'],
    ],
    [
      'a code block beside its step',
      step('\n```sh\nls\n```\n'),
      ['7:1 warning a code block after a step is not part of it (indent it by two spaces to make it part of the step)'],
    ],
    ['a ticked step', `${front}## A\n- [x] one\n`, ['5:1 warning the step is ticked in the file (write `[ ]`)']],
    [
      'quotes in quotes',
      `${front}## A\n- [ ] one\n\n${'>'.repeat(13)} two\n`,
      ['7:1 error the line is nested too deep (a step has notes and sub-steps, nothing deeper)'],
    ],
    [
      'an indentation nobody can follow',
      `${front}## A\n- [ ] one\n${' '.repeat(65)}two\n`,
      ['6:1 error the line is nested too deep (a step has notes and sub-steps, nothing deeper)'],
    ],
    [
      'lists in lists in the front matter',
      `---\ntitle: T\nneeds: ${'['.repeat(201)}${']'.repeat(201)}\n---\n## A\n- [ ] one\n`,
      ['2:1 error the front matter is nested too deep (it has a few short keys)'],
    ],
    [
      'an endless line',
      `${front}## A\n- [ ] one\n\n${'a'.repeat(2001)}\n`,
      ['7:2001 error the line has 2001 characters, 2000 are allowed (break the line)'],
    ],
    ['a NUL', `${front}## A\n- [ ] o\0ne\n`, ['5:8 error there is a NUL character (save the file as UTF-8 text)']],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
    expect(parse(text).playbook === null).toBe(expected.some((line) => line.includes(' error ')));
  });

  it('several problems come in the order of the file', () => {
    expect(found('---\nseverity: bad\n---\n## A\n- [ ] one\n  - Rolle: x\n').map((line) => line.split(' ')[0])).toEqual(
      ['2:1', '2:11', '6:3'],
    );
  });

  it('an overdue review is a warning once the time is known', () => {
    const text = '---\ntitle: T\nreviewed: 2026-01-01\nreview-every: 30d\n---\n## A\n- [ ] one\n';
    expect(found(text)).toEqual([]);
    expect(found(text, Date.UTC(2026, 0, 31))).toEqual([]);
    expect(found(text, Date.UTC(2026, 1, 1))).toEqual([
      '3:1 warning the review was due on 2026-01-31 (go through the steps, then set the new date)',
    ]);
    expect(found(text, Date.UTC(2025, 11, 1))).toEqual([
      '3:1 warning the review is dated in the future (write the day it took place)',
    ]);
  });
});
