export async function openPostgres(_url: string): Promise<import('./database.js').Database> {
  throw new Error('not yet');
}
