import type { Command } from 'commander';
import { findPerson } from '../access/find-person.js';
import { issueToken, isValid, revokeToken } from '../access/tokens.js';
import { personNamed, webIdentities } from '../chat/web/name.js';
import type { Config } from '../config/config.js';
import { parseDuration } from '../playbooks/duration.js';
import type { KnownPerson, Token } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { fail, found, print, unable } from './output.js';
import { day } from './person-words.js';
import { atTheShell, withStore } from './with-store.js';

interface Issue {
  expires: string;
  actAs?: boolean;
  name: string;
  new?: boolean;
  json?: boolean;
}

/** `muster token`: keys of people, for the API and for signing in. */
export function addToken(program: Command): void {
  const token = program
    .command('token')
    .description('tokens of people, for the API and for signing in; a running Muster knows of it at once')
    .addHelpText('afterAll', '\nExit codes: 0 done, 1 there is no such person or token, 2 it could not be done.');

  token
    .command('issue')
    .description('make a token for somebody; it is shown this once')
    .argument('<person>', 'an id of muster.yaml, a name, an e-mail address or a person id')
    .option('--expires <duration>', 'until when it holds: 30d, 12w, or never', '90d')
    .option('--act-as', 'may act as anybody: for programs that speak for people')
    .option('--name <name>', 'what to call it: laptop, ci', 'token')
    .option('--new', 'make the person known, when nobody is called so')
    .option('--json', 'one JSON object instead of lines')
    .action((person: string, options: Issue) => withStore((store, config) => issue(store, config, person, options)));

  token
    .command('list')
    .description('every token there is or was, without its secret')
    .option('--json', 'one JSON object instead of lines')
    .action(({ json = false }: { json?: boolean }) => withStore((store) => list(store, json)));

  token
    .command('revoke')
    .description('end a token at once, and the sessions it opened')
    .argument('<id>', 'as muster token list shows it')
    .option('--json', 'one JSON object instead of a line')
    .action((id: string, { json = false }: { json?: boolean }) => withStore((store) => revoke(store, id, json)));
}

async function issue(store: Store, config: Config, word: string, options: Issue): Promise<void> {
  const lastsMs = options.expires === 'never' ? null : parseDuration(options.expires);
  if (lastsMs === null && options.expires !== 'never')
    return fail(unable, `${options.expires} is not a duration`, 'Write one like 30d or 12w, or never.');
  const name = options.name.trim();
  if (name === '' || name.length > 60 || /\p{C}/u.test(name))
    return fail(unable, 'the name is empty or too long', 'Give --name one word or two, like laptop.');
  const person = await personFor(store, config, word, options.new ?? false);
  if (!person) return;
  if (person.goneAt !== null)
    return fail(found, `${person.name} has left`, `To let them in again: muster people restore ${person.personId}`);
  const now = Date.now();
  const { secret, token } = await issueToken(
    store,
    { personId: person.personId, name, actAs: options.actAs ?? false, expiresAt: lastsMs && now + lastsMs },
    { actor: atTheShell(), now },
  );
  const until = token.expiresAt === null ? 'until it is revoked' : `until ${day(token.expiresAt)}`;
  print(
    options.json ?? false,
    { secret, token, person: person.name },
    [
      secret,
      '',
      `This is the token of ${person.name} (${token.name}, ${token.id}), ${until}. It is not shown again.`,
      ...(token.actAs ? ['It may act as anybody.'] : []),
      'Sign in with it at /sign-in, or send it as Authorization: Bearer.',
    ].join('\n'),
  );
}

async function personFor(store: Store, config: Config, word: string, make: boolean): Promise<KnownPerson | null> {
  const known = await findPerson(store, config, word);
  if ('person' in known) return known.person;
  const named = personNamed(word);
  if (make && named && known.nobody.length === 0) {
    const { personId } = await store.putPerson(named, webIdentities({ id: word, name: word }));
    return store.person(personId);
  }
  const hint =
    known.nobody.length > 0 ? `Known: ${known.nobody.join(', ')}` : 'Name them in muster.yaml, or give --new.';
  fail(found, `nobody is called ${word}`, hint);
  return null;
}

const stateOf = (token: Token, now: number): string =>
  token.revokedAt !== null
    ? `revoked ${day(token.revokedAt)}`
    : !isValid(token, now)
      ? `expired ${day(token.expiresAt ?? now)}`
      : token.expiresAt === null
        ? 'for ever'
        : `until ${day(token.expiresAt)}`;

async function list(store: Store, json: boolean): Promise<void> {
  const [tokens, people] = await Promise.all([store.tokens(), store.people()]);
  const names = new Map(people.map(({ personId, name }) => [personId, name]));
  const now = Date.now();
  const lines = tokens.map(
    (token) =>
      `${token.id}  ${names.get(token.personId) ?? token.personId}  ${token.name}  ${stateOf(token, now)}${token.actAs ? '  acts as anybody' : ''}`,
  );
  print(
    json,
    { tokens },
    lines.length > 0 ? lines.join('\n') : 'There are no tokens. muster token issue <person> makes one.',
  );
}

async function revoke(store: Store, id: string, json: boolean): Promise<void> {
  const token = (await store.tokens()).find((each) => each.id === id);
  if (!token) return fail(found, `there is no token ${id}`, 'muster token list shows them.');
  if (token.revokedAt !== null) return fail(found, `the token ${id} is revoked since ${day(token.revokedAt)}`);
  await revokeToken(store, token, { actor: atTheShell(), now: Date.now() });
  print(json, { ok: true, id }, `The token ${id} (${token.name}) is revoked, and the sessions it opened are over.`);
}
