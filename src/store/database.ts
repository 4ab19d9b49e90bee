export type Value = string | number | null;

/** SQL text for both databases. Placeholders are `?`; each database prepares it once. */
export interface Compiled {
  readonly text: string;
  /** Of an insert: the same for many rows at once, with one array per column, and the places of the primary key. */
  readonly many?: { text: string; key: readonly number[] };
}

export interface Statement<R = unknown> {
  query: Compiled;
  values: Value[];
  /** Exactly one row must be affected, else the whole transaction is undone with a ConflictError. */
  one?: true;
  /** Whom the ConflictError names. */
  stream?: string;
  /** Never there: what a row that it returns looks like. */
  row?: R;
}

/** What a statement did: the rows it returned, and how many it affected. */
export interface Result<R = unknown> {
  rows: R[];
  count: number;
}
export type Results<S extends readonly Statement[]> = {
  [K in keyof S]: S[K] extends Statement<infer R> ? Result<R> : never;
};

/** `migrate`: whoever serves. `asIs`: writes, into a database that must be up to date. `read`: changes nothing at all. */
export type OpenMode = 'migrate' | 'asIs' | 'read';

/** A database, as the store needs it. Nothing is computed inside a transaction, so a transaction is a list. */
export interface Database {
  /**
   * All statements in one durable transaction, in order, or none. @throws ConflictError when a primary or unique key
   * is taken, or an expectation of a statement fails.
   */
  write<const S extends readonly Statement[]>(statements: S): Promise<Results<S>>;
  read<R>(statement: Statement<R>): Promise<R[]>;
  /** One question for many keys: statements of one query, whose values are all text. Answers in their order. */
  readEach<R>(statements: readonly Statement<R>[]): Promise<R[][]>;
  size(): Promise<{ sizeBytes: number; logBytes: number | null }>;
  damage(): Promise<string[]>;
  clock(): Promise<number | null>;
  /** As `Store.forget`. */
  forget(): Promise<boolean>;
  /** True when other processes may write too. */
  readonly shared: boolean;
  close(): Promise<void>;
}
