import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { fold } from '../incident/evolve.js';
import { openStore } from '../store/open.js';
import { figuresOf } from './figures.js';
import { chatPart, ledgerPart, type Manifest } from './manifest.js';

export interface Check {
  what: string;
  ok: boolean;
  says: string;
}

/** Looks at an unpacked archive as a database: is it whole, and is it what the manifest says? Brings its tables up to date. */
export async function examine(folder: string, manifest: Manifest): Promise<Check[]> {
  const ledger = join(folder, ledgerPart);
  const chat = join(folder, chatPart);
  const { parts, heads, figures } = manifest;
  const checks: Check[] = [
    { what: 'checksums', ok: true, says: `${parts.length} parts, ${sum(parts.map(({ bytes }) => bytes))} bytes` },
    integrity('ledger file', ledger),
    integrity('web chat file', chat),
  ];
  if (checks.some(({ ok }) => !ok)) return checks;
  const found = await figuresOf(ledger, chat);
  checks.push(
    equal('stream heads', found.heads, heads, `${heads.streams} streams, ${heads.digest.slice(0, 12)}…`),
    equal(
      'counts',
      found.figures,
      figures,
      `${figures.incidents} incidents, ${figures.events} events, ${figures.alerts} alerts, ${figures.people} people, ${figures.waitingJobs} waiting jobs`,
    ),
  );
  const store = await openStore({ kind: 'sqlite', file: ledger }, { fold });
  try {
    const { ok, events, streams, redacted, problems } = await store.verify();
    const first = problems[0];
    checks.push({
      what: 'chain, rows and folds',
      ok,
      says: ok
        ? `${events} events in ${streams} streams, ${redacted} redacted, whole`
        : `${problems.length} problems; ${first?.stream}${first?.seq == null ? '' : ` seq ${first.seq}`}: ${first?.what}`,
    });
  } finally {
    await store.close();
  }
  return checks;
}

function integrity(what: string, file: string): Check {
  try {
    const database = new Sqlite(file, { readonly: true, fileMustExist: true });
    try {
      const said = database.pragma('integrity_check(3)', { simple: true }) as string;
      const astray = (database.pragma('foreign_key_check') as unknown[]).length;
      if (said !== 'ok') return { what, ok: false, says: said };
      return { what, ok: astray === 0, says: astray === 0 ? 'sound' : `${astray} rows refer to nothing` };
    } finally {
      database.close();
    }
  } catch (error) {
    return { what, ok: false, says: error instanceof Error ? error.message : String(error) };
  }
}

function equal(what: string, found: object, said: object, words: string): Check {
  const differ = Object.entries(said).filter(
    ([key, value]) => JSON.stringify((found as Record<string, unknown>)[key]) !== JSON.stringify(value),
  );
  if (differ.length === 0) return { what, ok: true, says: words };
  return { what, ok: false, says: `not what the manifest says: ${differ.map(([key]) => key).join(', ')}` };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
