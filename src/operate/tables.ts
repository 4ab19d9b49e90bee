import type Sqlite from 'better-sqlite3';

export interface Table {
  name: string;
  columns: { name: string; text: boolean }[];
}

/** What each database keeps of its own making, and must not get from another. */
const own = new Set(['migrations', 'meta']);

/** The tables of a SQLite file that hold something to be kept, whatever refers to another after that other. */
export function tablesOf(database: Sqlite.Database): Table[] {
  const names = (
    database
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
      .pluck()
      .all() as string[]
  ).filter((name) => !own.has(name));
  const ordered: string[] = [];
  const visit = (name: string): void => {
    if (ordered.includes(name)) return;
    for (const { table } of database.pragma(`foreign_key_list(${name})`) as { table: string }[])
      if (table !== name) visit(table);
    ordered.push(name);
  };
  names.forEach(visit);
  return ordered.map((name) => ({
    name,
    columns: (database.pragma(`table_info(${name})`) as { name: string; type: string }[]).map((column) => ({
      name: column.name,
      text: column.type.toUpperCase() === 'TEXT',
    })),
  }));
}

export const listed = (columns: Table['columns']): string => columns.map(({ name }) => `"${name}"`).join(', ');
