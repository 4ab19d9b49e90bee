import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handOf } from '../../src/incident/hand.js';
import type { Walk } from '../../src/incident/state.js';
import { loadPlaybooks } from '../../src/playbooks/load.js';
import type { Playbook, PlaybookStep } from '../../src/playbooks/playbook.js';
import { type Story, story } from './story.js';

/** What a person says of a playbook beside the page itself: test/fixtures/playbooks/<id>.json. */
interface Told {
  /** An alert as its sender posts it, which has to open an incident with this playbook. */
  source: string;
  body: unknown;
  /** Words after *because*. */
  because: string;
  severity: string;
  /** The phases when everything is as expected. */
  straight: string[];
  /** Where each `If not` with a link leads: the step's title, the phase. */
  fails: Record<string, string>;
}

const here = import.meta.dirname;
const { playbooks } = await loadPlaybooks(join(here, '../../playbooks'));
const fileOf = (id: string) => join(here, `../fixtures/playbooks/${id}.json`);
const toldOf = (id: string): Told => JSON.parse(readFileSync(fileOf(id), 'utf8')) as Told;

it('every playbook that ships has its story, test/fixtures/playbooks/<id>.json', () => {
  expect(playbooks.length).toBeGreaterThan(0);
  expect(playbooks.filter(({ id }) => !existsSync(fileOf(id))).map(({ id }) => id)).toEqual([]);
});

const approvers: Record<string, string> = {
  commander: 'Ada',
  communications: 'Cleo',
  scribe: 'Dan',
  operations: 'Eve',
};
type Verb = 'done' | 'fail';
const wayFrom = ({ index, thenTo, ifNot }: PlaybookStep, verb: Verb): number =>
  (verb === 'done' ? thenTo : ifNot?.goto) ?? index + 1;

let bot: Story;
let opened = 0;
beforeAll(async () => {
  bot = await story();
});
afterAll(() => bot.end());

const isInHand = async (number: number, index: number): Promise<boolean> =>
  handOf(await walkOf(number)).includes(index);
const walkOf = async (number: number): Promise<Walk> => (await bot.incident(number)).walk!;

/** Gives the roles away and starts the walk; answers the incident's number. */
async function started(): Promise<number> {
  opened += 1;
  for (const [role, person] of Object.entries(approvers)) await bot.say(person, `/incident take ${role}`, opened);
  await bot.say('Bob', '/incident next', opened);
  expect((await walkOf(opened)).current).toBe(0);
  return opened;
}

/** Ends the step in hand; where it has to be approved, by whoever holds that role. Answers what was said. */
async function end(number: number, step: PlaybookStep, verb: Verb): Promise<string> {
  const answers = step.ask.length > 1 && verb === 'done' ? step.ask.map((name) => `${name}=${name}-1`).join(' ') : null;
  const named = `--step ${step.index + 1}`;
  const line = `/incident ${verb} ${named} ${answers ?? `as seen at step ${step.index + 1}`}`;
  const first = await bot.say('Bob', line, number);
  if (!(await isInHand(number, step.index))) {
    if (verb === 'done') expect([step.title, step.approve]).toEqual([step.title, null]);
    return first.text;
  }
  expect([step.title, step.approve, first.text]).toEqual([
    step.title,
    expect.any(String),
    expect.stringMatching(/approv/i),
  ]);
  await bot.say(approvers[step.approve!]!, `/incident approve ${named}`, number);
  if (!(await isInHand(number, step.index))) return first.text;
  return (await bot.say('Bob', line, number)).text;
}

/** What is to be said, step by step, to come from here to the nearest branch that has not been taken. */
function nextBranch(steps: readonly PlaybookStep[], from: number, taken: ReadonlySet<number>): Verb[] | null {
  const ways = new Map<number, Verb[]>([[from, []]]);
  for (const [at, way] of ways) {
    const step = steps[at]!;
    if (step.ifNot !== null && !taken.has(at)) return [...way, 'fail'];
    for (const verb of ['done', 'fail'] as const) {
      const next = wayFrom(step, verb);
      if ((verb === 'done' || step.ifNot !== null) && next < steps.length && !ways.has(next))
        ways.set(next, [...way, verb]);
    }
  }
  return null;
}

const told = playbooks.filter(({ id }) => existsSync(fileOf(id)));
describe.each(told.map((playbook) => ({ id: playbook.id, playbook })))('$id', ({ id, playbook }) => {
  const { steps } = playbook;
  const { source, body, because, severity, straight, fails } = toldOf(id);
  const visited = new Set<number>();

  it('is attached by an alert that it is for, with the reason, and is walked to its end', async () => {
    expect(await bot.alerts(source, body)).toMatchObject({ status: 202, accepted: 1 });
    const number = await started();
    const incident = await bot.incident(number);
    expect(incident.walk).toMatchObject({ hash: playbook.hash, title: playbook.title });
    expect(incident.severity).toBe(severity);
    const channel = (await bot.channel(`inc-${number}`)).map(({ text }) => text).join('\n');
    expect(channel).toContain(`because ${because}`);
    const phases: string[] = [];
    let last = '';
    for (let at: number | null = 0; at !== null; at = (await walkOf(number)).current) {
      const step = steps[at]!;
      visited.add(at);
      if (phases.at(-1) !== step.phase) phases.push(step.phase);
      expect((await bot.channel(`inc-${number}`)).at(-1)?.text).toContain(step.title);
      last = await end(number, step, 'done');
      expect((await walkOf(number)).current ?? steps.length).toBe(wayFrom(step, 'done'));
    }
    expect(phases).toEqual(straight);
    expect(last).toContain('walked to its end');
    await bot.say('Ada', '/incident resolve it works again', number);
    expect((await bot.say('Ada', '/incident close', number)).text).not.toMatch(/open step/);
  });

  it('leads from every step that fails where the page says, and has no step that is never reached', async () => {
    expect(branchesOf(playbook)).toEqual(fails);
    const taken = new Set<number>();
    for (let walks = 1; nextBranch(steps, 0, taken); walks += 1) {
      expect(walks).toBeLessThan(steps.length);
      await bot.say('Ada', `/incident declare --sev 2 Walk ${walks} of ${id}`);
      await bot.say('Ada', `/incident playbook ${id}`, opened + 1);
      const number = await started();
      for (let at: number | null = 0; at !== null; ) {
        const way = nextBranch(steps, at, taken);
        if (!way) break;
        for (const verb of way) {
          const step: PlaybookStep = steps[at!]!;
          visited.add(step.index);
          const said = await end(number, step, verb);
          const target = steps[wayFrom(step, verb)];
          const { current } = await walkOf(number);
          at = target && (await isInHand(number, target.index)) ? target.index : current;
          expect([step.title, verb, at]).toEqual([step.title, verb, target?.index ?? null]);
          if (verb === 'fail') {
            taken.add(step.index);
            if (target && step.ifNot?.goto !== null)
              expect(said).toMatch(
                new RegExp(`(Its branch is taken|is answered: .+)\\. Step ${target.index + 1} of ${steps.length}`),
              );
          }
          if (target) visited.add(target.index);
        }
      }
    }
    expect(taken.size).toBe(steps.filter(({ ifNot }) => ifNot !== null).length);
    expect(steps.filter(({ index }) => !visited.has(index)).map(({ title }) => title)).toEqual([]);
    for (const phase of ['Roll back', 'Escalate', 'Verify'])
      expect([...visited].some((index) => steps[index]?.phase.startsWith(phase))).toBe(true);
  });
});

const branchesOf = ({ steps }: Playbook): Record<string, string> =>
  Object.fromEntries(
    steps.flatMap(({ title, ifNot }) => {
      const target = ifNot === null || ifNot.goto === null ? undefined : steps[ifNot.goto];
      return target ? [[title, target.phase]] : [];
    }),
  );
