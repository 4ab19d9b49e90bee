import { describe, expect, it } from 'vitest';
import { parsePlaybook } from './parse.js';

const read = (body: string) => parsePlaybook({ id: 'x', file: 'x.md', text: `---\ntitle: X\n---\n${body}` });
const found = (body: string) => read(body).problems.map(({ line, level, message }) => `${line} ${level} ${message}`);

const whole = `## Contain
- Parallel: yes
- Within: 30 min
- Otherwise: escalate to sev1 and page platform lead
- Then: [Repair](#repair)

Words for people.

- [ ] Cut it off
  - Required: yes
  - If not: [Call](#call)
- [ ] Tell them
## Call
- [ ] Call the next level
## Repair
- Decide: 20 min, [Restore now](#restore)
- [ ] Does it answer?
  - If yes: good, then [Verify](#verify)
  - If no: look on
- [ ] Is the log quiet
  - Check: It is / It is not
  - If not: [Restore](#restore)
### Change
- [ ] Change the route
  - Roll back: [Take it back](#roll-back)
## Restore
- [ ] Restore it
## Roll back
- [ ] Take the route back
- [ ] Look again
## Verify
- [ ] Prove it
`;

describe('a phase', () => {
  it('is read with how it is walked, its times and its ways', () => {
    const { playbook, problems } = read(whole);
    expect(problems).toEqual([]);
    expect(playbook?.phases).toMatchObject([
      {
        ...{ title: 'Contain', from: 0, to: 2, parallel: true, thenTo: 3, withinMs: 1_800_000, decide: null },
        otherwise: [
          { do: 'severity', severity: 'sev1', propose: false },
          { do: 'page', whom: 'platform-lead' },
        ],
      },
      { title: 'Repair', from: 3, to: 6, parallel: false, decide: { afterMs: 1_200_000, to: 6, label: 'Restore now' } },
    ]);
    const { steps } = playbook!;
    expect(steps[0]).toMatchObject({ required: true, ifNot: { goto: 2 } });
    expect(steps[3]).toMatchObject({ check: { yes: 'Yes', no: 'No' }, thenTo: 9, ifNot: { goto: null } });
    expect(steps[4]).toMatchObject({ check: { yes: 'It is', no: 'It is not' }, ifNot: { goto: 6 } });
    expect(steps[5]).toMatchObject({ rollBack: { to: 7, end: 9 } });
  });

  it.each([
    ['- Paralel: yes\n- [ ] a\n- [ ] b', '5 error unknown note "Paralel"'],
    ['- Parallel: maybe\n- [ ] a\n- [ ] b', '5 error Parallel: "maybe" is neither yes nor no'],
    ['- Parallel: yes\n- [ ] a', '4 warning one step alone is not parallel'],
    [
      '- Parallel: yes\n- [ ] a\n  - Then: [c](#c)\n- [ ] b\n## C\n- [ ] c',
      '7 error a step of a parallel phase has no order to leave',
    ],
    ['- Otherwise: escalate to sev1\n- [ ] a', '5 error "Otherwise" of a phase needs "Within"'],
    [
      '- Within: 5 min\n- Otherwise: shout\n- [ ] a',
      '6 error "shout" is nothing Muster does when a phase takes too long',
    ],
    ['- Within: soon\n- [ ] a', '5 error "soon" is not a duration'],
    ['- Decide: 20 min\n- [ ] a', '5 error "Decide" needs one link, to where the other way begins'],
    ['- [ ] a\n- Within: 5 min', '6 error a note of the phase stands after its first step'],
    ['- Within: 5 min\n## B\n- [ ] a', '4 error a heading without steps has notes of a phase'],
    ['- Then: [b](#b)\n- [ ] a\n## B\n- [ ] b', '5 error "Then" of a phase needs "Parallel"'],
  ])('%j', (body, expected) => {
    expect(found(`## A\n${body}\n`)).toContain(expected);
  });

  it('is entered by its heading: in its middle there is no order', () => {
    const body = '## A\n- [ ] a\n  - If not: [c](#second)\n## B\n- Parallel: yes\n\n- [ ] first\n- [ ] second\n';
    expect(found(body)).toContain('6 error #second leads into the middle of a parallel phase');
  });

  it('may have a list of other words', () => {
    expect(found('## A\n- the disk\n- see: the page\n\nWords.\n\n- [ ] a\n')).toEqual([]);
  });
});

describe('a step', () => {
  it.each([
    ['- [ ] Is it?', '5 warning both answers lead to the same step'],
    ['- [ ] a\n  - Check: one', '6 error "Check" does not name two answers'],
    ['- [ ] a\n  - Required: always', '6 error Required: "always" is neither yes nor no'],
    ['- [ ] a\n  - Roll back: by hand', '6 error "Roll back" has no link to a step'],
    ['- [ ] a\n  - Roll back: [a](#a)', '6 error "Roll back" leads to the step itself'],
    ['- [ ] a\n  - If not: x\n  - If no: y', '7 error the step has two notes "If not"'],
  ])('%j', (body, expected) => {
    expect(found(`## A\n${body}\n`)).toContain(expected);
  });
});
