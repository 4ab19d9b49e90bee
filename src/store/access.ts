import { setTimeout as sleep } from 'node:timers/promises';
import { and, desc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm/sql';
import type { Access, AccessWrite, How, Token } from './access-port.js';
import { systemPosition } from './checkpoint.js';
import { commitStatements, systemStream } from './commit.js';
import type { Database, Statement } from './database.js';
import { type Change, ConflictError } from './port.js';
import { db, type Given, insert, pick, query } from './query.js';
import { links, pageLinks, people, sessions, timeline, tokens } from './schema.js';
import { fromJson, storable } from './storable.js';

const startSession = insert(sessions);
const seeSession = query(({ digest, at }: Given<{ digest: string; at: number }>) =>
  db.update(sessions).set({ seen_at: at }).where(eq(sessions.digest, digest)),
);
const endSession = query(({ digest }: Given<{ digest: string }>) =>
  db.delete(sessions).where(eq(sessions.digest, digest)),
);
const endSessionsOf = query(({ personId }: Given<{ personId: string }>) =>
  db.delete(sessions).where(eq(sessions.person_id, personId)),
);
const endLinksOf = query(({ personId }: Given<{ personId: string }>) =>
  db.delete(links).where(eq(links.person_id, personId)),
);
const endSessionsBy = query(({ tokenId }: Given<{ tokenId: string }>) =>
  db.delete(sessions).where(eq(sessions.token_id, tokenId)),
);
const endLinked = query(({ personId }: Given<{ personId: string }>) =>
  db.delete(sessions).where(and(eq(sessions.person_id, personId), eq(sessions.how, 'link'))),
);
const forgetSessions = query(({ startedBefore, seenBefore }: Given<{ startedBefore: number; seenBefore: number }>) =>
  db.delete(sessions).where(or(lte(sessions.started_at, startedBefore), lte(sessions.seen_at, seenBefore))),
);
const issueToken = insert(tokens);
const revokeToken = query(({ id, at }: Given<{ id: string; at: number }>) =>
  db
    .update(tokens)
    .set({ revoked_at: at })
    .where(and(eq(tokens.id, id), isNull(tokens.revoked_at))),
);
const revokeTokensOf = query(({ personId, at }: Given<{ personId: string; at: number }>) =>
  db
    .update(tokens)
    .set({ revoked_at: at })
    .where(and(eq(tokens.person_id, personId), isNull(tokens.revoked_at))),
);
const makeLink = insert(links);
const useLink = query(({ digest, now }: Given<{ digest: string; now: number }>) =>
  db.delete(links).where(and(eq(links.digest, digest), gt(links.expires_at, now))),
);
const forgetLinks = query(({ expiredBefore }: Given<{ expiredBefore: number }>) =>
  db.delete(links).where(lte(links.expires_at, expiredBefore)),
);
const makePageLink = insert(pageLinks);
const forgetPageLinks = query(({ expiredBefore }: Given<{ expiredBefore: number }>) =>
  db.delete(pageLinks).where(lte(pageLinks.expires_at, expiredBefore)),
);
const endPageLinksOf = query(({ personId }: Given<{ personId: string }>) =>
  db.delete(pageLinks).where(eq(pageLinks.person_id, personId)),
);
const setGone = query(({ personId, at }: Given<{ personId: string; at: number | null }>) =>
  db.update(people).set({ gone_at: at }).where(eq(people.person_id, personId)),
);

const aSession = query(({ digest }: Given<{ digest: string }>) =>
  db
    .select({
      ...pick(sessions, 'person_id', 'how', 'token_id', 'started_at', 'seen_at'),
      ...pick(people, 'name', 'gone_at'),
      token_expires_at: sql<number | null>`${tokens.expires_at}`.as('token_expires_at'),
    })
    .from(sessions)
    .innerJoin(people, eq(people.person_id, sessions.person_id))
    .leftJoin(tokens, eq(tokens.id, sessions.token_id))
    .where(eq(sessions.digest, digest)),
);
const theirSessions = query(({ personId }: Given<{ personId: string }>) =>
  db
    .select(pick(sessions, 'how', 'started_at', 'seen_at'))
    .from(sessions)
    .where(eq(sessions.person_id, personId))
    .orderBy(desc(sessions.seen_at)),
);
const tokenColumns = pick(tokens, 'id', 'person_id', 'name', 'act_as', 'issued_at', 'expires_at', 'revoked_at');
const aToken = query(({ digest }: Given<{ digest: string }>) =>
  db
    .select({ ...tokenColumns, person_name: sql<string>`${people.name}`.as('person_name'), gone_at: people.gone_at })
    .from(tokens)
    .innerJoin(people, eq(people.person_id, tokens.person_id))
    .where(eq(tokens.digest, digest)),
);
const allTokens = query(() => db.select(tokenColumns).from(tokens).orderBy(desc(tokens.issued_at), tokens.id));
const aLink = query(({ digest }: Given<{ digest: string }>) =>
  db
    .select({ ...pick(links, 'person_id', 'leads_to', 'expires_at'), ...pick(people, 'name', 'gone_at') })
    .from(links)
    .innerJoin(people, eq(people.person_id, links.person_id))
    .where(eq(links.digest, digest)),
);
const aPageLink = query(({ digest }: Given<{ digest: string }>) =>
  db
    .select({ ...pick(pageLinks, 'person_id', 'incident_id', 'expires_at'), ...pick(people, 'name', 'gone_at') })
    .from(pageLinks)
    .innerJoin(people, eq(people.person_id, pageLinks.person_id))
    .where(eq(pageLinks.digest, digest)),
);
const systemPage = query(({ after, limit }: Given<{ after: number; limit: number }>) =>
  db
    .select(pick(timeline, 'seq', 'type', 'at', 'recorded_at', 'actor', 'body'))
    .from(timeline)
    .where(and(eq(timeline.stream, systemStream), gt(timeline.seq, after)))
    .orderBy(timeline.seq)
    .limit(limit),
);

const triesAtMost = 20;
const waitAtMostMs = 50;

function statementsOf(write: AccessWrite): Statement[] {
  if ('startSession' in write) {
    const { digest, personId, how, tokenId, startedAt } = write.startSession;
    const at = { started_at: startedAt, seen_at: startedAt };
    return [startSession({ digest, person_id: personId, how, token_id: tokenId, ...at })];
  }
  if ('seeSession' in write) return [seeSession(write.seeSession)];
  if ('endSession' in write) return [endSession({ digest: write.endSession })];
  if ('endSessionsOf' in write) {
    const personId = write.endSessionsOf;
    return [endSessionsOf({ personId }), endLinksOf({ personId }), endPageLinksOf({ personId })];
  }
  if ('endSessionsBy' in write) return [endSessionsBy(write.endSessionsBy)];
  if ('endLinkedOf' in write) {
    const personId = write.endLinkedOf;
    return [endLinked({ personId }), endLinksOf({ personId })];
  }
  if ('forgetSessions' in write) return [forgetSessions(write.forgetSessions)];
  if ('issueToken' in write) {
    const { id, digest, personId, name, actAs, issuedAt, expiresAt } = write.issueToken;
    const row = { id, digest, person_id: personId, name: storable(name), act_as: actAs ? 1 : 0 };
    return [issueToken({ ...row, issued_at: issuedAt, expires_at: expiresAt, revoked_at: null })];
  }
  if ('revokeToken' in write) return [{ ...revokeToken(write.revokeToken), one: true, stream: 'token' }];
  if ('revokeTokensOf' in write) return [revokeTokensOf(write.revokeTokensOf)];
  if ('makeLink' in write) {
    const { digest, personId, leadsTo, expiresAt } = write.makeLink;
    return [makeLink({ digest, person_id: personId, leads_to: storable(leadsTo), expires_at: expiresAt })];
  }
  if ('useLink' in write) return [{ ...useLink(write.useLink), one: true, stream: 'link' }];
  if ('forgetLinks' in write) return [forgetLinks(write.forgetLinks), forgetPageLinks(write.forgetLinks)];
  if ('makePageLink' in write) {
    const { digest, personId, incidentId, expiresAt } = write.makePageLink;
    return [makePageLink({ digest, person_id: personId, incident_id: incidentId, expires_at: expiresAt })];
  }
  return [{ ...setGone(write.setGone), one: true, stream: 'person' }];
}

const asToken = (row: Omit<typeof tokens.$inferSelect, 'digest'>): Token => ({
  id: row.id,
  personId: row.person_id,
  name: row.name,
  actAs: row.act_as === 1,
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

export function accessOf(database: Database): Access {
  let last: Promise<unknown> = Promise.resolve();

  async function atTheEnd(statements: Statement[], said: Pick<Change, 'events' | 'jobs'>): Promise<void> {
    for (let tries = 1; ; tries++) {
      const stream = await systemPosition(database);
      try {
        await database.write([...statements, ...commitStatements([{ ...said, stream, incident: null }])]);
        return;
      } catch (error) {
        const again = error instanceof ConflictError && error.streams.every((name) => name === systemStream);
        if (!again || tries === triesAtMost) throw error;
        await sleep(Math.random() * waitAtMostMs);
      }
    }
  }

  return {
    async access(writes, events = [], jobs = []) {
      const statements = writes.flatMap(statementsOf);
      if (events.length === 0 && jobs.length === 0) return void (await database.write(statements));
      // One after the other, so that those of one process are not in each other's way.
      const mine = last.then(() => atTheEnd(statements, { events: [...events], jobs: [...jobs] }));
      last = mine.catch(() => undefined);
      return mine;
    },
    async session(digest) {
      const [row] = await database.read(aSession({ digest }));
      if (!row) return null;
      const { person_id: personId, name, gone_at: goneAt, token_id: tokenId } = row;
      const how = row.how as How;
      const { started_at: startedAt, seen_at: seenAt, token_expires_at: tokenExpiresAt } = row;
      return { personId, name, goneAt, how, tokenId, tokenExpiresAt, startedAt, seenAt };
    },
    async sessionsOf(personId) {
      const rows = await database.read(theirSessions({ personId }));
      return rows.map(({ how, started_at, seen_at }) => ({ how: how as How, startedAt: started_at, seenAt: seen_at }));
    },
    async token(digest) {
      const [row] = await database.read(aToken({ digest }));
      return row ? { ...asToken(row), personName: row.person_name, goneAt: row.gone_at } : null;
    },
    tokens: async () => (await database.read(allTokens())).map(asToken),
    async link(digest) {
      const [row] = await database.read(aLink({ digest }));
      if (!row) return null;
      const { person_id: personId, leads_to: leadsTo, expires_at: expiresAt, name, gone_at: goneAt } = row;
      return { personId, leadsTo, expiresAt, name, goneAt };
    },
    async pageLink(digest) {
      const [row] = await database.read(aPageLink({ digest }));
      if (!row) return null;
      const { person_id: personId, incident_id: incidentId, expires_at: expiresAt, name, gone_at: goneAt } = row;
      return { personId, incidentId, expiresAt, name, goneAt };
    },
    async systemEvents(after, limit) {
      const rows = await database.read(systemPage({ after, limit }));
      return rows.map(({ seq, type, at, recorded_at: recordedAt, actor, body }) => ({
        seq,
        type,
        at,
        recordedAt,
        actor: fromJson(actor),
        body: body === null ? null : fromJson(body),
      }));
    },
  };
}
