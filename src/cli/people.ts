import type { Command } from 'commander';
import { findPerson } from '../access/find-person.js';
import { type Holdings, holdingsOf } from '../access/holdings.js';
import { removePerson, restorePerson, signOutPerson } from '../access/leave.js';
import type { Config } from '../config/config.js';
import { findFile } from '../config/find.js';
import { literal } from '../messages/literal.js';
import type { KnownPerson } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { fail, found, print } from './output.js';
import { day } from './person-words.js';
import { atTheShell, withStore } from './with-store.js';

interface Options {
  json?: boolean;
  yes?: boolean;
}

/** `muster people`: who is known, and who leaves. */
export function addPeople(program: Command): void {
  const people = program
    .command('people')
    .description('who is known; and what to do when somebody leaves')
    .addHelpText(
      'afterAll',
      '\nExit codes: 0 done, 1 there is no such person (or nothing was done), 2 it could not be done.',
    );
  const json = ['--json', 'one JSON object instead of lines'] as const;

  people
    .command('list')
    .description('everybody Muster knows, those who have left too')
    .option(...json)
    .action((options: Options) => withStore((store) => list(store, options)));

  const of = (
    name: string,
    description: string,
    act: (store: Store, person: KnownPerson, options: Options) => Promise<void>,
  ): Command =>
    people
      .command(name)
      .description(description)
      .argument('<person>', 'an id of muster.yaml, a name, an e-mail address or a person id')
      .option(...json)
      .action((word: string, options: Options) =>
        withStore(async (store, config) => {
          const person = await personFor(store, config, word);
          if (person) await act(store, person, options);
        }),
      );

  of('remove', 'show what somebody holds; with --yes, take it from them and let them in no more', remove).option(
    '--yes',
    'do it',
  );
  of('restore', 'let somebody in again who was removed', restore);
  of('sign-out', 'end every session of somebody; tokens stay', signOut);
}

async function personFor(store: Store, config: Config, word: string): Promise<KnownPerson | null> {
  const known = await findPerson(store, config, word);
  if ('person' in known) return known.person;
  fail(
    found,
    `nobody is called ${word}`,
    known.nobody.length > 0 ? `Known: ${known.nobody.join(', ')}` : 'muster people list shows who is known.',
  );
  return null;
}

async function list(store: Store, { json = false }: Options): Promise<void> {
  const people = await store.people();
  const lines = people.map(
    ({ personId, name, email, goneAt }) =>
      `${literal(name)}  ${personId}${email === null ? '' : `  ${email}`}${goneAt === null ? '' : `  left ${day(goneAt)}`}`,
  );
  print(json, { people }, lines.length > 0 ? lines.join('\n') : 'Nobody is known yet.');
}

async function remove(store: Store, person: KnownPerson, { json = false, yes = false }: Options): Promise<void> {
  const now = Date.now();
  const file = findFile(process.env, process.cwd());
  const held = await holdingsOf(store, { personId: person.personId, file, now });
  const left = person.goneAt !== null;
  if (yes && !left) await removePerson(store, person, held, { actor: atTheShell(), now });
  const does = yes && !left;
  const head = left
    ? `${person.name} has left since ${day(person.goneAt ?? now)}.`
    : does
      ? `${person.name} is removed: they cannot sign in, and are neither invited nor paged.`
      : `${person.name} holds:`;
  print(
    json,
    { person, removed: does || left, ...held },
    [head, ...lines(held, does), ...(does || left ? [] : ['', 'Nothing is changed. With --yes it is done.'])].join(
      '\n',
    ),
  );
  if (!does && !left) process.exitCode = found;
}

function lines({ roles, steps, followUps, tokens, sessions, named }: Holdings, done: boolean): string[] {
  const of = (number: number | null, title: string): string =>
    `${number === null ? 'in triage' : `#${number}`} ${literal(title, 80)}`;
  const section = (head: string, items: string[]): string[] =>
    items.length === 0 ? [] : [`  ${head}`, ...items.map((item) => `    ${item}`)];
  const all = [
    ...section(
      done ? 'Roles, released within seconds where Muster runs, else at its next start:' : 'Roles:',
      roles.map(({ number, title, role }) => `${role} of ${of(number, title)}`),
    ),
    ...section(
      done ? 'Tokens, revoked:' : 'Tokens:',
      tokens.map(({ id, name }) => `${id} ${name}`),
    ),
    ...(sessions > 0 ? [`  Sessions${done ? ', ended' : ''}: ${sessions}`] : []),
    ...section(
      'Steps that somebody else must take:',
      steps.map(({ number, title, step }) => `${literal(step, 80)}, ${of(number, title)}`),
    ),
    ...section(
      'Follow-ups that need another owner:',
      followUps.map(
        ({ number, title, text, dueOn }) =>
          `${literal(text, 120)}${dueOn ? `, due ${dueOn}` : ''}, ${of(number, title)}`,
      ),
    ),
    ...section(
      'Take them out of the file:',
      named.map(({ where, what }) => `${where} ${what}`),
    ),
  ];
  return all.length > 0 ? all : ['  nothing'];
}

async function restore(store: Store, person: KnownPerson, { json = false }: Options): Promise<void> {
  if (person.goneAt === null) return fail(found, `${person.name} has not left`);
  await restorePerson(store, person, { actor: atTheShell(), now: Date.now() });
  print(
    json,
    { ok: true, person },
    `${person.name} may come in again. Roles and tokens do not come back by themselves.`,
  );
}

async function signOut(store: Store, person: KnownPerson, { json = false }: Options): Promise<void> {
  const sessions = (await store.sessionsOf(person.personId)).length;
  await signOutPerson(store, person, { actor: atTheShell(), now: Date.now() });
  print(json, { ok: true, sessions }, `${person.name} is signed out everywhere (${sessions} sessions). Tokens stay.`);
}
